"""One site for My Assets: its settings, people, groups, Assets, and the alarms raised."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

from app.instances.reference import InstanceReference
from app.inventory import AssetObject, AttributeType
from app.my_assets.desk import MyAssetsDesk
from app.my_assets.query import Query
from app.my_assets.who import SiteUser
from app.site import Account
from app.site_settings.documents import Requests, Visibility
from app.words import AccountId, Generation, InstanceId, Json
from tests.stand_ins.assets import AssetsShelf, account

ADA = AccountId("557058:ada")
BOB = AccountId("557058:bob")
Given = ParamSpec("Given")
Found = TypeVar("Found")


class AtOnce(Executor):
    """A pool that does the work when it is given, so that a test decides the order."""

    def submit(
        self, fn: Callable[Given, Found], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Found]:
        done: Future[Found] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as failure:  # noqa: BLE001 - handed on, as a pool does
            done.set_exception(failure)
        return done


@dataclass
class Directory:
    """The People port. `fails` makes the named look-up raise."""

    users: dict[str, SiteUser] = field(default_factory=dict)
    memberships: dict[str, set[str]] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    accounts: list[Account] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def user(self, account_id: AccountId) -> SiteUser | None:
        self._called("user")
        return self.users.get(account_id)

    def found_by(self, words: str) -> tuple[Account, ...]:
        """As fuzzy as Jira: the beginning of an address or a name, fifty at most."""
        self._called("found_by")
        begins = words.lower()
        return tuple(
            one
            for one in (*self.accounts, *self._accounts_of_users())
            if (one.email or "").lower().startswith(begins)
            or one.display_name.lower().startswith(begins)
        )[:50]

    def groups_of(self, account_id: AccountId) -> frozenset[str]:
        self._called("groups_of")
        return frozenset(self.memberships.get(account_id, ()))

    def known_groups(self, group_ids: Collection[str]) -> frozenset[str]:
        self._called("known_groups")
        return frozenset(group_ids) & self.groups

    def _accounts_of_users(self) -> list[Account]:
        """Those that no test made an account for: the name is what follows the colon."""
        made = {one.id for one in self.accounts}
        return [
            Account(AccountId(key), key.partition(":")[2], one.email, True, one.account_type)
            for key, one in self.users.items()
            if key not in made
        ]

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if name in self.fails:
            raise self.fails[name]


@dataclass
class HelpDesk:
    """The ServiceDesk port: what was raised, or the error it is told to raise."""

    raised: list[tuple[str, str, str, Json]] = field(default_factory=list)
    fails_with: Exception | None = None

    def raise_request(
        self,
        service_desk_id: str,
        request_type_id: str,
        on_behalf_of: AccountId,
        values: Mapping[str, object],
    ) -> str:
        if self.fails_with:
            raise self.fails_with
        self.raised.append((service_desk_id, request_type_id, on_behalf_of, dict(values)))
        return f"HELP-{len(self.raised)}"


class MyAssetsSite:
    """Ports and desk of one instance, with people and devices as the import makes them."""

    def __init__(self, name: str = "one") -> None:
        self.instance = InstanceReference(
            InstanceId(name), "connect", "installed", Generation(f"{name}-1")
        )
        self.shelf = AssetsShelf()
        self.directory = Directory()
        self.saved = Visibility()
        self.connected = True
        self.alarms: list[tuple[str, str]] = []
        self.chosen: Requests | None = None
        self.help = HelpDesk()
        self.now = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
        self._build()
        self.import_schema: str | None = self.schema
        self.schema_look_ups = 0
        self.schema_fails: Exception | None = None
        self.desk = MyAssetsDesk(self, self, self, AtOnce(), lambda: self.now)

    def _build(self) -> None:
        shelf = self.shelf
        self.schema = shelf.add_schema("ENTRA")
        self.person_type = shelf.add_type(self.schema, "Person")
        for name in ("Entra ID", "Name", "Email"):
            shelf.add_attribute(self.person_type, name)
        shelf.add_attribute(self.person_type, "Jira account", AttributeType.USER)
        self.device_type = shelf.add_type(self.schema, "Device")
        shelf.add_attribute(self.device_type, "Serial number")
        shelf.add_attribute(
            self.device_type, "Assigned To", AttributeType.REFERENCE, points_to=self.person_type
        )
        self.stock = shelf.add_schema("STOCK")
        self.phone_type = shelf.add_type(self.stock, "Phone")
        shelf.add_attribute(self.phone_type, "Owner", AttributeType.USER)
        shelf.add_attribute(self.phone_type, "Model")

    # What a test says.

    def person(self, entra_id: str, email: str = "", linked_to: str = "") -> AssetObject:
        values: dict[str, object] = {"Entra_ID": entra_id}
        if email:
            values["Email"] = email
        if linked_to:
            values["Jira_account"] = account(linked_to)
        return self.shelf.add(self.person_type, f"Person {entra_id}", **values)  # type: ignore[arg-type]

    def device(self, label: str, of: AssetObject | None = None, serial: str = "S1") -> AssetObject:
        values: dict[str, object] = {"Serial_number": serial}
        if of:
            values["Assigned_To"] = self.shelf.to(of)
        return self.shelf.add(self.device_type, label, **values)  # type: ignore[arg-type]

    def phone(self, label: str, owner: str, name: str = "Somebody") -> AssetObject:
        return self.shelf.add(self.phone_type, label, Owner=account(owner, name), Model="X")

    def save(self, **parts: object) -> None:
        self.saved = Visibility.model_validate(parts, strict=False)

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def page(self, caller: AccountId = ADA, **args: str) -> Json:
        query = Query.parse({name: [value] for name, value in args.items()})
        return self.desk.page(self.instance, caller, query)

    def labels(self, caller: AccountId = ADA, **args: str) -> list[str]:
        return [one["label"] for one in self.page(caller, **args)["assets"]]

    # The ports.

    def visibility(self, instance: InstanceReference) -> Visibility:
        return self.saved

    def assets_access(self, instance: InstanceReference) -> object | None:
        return object() if self.connected else None

    def requests(self, instance: InstanceReference) -> Requests | None:
        return self.chosen

    def workspace_id(self, instance: InstanceReference) -> str:
        return "workspace-1"

    def service_desk(self, instance: InstanceReference) -> HelpDesk:
        return self.help

    def people(self, instance: InstanceReference) -> Directory:
        return self.directory

    def assets(self, instance: InstanceReference) -> AssetsShelf:
        return self.shelf

    def person_schema(self, instance: InstanceReference) -> str | None:
        self.schema_look_ups += 1
        if self.schema_fails:
            raise self.schema_fails
        return self.import_schema

    def raise_(self, name: str, instance_id: InstanceId) -> None:
        self.alarms.append((name, instance_id))
