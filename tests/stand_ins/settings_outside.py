"""Stand-ins for everything the settings reach: a shelf that keeps the web's limits, and services.

They behave: the shelf counts versions and refuses stale ones, the web's shelf opens no secret.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from app.errors import Clash, SettingsUnreadable
from app.instances.reference import InstanceReference
from app.inventory import Attribute, ObjectType, Schema, Usage
from app.site import Account, Group, RequestField, RequestType, ServiceDesk
from app.site_settings.clouds import CloudAddresses
from app.site_settings.documents import AssetsAccess, Cloud, Document, ImportRules
from app.site_settings.ports import NOTHING, Outside
from app.words import AccountId, Generation, InstanceId, Secret

T = TypeVar("T")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WORKER_ONLY = frozenset({"entra-secret", "import-secret"})
INSTANCE = InstanceReference(
    InstanceId("i-1"), "connect", "installed", Generation("g-1"), base_url="https://a.example"
)


class WebMayNotOpen(AssertionError):
    """The settings asked the web's shelf for a secret that only the worker opens."""


class ShelfInMemory:
    def __init__(self, *, worker: bool = False) -> None:
        self.kept: dict[str, Secret] = {}
        self.numbers: dict[str, int] = {}
        self.broken: set[str] = set()
        self.saves = 0
        self.reseals = 0
        self.reseal_error: Exception | None = None
        self.prepared: tuple[str, ...] = ()
        self.beside: dict[str, str | None] = {}  # what of the reference changed with a save
        self._worker = worker

    def for_worker(self) -> ShelfInMemory:
        twin = ShelfInMemory(worker=True)
        twin.kept, twin.numbers, twin.broken = self.kept, self.numbers, self.broken
        return twin

    def open(self, document: str) -> Secret | None:
        if document in WORKER_ONLY and not self._worker:
            raise WebMayNotOpen(document)
        if document not in self.kept:
            return None
        if document in self.broken:
            raise SettingsUnreadable
        if document == "encryption-string":
            seen = {"given": True, "changed_at": NOW.strftime("%Y-%m-%dT%H:%M:%SZ")}
            return Secret(json.dumps(seen))
        return self.kept[document]

    def is_set(self, document: str) -> bool:
        return document in self.kept

    def versions(self) -> Mapping[str, str]:
        return {name: f"{self.numbers[name]}-abc" for name in self.kept}

    def save(
        self,
        documents: Mapping[str, Secret],
        expected: Mapping[str, str | None] | None = None,
        beside: Mapping[str, str | None] = NOTHING,
    ) -> None:
        present = self.versions()
        if expected is not None and any(expected.get(n) != present.get(n) for n in documents):
            raise Clash
        self.beside.update(beside)
        self.saves += 1
        for name, document in documents.items():
            self.kept[name] = document
            self.numbers[name] = self.numbers.get(name, 0) + 1
            self.broken.discard(name)

    def damaged(self, documents: Collection[str]) -> frozenset[str]:
        return frozenset(documents) & self.kept.keys() & self.broken

    def prepare(self, documents: tuple[str, ...]) -> None:
        self.prepared = documents

    def reseal(self) -> None:
        self.reseals += 1
        if self.reseal_error:
            raise self.reseal_error

    def forget(
        self, documents: tuple[str, ...], beside: Mapping[str, str | None] = NOTHING
    ) -> None:
        self.beside.update(beside)
        for name in documents:
            self.kept.pop(name, None)


@dataclass
class SiteInMemory:
    """Any of its answers may be an error instead: then it is raised."""

    account: Account | Exception = field(
        default_factory=lambda: Account(AccountId("a-1"), "Ada", "ada@a.example", True, "atlassian")
    )
    administrator: bool = True
    workspace: str | Exception | None = "w-1"
    groups: tuple[Group, ...] = (Group("g-1", "Staff"), Group("g-2", "Guests"))
    desks: tuple[ServiceDesk, ...] = (ServiceDesk("4", "Help", "HELP"),)
    types: tuple[RequestType, ...] = (RequestType("17", "Broken device", "4"),)
    fields: tuple[RequestField, ...] = (RequestField("customfield_10042", "Asset", False),)
    asked: list[str] = field(default_factory=list)

    def myself(self) -> Account:
        return self._told("myself", self.account)

    def administers(self) -> bool:
        return self._told("administers", self.administrator)

    def workspace_id(self) -> str | None:
        return self._told("workspace_id", self.workspace)

    def find_groups(self, query: str) -> tuple[Group, ...]:
        return tuple(g for g in self._told("find_groups", self.groups) if query in g.name)

    def groups_by_id(self, ids: Iterable[str]) -> tuple[Group, ...]:
        return tuple(g for g in self._told("groups_by_id", self.groups) if g.id in set(ids))

    def service_desks(self) -> tuple[ServiceDesk, ...]:
        return self._told("service_desks", self.desks)

    def request_types(self, service_desk_id: str) -> tuple[RequestType, ...]:
        found = self._told("request_types", self.types)
        return tuple(kind for kind in found if kind.service_desk_id == service_desk_id)

    def request_fields(self, service_desk_id: str, type_id: str) -> tuple[RequestField, ...]:
        return self._told("request_fields", self.fields)

    def _told(self, name: str, answer: T | Exception) -> T:
        self.asked.append(name)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class AssetsInMemory:
    """`closed` maps a schema id to the error its object types are answered with."""

    listed: list[Schema] | Exception = field(
        default_factory=lambda: [Schema("s-1", "Hardware", "HW"), Schema("s-2", "Finance", "FIN")]
    )
    types: list[ObjectType] = field(
        default_factory=lambda: [
            ObjectType("t-1", "Laptop", "s-1"),
            ObjectType("t-2", "Contract", "s-2"),
        ]
    )
    known: list[Attribute] = field(
        default_factory=lambda: [
            Attribute("a-1", "Owner", "t-1", 2),
            Attribute("a-2", "Model", "t-1", 0),
            Attribute("a-3", "Sum", "t-2", 0),
        ]
    )
    closed: dict[str, Exception] = field(default_factory=dict)
    hidden: dict[str, str] | Exception = field(default_factory=dict)

    def schemas(self) -> list[Schema]:
        if isinstance(self.listed, Exception):
            raise self.listed
        return self.listed

    def object_types(self, schema_id: str) -> list[ObjectType]:
        if schema_id in self.closed:
            raise self.closed[schema_id]
        return [kind for kind in self.types if kind.schema_id == schema_id]

    def usage(self) -> Usage:
        if isinstance(self.hidden, Exception):
            raise self.hidden
        names = {schema.id: schema.name for schema in self.schemas()} | self.hidden
        return Usage(0, dict.fromkeys(names, 0), names)

    def attributes(self, object_type_id: str) -> list[Attribute]:
        return [each for each in self.known if each.object_type_id == object_type_id]


