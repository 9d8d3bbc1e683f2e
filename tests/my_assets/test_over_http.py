"""My Assets against a whole Assets service on loopback, which reads AQL strictly."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from app.errors import SlowDown
from app.instances.reference import InstanceReference
from app.my_assets.desk import MyAssetsDesk
from app.my_assets.query import Query
from app.my_assets.who import SiteUser
from app.outside.atlassian.assets import AssetsRest
from app.outside.credentials import Basic
from app.outside.http import HttpCaller
from app.site_settings.documents import Visibility
from app.words import AccountId, Generation, InstanceId, Json, Secret
from sandbox.assets.cloud import AssetsCloud
from sandbox.assets.model import Kind
from sandbox.http import Fault
from sandbox.site.people import People, User

ADA = AccountId("557058:ada")
KEEPER = "557058:keeper"
INSTANCE = InstanceReference(InstanceId("one"), "connect", "installed", Generation("one-1"))


class World:
    """Assets with people and devices as an import leaves them, and the ports of the desk."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.users = People()
        admins = frozenset({self.users.administrators})
        self.users.put(User(KEEPER, "Keeper", "keeper@example.com", groups=admins))
        self.users.put(User(ADA, "Ada", "ada@example.com"))
        self.cloud = AssetsCloud(self.users)
        self.cloud.start()
        self.saved = Visibility()
        self.alarms: list[str] = []
        self._build()
        token = Secret(self.users.issue_token(KEEPER))
        self.rest = AssetsRest(
            HttpCaller(),
            self.cloud.base_url,
            self.cloud.workspace_id,
            Basic("keeper@example.com", token),
        )
        self.desk = MyAssetsDesk(self, self, self, pool, lambda: datetime.now(UTC))

    def _build(self) -> None:
        space = self.cloud.workspace
        self.schema = space.add_schema("Directory", "DIR").id
        self.person = space.add_type(self.schema, "Person").id
        self.device = space.add_type(self.schema, "Device").id
        self.phone = space.add_type(space.add_schema("Stock", "STOCK").id, "Phone").id
        text, user = Kind.DEFAULT, Kind.USER
        for type_id, name, kind, more in (
            (self.person, "Entra ID", text, {}),
            (self.person, "Email", text, {"default_type": 8}),
            (self.person, "Jira account", user, {}),
            (self.device, "Assigned To", Kind.REFERENCE, {"target_type_id": self.person}),
            (self.phone, "Owner", user, {}),
        ):
            space.add_attribute(type_id, name, kind=kind, **more)

    def put(self, type_id: int, **values: str) -> int:
        space = self.cloud.workspace
        named = {name.replace("_", " "): value for name, value in values.items()}
        ids = {one.name: one.id for one in space.attributes_of(type_id)}
        return space.add_thing(type_id, {ids[name]: (text,) for name, text in named.items()}).id

    def page(self, **args: str) -> Json:
        query = Query.parse({name: [one] for name, one in args.items()})
        return self.desk.page(INSTANCE, ADA, query)

    def aql_calls(self) -> int:
        return len(self.cloud.calls_to("POST", ".*/object/aql.*"))

    # The ports.

    def visibility(self, _: InstanceReference) -> Visibility:
        return self.saved

    def assets_access(self, _: InstanceReference) -> object:
        return self

    def requests(self, _: InstanceReference) -> None:
        return None

    def people(self, _: InstanceReference) -> World:
        return self

    def assets(self, _: InstanceReference) -> AssetsRest:
        return self.rest

    def person_schema(self, _: InstanceReference) -> str:
        return str(self.schema)

    def user(self, account_id: AccountId) -> SiteUser | None:
        found = self.users.find(account_id)
        return SiteUser(found.public_email, found.account_type) if found else None

    def groups_of(self, account_id: AccountId) -> frozenset[str]:
        found = self.users.find(account_id)
        return found.groups if found else frozenset()

    def known_groups(self, group_ids: Collection[str]) -> frozenset[str]:
        return frozenset(group_ids) & self.users.groups.keys()

    def raise_(self, name: str, _: InstanceId) -> None:
        self.alarms.append(name)


@pytest.fixture
def world() -> Iterator[World]:
    with ThreadPoolExecutor(4) as pool:
        made = World(pool)
        yield made
        made.cloud.stop()


def test_devices_and_phones_of_the_viewer_and_nobody_elses(world: World) -> None:
    ada = world.put(world.person, Name="Ada", Entra_ID="e-1", Email="ADA@example.com")
    joada = world.put(world.person, Name="Joada", Entra_ID="e-2", Email="joada@example.com")
    world.put(world.device, Name="Ada's laptop", Assigned_To=str(ada))
    world.put(world.device, Name="Joada's laptop", Assigned_To=str(joada))
    world.put(world.phone, Name="Ada's phone", Owner=ADA)
    world.put(world.phone, Name="The keeper's phone", Owner=KEEPER)
    page = world.page()
    assert [one["label"] for one in page["assets"]] == ["Ada's laptop", "Ada's phone"]
    assert (page["total"], page["person"], world.alarms) == (2, "matched", [])
    linked = world.rest.object(str(ada))
    assert linked is not None
    assert ADA in [value.key for values in linked.values.values() for value in values]


def test_a_twin_by_display_name_is_dropped_with_an_alarm(world: World) -> None:
    world.users.put(User("557058:twin", ADA, "twin@example.com"))
    world.put(world.phone, Name="Ada's phone", Owner=ADA)
    world.put(world.phone, Name="The twin's phone", Owner="557058:twin")
    assert [one["label"] for one in world.page()["assets"]] == ["Ada's phone"]
    assert world.alarms == ["row_not_the_viewers"]


@pytest.mark.parametrize("as_text", [True, False])
@pytest.mark.parametrize("without_total", [True, False])
def test_two_hundred_own_assets_take_at_most_three_aql_calls(
    world: World, as_text: bool, without_total: bool
) -> None:
    world.cloud.shape.is_last_as_text = as_text
    world.cloud.shape.without_total = without_total
    world.cloud.shape.page_cap = 100
    ada = world.put(world.person, Name="Ada", Entra_ID="e-1", Jira_account=ADA)
    for number in range(200):
        world.put(world.device, Name=f"Laptop {number:03}", Assigned_To=str(ada))
    page = world.page(limit="200")
    assert [one["label"] for one in page["assets"]] == [f"Laptop {n:03}" for n in range(200)]
    assert (page["total"], page["next_cursor"]) == (200, None)
    assert world.aql_calls() == 3


def test_a_warm_page_waits_for_two_calls_and_no_more(world: World) -> None:
    world.put(world.person, Name="Ada", Entra_ID="e-1", Jira_account=ADA)
    world.page()
    world.cloud.forget_calls()
    world.page()
    assert len(world.cloud.calls) == world.aql_calls() == 2


def test_an_upstream_429_keeps_the_time_it_asked_for(world: World) -> None:
    world.put(world.phone, Name="Ada's phone", Owner=ADA)
    world.page()
    world.cloud.fail_next("POST", ".*/object/aql.*", Fault.too_many("7"))
    with pytest.raises(SlowDown) as refused:
        world.page()
    assert refused.value.retry_after == 7
    assert world.page()["total"] == 1
