"""What Microsoft Graph tells of changes: the port to it, and the two ways in which it says no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from app.errors import ServiceFailed
from app.imports.kinds.records import DeviceRow, GroupRow, PersonRow, RowPage
from app.imports.kinds.table import KindName
from app.imports.run.ports import Directory

# A record as Graph wrote it. What it does not name is not known: absent is not null.
Record = Mapping[str, Any]
ROWS: Final[Mapping[KindName, type[PersonRow | GroupRow | DeviceRow]]] = {
    "group": GroupRow,
    "person": PersonRow,
    "device": DeviceRow,
}
FED: Final = tuple(ROWS)  # the kinds that Graph tells changes of
RECORDS: Final = 50  # ids that one question for records may name (facts, 3.6)


class LinkExpired(ServiceFailed):
    """The link tells no changes any more: too old, or the service lost its place."""

    retryable = False


class NoFeed(ServiceFailed):
    """Graph does not tell changes of this kind, or not of single objects."""

    retryable = False


class Feed(Protocol):
    """One call a method. Each record has an id, and its values are of the types of its row.

    Raises as Directory does.
    """

    def latest(self, kind: KindName, select: Sequence[str], link: str | None) -> RowPage[Record]:
        """Pages to a link that tells what changes from now on. Raises NoFeed."""
        ...

    def changes(self, kind: KindName, link: str) -> RowPage[Record]:
        """What changed since the link was made; or a further page of it. Raises LinkExpired."""
        ...

    def records(
        self, kind: KindName, ids: Sequence[str], select: Sequence[str], link: str | None
    ) -> RowPage[Record]:
        """The present state of at most 50 objects. Raises NoFeed.

        Others may come with them; one that is gone comes as removed, or not at all.
        """
        ...


class FedDirectory(Directory, Protocol):
    """A directory that tells its changes, too."""

    @property
    def feed(self) -> Feed: ...