@dataclass(frozen=True)
class TokenSeen:
    roles: frozenset[str]


@dataclass
class LoginInMemory:
    """Remembers what it was asked with; answers with roles or raises."""

    roles: frozenset[str] = frozenset({"User.Read.All", "GroupMember.Read.All", "Device.Read.All"})
    error: Exception | None = None
    asked: list[tuple[str, str, str, bytes, str]] = field(default_factory=list, repr=False)
    address: CloudAddresses | None = None

    def token(self, tenant_id: str, client_id: str, secret: Secret, scope: str) -> TokenSeen:
        login = self.address.login_url if self.address else ""
        self.asked.append((login, tenant_id, client_id, secret.reveal(), scope))
        if self.error:
            raise self.error
        return TokenSeen(self.roles)


@dataclass(frozen=True)
class ImportSeen:
    workspace_id: str = "w-1"
    import_source_id: str = "m-1"
    status: str = "IDLE"


@dataclass
class ImportInMemory:
    found: ImportSeen | Exception = field(default_factory=ImportSeen)
    choices: frozenset[str] | Exception = frozenset()
    schema: str | Exception = "s-1"
    tokens: list[bytes] = field(default_factory=list, repr=False)

    def look(self) -> ImportSeen:
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    def schema_id(self, import_source_id: str) -> str:
        if isinstance(self.schema, Exception):
            raise self.schema
        return self.schema

    def missing_objects(self, import_source_id: str) -> frozenset[str]:
        if isinstance(self.choices, Exception):
            raise self.choices
        return self.choices


class World:
    """All of it joined, as wiring would join it."""

    def __init__(self) -> None:
        self.now = NOW
        self.shelf = ShelfInMemory()
        self.site = SiteInMemory()
        self.assets = AssetsInMemory()
        self.login = LoginInMemory()
        self.imports = ImportInMemory()
        self.accounts: list[AssetsAccess] = []
        self.saved: list[str] = []
        self.own_access = False
        self.sources: list[tuple[str, str]] = []
        self.outside = Outside(
            clock=lambda: self.now,
            shelf=lambda instance: self.shelf,
            app_site=lambda instance: self.site,
            account_site=self._account_site,
            assets=lambda instance, access, workspace_id: self.assets,
            cloud=_cloud,
            login=self._login,
            import_by_token=self._import_by_token,
            import_set_up=lambda instance, access, workspace_id: self.imports,
            beside=_beside,
            saved=lambda instance, part: self.saved.append(part),
            own_access=lambda instance: self.own_access,
            import_by_source=self._import_by_source,
        )

    def _account_site(self, instance: InstanceReference, access: AssetsAccess) -> SiteInMemory:
        self.accounts.append(access)
        return self.site

    def _login(self, address: CloudAddresses) -> LoginInMemory:
        self.login.address = address
        return self.login

    def _import_by_token(self, instance: InstanceReference, token: Secret) -> ImportInMemory:
        self.imports.tokens.append(token.reveal())
        return self.imports

    def _import_by_source(
        self, instance: InstanceReference, import_source_id: str, workspace_id: str
    ) -> ImportInMemory:
        self.sources.append((import_source_id, workspace_id))
        return self.imports


def _beside(part: str, rules: Document | None) -> Mapping[str, str | None]:
    schedule = rules.schedule if isinstance(rules, ImportRules) else None
    return {"import_due_at": schedule.at if schedule else None} if part == "import" else {}


def _cloud(cloud: Cloud) -> CloudAddresses:
    return CloudAddresses(f"https://login.{cloud}.example", f"https://graph.{cloud}.example")
