"""What the settings need from outside: the vault's shelf, the site, Assets, Entra, an import.

Each is as narrow as its use here. All service methods raise the tree of app.errors:
CredentialRefused, NotAllowed, NotThere, SlowDown, ServiceFailed and its kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from app.errors import NotThere
from app.instances.reference import InstanceReference
from app.inventory import Attribute, ObjectType, Schema, Usage
from app.site import Account, Group, RequestField, RequestType, ServiceDesk
from app.site_settings.clouds import CloudAddresses
from app.site_settings.documents import AssetsAccess, Cloud, Document, PartName
from app.words import Clock, Secret

NOTHING: Final[Mapping[str, str | None]] = MappingProxyType({})


class Shelf(Protocol):
    """The sealed documents of one instance."""

    def open(self, document: str) -> Secret | None:
        """None: not set. Raises SettingsUnreadable: set, but it does not open."""
        ...

    def is_set(self, document: str) -> bool: ...

    def versions(self) -> Mapping[str, str]: ...

    def save(
        self,
        documents: Mapping[str, Secret],
        expected: Mapping[str, str | None] | None = None,
        beside: Mapping[str, str | None] = NOTHING,
    ) -> object:
        """All of them or none, and `beside` them what changes of the instance reference (None:
        what goes). Raises Clash if a version is no longer the expected one."""
        ...

    def forget(
        self, documents: tuple[str, ...], beside: Mapping[str, str | None] = NOTHING
    ) -> object: ...

    def prepare(self, documents: tuple[str, ...]) -> object:
        """Open these side by side, so that each `open` that follows makes no call."""
        ...

    def damaged(self, documents: Collection[str]) -> frozenset[str]:
        """Those of these that are set and no longer lie in the site as they were written."""
        ...

    def reseal(self) -> object:
        """Seal under the Encryption String in force what this role may open."""
        ...


class AppSite(Protocol):
    """The site, asked with the app's own credential."""

    def find_groups(self, query: str) -> tuple[Group, ...]: ...


class AccountSite(Protocol):
    """The site, asked with the account of `assets-access`."""

    def myself(self) -> Account: ...
    def administers(self) -> bool: ...
    def workspace_id(self) -> str | None: ...
    def groups_by_id(self, ids: Iterable[str]) -> tuple[Group, ...]: ...
    def service_desks(self) -> tuple[ServiceDesk, ...]: ...
    def request_types(self, service_desk_id: str) -> tuple[RequestType, ...]: ...
    def request_fields(self, service_desk_id: str, type_id: str) -> tuple[RequestField, ...]: ...


class Assets(Protocol):
    """The site's Assets workspace, asked with the account of `assets-access`."""

    def schemas(self) -> list[Schema]: ...
    def object_types(self, schema_id: str) -> list[ObjectType]: ...
    def attributes(self, object_type_id: str) -> list[Attribute]: ...
    def usage(self) -> Usage: ...


class EntraAnswer(Protocol):
    @property
    def roles(self) -> frozenset[str]: ...


class Login(Protocol):
    """Entra ID's token address. Raises CredentialRefused with Entra's code and error."""

    def token(self, tenant_id: str, client_id: str, secret: Secret, scope: str) -> EntraAnswer: ...


class FoundImport(Protocol):
    """The import a container token belongs to. `status` is Assets' word: IDLE, DISABLED, …"""

    @property
    def workspace_id(self) -> str: ...
    @property
    def import_source_id(self) -> str: ...
    @property
    def status(self) -> str: ...


class ImportByToken(Protocol):
    """The import behind a container token."""

    def look(self) -> FoundImport: ...


class ImportBySource(Protocol):
    """An import named by its ids, asked as the app itself. Raises NotThere: there is none."""

    def look(self) -> FoundImport: ...


class ImportSetUp(Protocol):
    """How an import is set up in Assets, asked with the account of `assets-access`."""

    def schema_id(self, import_source_id: str) -> str: ...
    def missing_objects(self, import_source_id: str) -> frozenset[str]: ...


def _no_own_access(_: InstanceReference) -> bool:
    """For sites that give the app no token of its own for Assets."""
    return False


def _no_such_import(_: InstanceReference, __: str, ___: str) -> ImportBySource:
    raise NotThere


def _nothing_beside(_: PartName, __: Document | None) -> Mapping[str, str | None]:
    """For a process in which the reference says nothing of what a part holds."""
    return NOTHING


def _nobody_waits(_: InstanceReference, __: PartName) -> None:
    """For a process in which nothing follows from a saved part."""


@dataclass(frozen=True)
class Outside:
    """How to reach each of them for one instance. Built once, in wiring.

    `assets` and `import_set_up` take the workspace's id last, `import_by_source` the ids of
    import and workspace. `own_access` says whether the app has a token of its own for Assets on
    this site. `beside` says what of the reference changes in the write that puts a part in force,
    by the part's name and rules (None: it is forgotten). `saved` is told of each part that was
    saved or forgotten.
    """

    clock: Clock
    shelf: Callable[[InstanceReference], Shelf]
    app_site: Callable[[InstanceReference], AppSite]
    account_site: Callable[[InstanceReference, AssetsAccess], AccountSite]
    assets: Callable[[InstanceReference, AssetsAccess, str], Assets]
    cloud: Callable[[Cloud], CloudAddresses]
    login: Callable[[CloudAddresses], Login]
    import_by_token: Callable[[InstanceReference, Secret], ImportByToken]
    import_set_up: Callable[[InstanceReference, AssetsAccess, str], ImportSetUp]
    beside: Callable[[PartName, Document | None], Mapping[str, str | None]] = _nothing_beside
    saved: Callable[[InstanceReference, PartName], None] = _nobody_waits
    own_access: Callable[[InstanceReference], bool] = _no_own_access
    import_by_source: Callable[[InstanceReference, str, str], ImportBySource] = _no_such_import
