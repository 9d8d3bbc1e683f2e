"""What the import needs of the outside, and nothing more. `app.outside` and the wiring give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.errors import ServiceFailed
from app.imports.kinds.records import (
    ApplicationRow,
    DeviceRow,
    GroupRow,
    ManagedRow,
    PersonRow,
    Pointer,
    RowPage,
)
from app.inventory import Attribute, ImportSource, ObjectType, Page, Schema, StatusType, Usage
from app.words import Json


class StartRefused(ServiceFailed):
    """Assets starts no execution. `code`: MISSING_MAPPING, DISABLED, IN_PROGRESS, …"""

    retryable = False

    def __init__(self, code: str) -> None:
        super().__init__("Assets did not start the import.")
        self.code = code


class MappingRefused(ServiceFailed):
    """Assets does not take the mapping document. `problems` name Assets' own codes."""

    retryable = False


class SubmitRefused(ServiceFailed):
    """Assets does not take a chunk: a 4xx that trying again would not change."""

    retryable = False


class NoIntune(ServiceFailed):
    """Microsoft Graph says that Intune is nothing this tenant has."""

    retryable = False


class Directory(Protocol):
    """Microsoft Graph, one call a method. `link` is None for the first page.

    Raises CredentialRefused, NotAllowed (the permission is named in `problems`), SlowDown,
    ServiceFailed and its kinds.
    """

    def people(self, link: str | None, select: Sequence[str]) -> RowPage[PersonRow]: ...

    def groups(self, link: str | None, select: Sequence[str]) -> RowPage[GroupRow]: ...

    def members(self, group_id: str, link: str | None) -> RowPage[Pointer]:
        """The people in a group and in the groups within it. Raises NotThere: no such group."""
        ...

    def devices(self, link: str | None, select: Sequence[str]) -> RowPage[DeviceRow]: ...

    def owners(self, device_ids: Sequence[str], told: dict[str, list[Pointer]]) -> None:
        """Add the registered owners of at most 20 devices to `told`, and ask for no others.

        It may raise with some of them told: asked again, it asks for the rest.
        """
        ...

    def managed_devices(self, link: str | None, select: Sequence[str]) -> RowPage[ManagedRow]:
        """Raises NoIntune."""
        ...

    def applications(self, link: str | None, select: Sequence[str]) -> RowPage[ApplicationRow]: ...

    def deleted_people(self, link: str | None) -> RowPage[Pointer]: ...


class Assets(Protocol):
    """The Assets REST API of this site's workspace."""

    def schema(self, schema_id: str) -> Schema | None: ...

    def object_types(self, schema_id: str) -> list[ObjectType]: ...

    def attributes(self, object_type_id: str) -> list[Attribute]: ...

    def search(self, aql: str, start_at: int, limit: int) -> Page: ...

    def count(self, aql: str) -> int: ...

    def update(
        self, object_id: str, object_type_id: str, values: Mapping[str, Sequence[str]]
    ) -> None: ...

    def delete(self, object_id: str) -> None: ...

    def create_attribute(self, object_type_id: str, body: Json) -> Attribute: ...

    def status_types(self, schema_id: str) -> list[StatusType]: ...

    def import_source(self, import_source_id: str) -> ImportSource | None: ...

    def usage(self) -> Usage: ...


@dataclass(frozen=True)
class NamedImport:
    """One import in Assets, by its ids."""

    import_source_id: str
    workspace_id: str


@dataclass(frozen=True)
class ImportLinks:
    """Where the import of a container token lies. Never stored, asked anew each run."""

    workspace_id: str
    import_source_id: str
    status: str = field(repr=False)
    start: str = field(repr=False)
    mapping: str = field(repr=False)


@dataclass(frozen=True)
class ExecutionLinks:
    submit: str = field(repr=False)
    status: str = field(repr=False)
    cancel: str = field(repr=False)
    progress: str = field(repr=False, default="")


@dataclass(frozen=True)
class ConfigStatus:
    """`status`: IDLE, DISABLED, MISSING_MAPPING, RUNNING; `execution`: its status link."""

    status: str
    execution: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ExecutionStatus:
    """`state`: INGESTING, PROCESSING, DONE, CANCELLED or a word not known yet.

    `ok` holds only for a DONE execution whose result is OK and which names no error; `entries` is
    how many it says it found, `odd` how many were duplicates or had no label or identity.
    """

    state: str
    ok: bool = False
    entries: int | None = None
    odd: int = 0


class Executions(Protocol):
    """The imports API of one container token."""

    def links(self) -> ImportLinks: ...

    def config_status(self, links: ImportLinks) -> ConfigStatus: ...

    def put_mapping(self, links: ImportLinks, document: Json, *, first: bool) -> str | None:
        """Send types and mapping; `first` replaces, else it merges. Gives where to ask for its
        progress, None if it is done. Raises MappingRefused."""
        ...

    def mapping_done(self, links: ImportLinks, progress: str) -> bool:
        """Whether Assets has taken the mapping. Raises MappingRefused."""
        ...

    def start(self, links: ImportLinks) -> ExecutionLinks:
        """Raises StartRefused."""
        ...

    def submit(self, execution: ExecutionLinks, chunk: bytes) -> None:
        """Send one chunk, or the bare end. Raises TooLarge, SubmitRefused."""
        ...

    def progress(self, execution: ExecutionLinks, done: int, total: int) -> None: ...

    def status(self, status_link: str) -> ExecutionStatus: ...

    def cancel(self, cancel_link: str) -> None: ...


class HistoryStore(Protocol):
    """The sealed document `run-history` in this instance's own site storage."""

    def read(self) -> bytes | None: ...

    def write(self, content: bytes) -> None: ...


class Queue(Protocol):
    """Messages of one group come in order, one at a time; they carry ids of ours only."""

    def put(self, message: str, group: str, delay: float = 0.0) -> None: ...
