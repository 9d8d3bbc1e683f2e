"""Reads Entra ID page by page into the plan, and hands on what has to be sent.

A read that breaks off is no read: nothing is concluded from it.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.imports.assets.sending import Sender
from app.imports.entra.applications import read_applications
from app.imports.entra.beginning import OF_PEOPLE
from app.imports.entra.devices import DeviceReader, read_intune
from app.imports.entra.groups import GroupReader
from app.imports.entra.intake import Intake
from app.imports.entra.narrowing import Scope
from app.imports.entra.people import PeopleReader
from app.imports.kinds.table import BY_NAME, GROUP, KindName
from app.imports.planning.losses import FEW
from app.imports.planning.memberships import Memberships
from app.imports.run.additions import EMPTY_FOR_ALL, NO_MEMBER, NOTHING_CAME
from app.imports.run.patience import RunEnds, Steps
from app.imports.run.ports import Directory
from app.imports.run.work import Scene, Work

Found = Mapping[KindName, int]


class DirectoryReader:
    """One read, of everything or of what changed. `sender` is None for a preview."""

    def __init__(self, work: Work, scene: Scene, sender: Sender | None) -> None:
        self._work = work
        self._changing = scene.changing
        self._plan = scene.plan
        self._asked = scene.ground.asked
        self._intake = Intake(work, scene, sender)
        filled = work.rules.memberships if GROUP in self._asked else ()
        if not scene.memberships:
            scene.memberships = Memberships(dict.fromkeys(filled))
        self._memberships = scene.memberships

    def read(self, directory: Directory, scope: Scope) -> Steps[None]:
        """Everything asked for. Raises RunEnds, `empty_source` too."""
        if self._intake.asks("group"):
            groups = GroupReader(self._intake, directory, self._memberships)
            self._check((yield from groups.read()))
        if any(self._intake.asks(each) for each in OF_PEOPLE):
            reader = PeopleReader(self._intake, directory, self._memberships, scope)
            self._check((yield from reader.read()))
        if self._intake.asks("device"):
            self._check((yield from self._devices(directory)))
        if self._intake.asks("application"):
            self._check((yield from read_applications(self._intake, directory)))
        for shape, reading in self._plan.settle():
            yield from self._intake.send(shape, reading, changed=True)
        self._work.report.counts(self._plan.counts)
        self._check_lost()

    def _devices(self, directory: Directory) -> Steps[Found]:
        intune = None
        if self._work.rules.objects.managed_devices:
            intune = yield from read_intune(self._intake, directory)
        return (yield from DeviceReader(self._intake, directory, intune).read())

    def _check(self, found: Found) -> None:
        """An empty answer is not believed where Assets knows several."""
        for kind, count in found.items():
            if not count and kind not in self._changing and len(self._plan.tables[kind]) >= FEW:
                more = NOTHING_CAME(type=BY_NAME[kind].type_name)
                raise RunEnds("empty_source", more=more)

    def _check_lost(self) -> None:
        """A permission that is gone, or a list cut short, looks as if all had been emptied."""
        plan = self._plan
        for kind in (each for each in self._asked if each.name not in self._changing):
            if names := plan.losses.emptied(kind.name, plan.tables[kind.name]):
                more = EMPTY_FOR_ALL(type=kind.type_name, attributes=tuple(names))
                raise RunEnds("empty_source", more=more)
        if "person" in self._changing:
            return
        # A group that is gone has no members, and its people brake the run as unassigned.
        if self._memberships.empty() and plan.losses.ungrouped() >= FEW and self._all_groups_came():
            raise RunEnds("empty_source", more=NO_MEMBER())

    def _all_groups_came(self) -> bool:
        return all(self._plan.seen("group", each) for each in self._work.rules.memberships)
