"""Reads devices with their owners, and puts over them what Intune says where it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.imports.entra.intake import Intake
from app.imports.entra.intune import Intune, laid_over
from app.imports.entra.pages import Pages
from app.imports.kinds.records import DeviceRow, ManagedRow, Pointer, RowPage, person_of
from app.imports.kinds.table import DEVICE, KindName, selected, selected_in_intune
from app.imports.run.patience import RunEnds, Steps
from app.imports.run.ports import Directory, NoIntune
from app.imports.run.work import Work

BATCH: Final = 20  # requests in one $batch (facts, 3.9)


def read_intune(intake: Intake, directory: Directory) -> Steps[Intune]:
    """All of what Intune manages: it tells no changes, so it is read whole. Raises RunEnds."""
    work, select, found = intake.work, selected_in_intune(), Intune()

    def fetch(link: str | None) -> RowPage[ManagedRow]:
        try:
            return directory.managed_devices(link, select)
        except NoIntune:
            raise RunEnds("no_intune") from None

    pages = Pages(work.patience, fetch, work.ahead)
    while (page := (yield from pages.next())) is not None:
        for row in page.value:
            found.add(row)
        intake.tell(len(page.value))
    found.close()
    return found


class DeviceReader:
    """`intune` is None where managed devices are not asked for."""

    def __init__(self, intake: Intake, directory: Directory, intune: Intune | None) -> None:
        self._intake = intake
        self._directory = directory
        self._intune = intune
        self._shape = intake.shape("device")

    def read(self) -> Steps[dict[KindName, int]]:
        """How many devices there are."""
        work, directory = self._intake.work, self._directory
        select = selected(DEVICE, *(["deviceId"] if self._intune is not None else []))
        pages = Pages(work.patience, lambda link: directory.devices(link, select), work.ahead)
        found = 0
        while (page := (yield from pages.next())) is not None:
            rows = [self._managed(row) for row in page.value]
            yield from ask_owners(work, directory, [row for row in rows if row is not None])
            for row, given in zip(rows, page.value, strict=True):
                found += row is not None and row.removed is None
                yield from self._device(row, given.id)
                if row is None:
                    self._intake.plan.watch.left_out("device", given, "not_managed")
            self._intake.tell(len(page.value))
        if self._intune is not None:
            # A managed device that Entra ID does not know has no Entra id to be known by.
            self._intake.plan.counts.skipped += self._intune.unmatched()
        return {"device": found}

    def _managed(self, row: DeviceRow) -> DeviceRow | None:
        """The device with what Intune says; None: only managed ones are asked for."""
        managed = self._intune.of(row.device_id) if self._intune is not None else None
        if managed is not None:
            return laid_over(row, managed)
        return row if self._intake.work.rules.objects.devices or row.removed else None

    def _device(self, row: DeviceRow | None, entra_id: str) -> Steps[None]:
        if row is None:
            self._intake.plan.out_of_filter("device", entra_id)
        elif row.removed is not None:
            self._intake.plan.removed("device", entra_id)
        else:
            owner = person_of(row.owners) if self._shape.single else None
            yield from self._intake.compare(self._shape, self._shape.reading(row, owner))


def ask_owners(work: Work, directory: Directory, rows: Sequence[DeviceRow]) -> Steps[None]:
    """Owners that the list left out. Not knowing an owner must never look like having none."""
    silent = [row for row in rows if row.removed is None and row.owners is None]
    for start in range(0, len(silent), BATCH):
        some = silent[start : start + BATCH]
        owners: dict[str, list[Pointer]] = {}
        yield from work.patience.call(
            "graph",
            lambda: directory.owners([row.id for row in some], owners),  # noqa: B023 - called at once
        )
        for row in some:
            row.owners = owners[row.id]
