"""What vendor personnel see of instances: the references, and nothing that opens anything.

The only way from a reference to a person's eyes. Keys, secrets and runs are not among the columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Protocol

from app.errors import NotThere
from app.instances.reference import InstanceReference, stamp
from app.kept import TOMBSTONES
from app.words import InstanceId, Json

# A closed list, like the table's own. `receipt` is a file's name here; `receipt_of` has the file.
COLUMNS: Final = (
    "instance_id", "door", "state", "generation", "base_url", "region", "installed_at", "seen_at",
    "silent_since", "uninstalled_at", "erase_due_at", "erased_at", "receipt", "purge",
)  # fmt: skip


class References(Protocol):
    """Both raise ServiceUnreachable."""

    def read(self, instance_id: InstanceId) -> InstanceReference | None: ...

    def all(self) -> Iterable[InstanceReference]: ...


def receipt_name(reference: InstanceReference) -> str:
    """The file of one life's receipt: `<instance id>-<generation>.json`."""
    return f"{reference.instance_id}-{reference.generation}.json"


def is_over(reference: InstanceReference, now: datetime) -> bool:
    """A tombstone older than its time: not shown any more, although it may still lie there."""
    oldest = stamp(now - TOMBSTONES)
    return reference.state == "erased" and (reference.erased_at or "") <= oldest


def row_of(reference: InstanceReference) -> Json:
    """One instance as vendor personnel see it: every column, null where there is nothing."""
    row: Json = {name: getattr(reference, name) for name in COLUMNS}
    row["base_url"] = reference.base_url or None
    row["receipt"] = receipt_name(reference) if reference.receipt else None
    # Who wished for it is an opaque id of the vendor's own staff; the list shows that somebody did.
    row["purge"] = dict(reference.purge) if reference.purge else None
    return row


def rows(table: References, now: datetime) -> list[Json]:
    """Every instance: those with a due date first, the earliest before the later."""
    found = [row_of(each) for each in table.all() if not is_over(each, now)]
    return sorted(found, key=_by_urgency)


def row(table: References, instance_id: str, now: datetime) -> Json:
    """One instance. Raises NotThere."""
    return row_of(reference_of(table, instance_id, now))


def receipt_of(table: References, instance_id: str, now: datetime) -> str:
    """The signed receipt of an erased instance, as its file holds it. Raises NotThere."""
    receipt = reference_of(table, instance_id, now).receipt
    if receipt is None:
        raise NotThere("Nothing was erased of this instance that could have a receipt.")
    return receipt


def overdue(reference: InstanceReference, now: datetime) -> bool:
    """Whether it should have been erased by now."""
    due = reference.erase_due_at
    return reference.state == "uninstalled" and due is not None and due < stamp(now)


def reference_of(table: References, instance_id: str, now: datetime) -> InstanceReference:
    """The reference, if it is there and its time is not over. Raises NotThere."""
    found = table.read(InstanceId(instance_id))
    if found is None or is_over(found, now):
        raise NotThere("There is no such instance.")
    return found


def _by_urgency(row: Json) -> tuple[str, str, str]:
    # "~" sorts after every time: what has no date comes last.
    return row["erase_due_at"] or "~", row["silent_since"] or "~", row["instance_id"]
