"""One object of a delta answer: its properties, its manager, its members, or that it is gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from sandbox.directory.journal import EVERYTHING, Merged
from sandbox.directory.table import Table
from sandbox.graph.delta_round import Round
from sandbox.graph.projection import Projection
from sandbox.graph.relations import typed
from sandbox.graph.resources import Resource
from sandbox.graph.stage import Stage

_GONE = {"@removed": {"reason": "deleted"}}
_BINNED = {"@removed": {"reason": "changed"}}


@dataclass(frozen=True)
class Shown:
    """An object, and how many of its members were given; `members_left` says that more follow."""

    value: dict[str, Any]
    members_given: int = 0
    members_left: bool = False


@dataclass
class Subject:
    """What a delta round is about. `relation` is empty when it was not asked for."""

    stage: Stage
    resource: Resource
    at: Round
    minimal: bool

    @cached_property
    def table(self) -> Table:
        return self.resource.rows(self.stage.directory)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(
            name
            for name in self.at.names or self.resource.defaults(self.table)
            if name != self.resource.delta_relation
        )

    @cached_property
    def relation(self) -> str:
        """Without $select, groups come with their members and people without their manager."""
        named = self.at.names
        asked = self.resource.delta_relation in named if named else self.resource.kind == "group"
        return self.resource.delta_relation if asked else ""

    @cached_property
    def projection(self) -> Projection:
        return Projection(self.table, self.names)

    def in_recycle_bin(self, object_id: str) -> bool:
        """Whether it can be restored."""
        return self.resource.kind == "user" and object_id in self.stage.directory.deleted_users


def removed(subject: Subject, object_id: str) -> dict[str, Any]:
    """An object that is gone: `changed` can come back, `deleted` cannot."""
    return {"id": object_id, **(_BINNED if subject.in_recycle_bin(object_id) else _GONE)}


def show_first(
    subject: Subject, object_id: str, member: int, merged: Merged | None = None
) -> Shown:
    """A whole object: of the first round, or one that was added or came back since."""
    value = subject.projection.changed(object_id)
    fields = merged.fields if merged is not None else set()
    if subject.relation == "manager":
        value |= _manager(subject, object_id, changed="manager" in fields)
    if subject.relation == "members":
        members = subject.stage.directory.members.get(object_id, {})
        known = merged.members if merged is not None else {}
        return _with_members(subject, value, members, member, known)
    return Shown(value)


def show_changed(subject: Subject, merged: Merged, member: int) -> Shown:
    """An object of a later round."""
    if merged.fields >= EVERYTHING:
        return show_first(subject, merged.object_id, member, merged)
    only = frozenset(merged.fields) if subject.minimal else None
    value = subject.projection.changed(merged.object_id, only)
    if subject.relation == "manager" and "manager" in merged.fields:
        value |= _manager(subject, merged.object_id, changed=True)
    if subject.relation == "members" and merged.members:
        return _with_members(subject, value, merged.members, member, merged.members)
    return Shown(value)


def _manager(subject: Subject, person: str, *, changed: bool) -> dict[str, Any]:
    """The form of a removed manager is not confirmed by Microsoft's text: as for members."""
    directory = subject.stage.directory
    manager = directory.manager_of(person)
    if manager is not None:
        return {"manager@delta": [typed("user", manager)]}
    former = directory.former_managers.get(person) or directory.managers.get(person)
    if not changed or former is None:
        return {}
    return {"manager@delta": [typed("user", former) | _GONE]}


def _with_members(
    subject: Subject,
    value: dict[str, Any],
    members: Mapping[str, bool],
    start: int,
    known: Mapping[str, bool],
) -> Shown:
    """A piece of the members. One who left is told only to those who may have known them."""
    end = start + subject.stage.behaviour.members_per_page
    piece = islice(members.items(), start, end)
    part = [_member(subject, one, joined) for one, joined in piece if joined or one in known]
    if part:
        value["members@delta"] = part
    return Shown(value, end, end < len(members))


def _member(subject: Subject, object_id: str, joined: bool) -> dict[str, Any]:
    table = subject.stage.directory.table_of(object_id)
    reference = typed(table.kind if table is not None else "user", object_id)
    return reference if joined else reference | _GONE
