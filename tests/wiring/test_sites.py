"""Each client asks the right address with the right credential, and none after the site is gone."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import jwt
import pytest

from app.errors import NotConfigured, ServiceFailed, SettingsUnreadable, SiteTokenMissing
from app.instances.table import Change
from app.outside.http import Answer
from app.site_settings.documents import OWN_ACCESS, AssetsAccess
from app.words import AccountId, Secret
from tests.stand_ins.atlassian import SITE
from tests.stand_ins.forge_kvs import KvsAtTheWire
from tests.stand_ins.forge_site import called, system_token
from tests.stand_ins.forge_tokens import API
from tests.wiring.two_sites import ACCOUNT_TOKEN, CONNECT_SECRET, FORGE_SITE_ADDRESS, TwoSites

ACCESS = AssetsAccess("ada@a.example", Secret(ACCOUNT_TOKEN))
BASIC = "Basic " + base64.b64encode(f"ada@a.example:{ACCOUNT_TOKEN}".encode()).decode()
SYSTEM = "Bearer " + system_token().reveal_text()
CONTAINER = "Bearer canary-container-token"
ASSETS = "/jsm/assets/workspace/w-1/v1/"
INFO = f"{API}/jsm/assets/v1/imports/info"


@pytest.fixture
def two() -> TwoSites:
    return TwoSites()


Ask = Callable[[TwoSites, str], object]
CALLS: dict[str, Ask] = {
    "app": lambda two, door: two.sites.as_app(getattr(two, door)).user(AccountId("a")),
    "account": lambda two, door: two.sites.as_account(getattr(two, door), ACCESS).myself(),
    "assets": lambda two, door: two.sites.assets(getattr(two, door), ACCESS, "w-1").object("7"),
    "set up": lambda two, door: two.sites.import_set_up(
        getattr(two, door), ACCESS, "w-1"
    ).missing_objects("m-1"),
    "token": lambda two, door: two.sites.import_by_token(
        getattr(two, door), Secret("canary-container-token")
    ).look(),
    "runs by token": lambda two, door: two.sites.executions_by_token(
        getattr(two, door), Secret("canary-container-token")
    ).links(),
    "own site": lambda two, door: two.sites.as_account(
        getattr(two, door), OWN_ACCESS
    ).workspace_id(),
    "own assets": lambda two, door: two.sites.assets(getattr(two, door), OWN_ACCESS, "w-1").object(
        "7"
    ),
    "source": lambda two, door: two.sites.import_by_source(getattr(two, door), "m-1", "w-1").look(),
    "user": lambda two, door: two.sites.as_user(
        getattr(two, door), Secret("canary-user-token")
    ).administers(),
}


def asked(two: TwoSites, door: str, name: str) -> tuple[str, str]:
    """Address and credential of the first request; its answer means nothing."""
    with suppress(ServiceFailed):  # `{}` is an answer to few of them
        CALLS[name](two, door)
    (sent,) = two.post.sent
    return sent.url, sent.authorization


@pytest.mark.parametrize(
    ("name", "address", "credential"),
    [
        ("app", f"{FORGE_SITE_ADDRESS}/rest/api/3/user?accountId=a", SYSTEM),
        ("account", f"{FORGE_SITE_ADDRESS}/rest/api/3/myself", BASIC),
        ("assets", f"{FORGE_SITE_ADDRESS}{ASSETS}object/7", BASIC),
        ("set up", f"{FORGE_SITE_ADDRESS}{ASSETS}importsource/m-1", BASIC),
        ("token", INFO, CONTAINER),
        ("runs by token", INFO, CONTAINER),
        ("own assets", f"{FORGE_SITE_ADDRESS}{ASSETS}object/7", SYSTEM),
        ("source", f"{FORGE_SITE_ADDRESS}{ASSETS}importsource/m-1/configstatus", SYSTEM),
        (
            "own site",
            f"{FORGE_SITE_ADDRESS}/rest/servicedeskapi/assets/workspace?limit=50",
            SYSTEM,
        ),
        (
            "user",
            f"{FORGE_SITE_ADDRESS}/rest/api/3/mypermissions?permissions=ADMINISTER",
            "Bearer canary-user-token",
        ),
    ],
)
def test_a_forge_site_is_asked_below_its_gateway(
    two: TwoSites, name: str, address: str, credential: str
) -> None:
    assert asked(two, "forge", name) == (address, credential)


@pytest.mark.parametrize(
    ("name", "address", "credential"),
    [
        ("account", f"{SITE}/rest/api/3/myself", BASIC),
        ("assets", f"{API}{ASSETS}object/7", BASIC),
        ("set up", f"{API}{ASSETS}importsource/m-1", BASIC),
        ("token", INFO, CONTAINER),
        ("runs by token", INFO, CONTAINER),
    ],
)
def test_a_connect_site_is_asked_at_its_own_address(
    two: TwoSites, name: str, address: str, credential: str
) -> None:
    assert asked(two, "connect", name) == (address, credential)


def test_a_connect_site_is_asked_as_the_app_with_a_token_of_its_own_secret(two: TwoSites) -> None:
    address, credential = asked(two, "connect", "app")
    assert address == f"{SITE}/rest/api/3/user?accountId=a"
    scheme, _, token = credential.partition(" ")
    assert scheme == "JWT"
    later = {"verify_exp": False, "verify_iat": False}
    claims = jwt.decode(
        token, CONNECT_SECRET, algorithms=["HS256"], audience="client-a", options=later
    )
    assert len(claims["qsh"]) == 64


def test_only_a_forge_site_gives_the_app_access_of_its_own(two: TwoSites) -> None:
    assert two.sites.has_own_access(two.forge)
    assert not two.sites.has_own_access(two.connect)
    for ask in (two.sites.as_account, lambda i, a: two.sites.assets(i, a, "w-1")):
        with pytest.raises(NotConfigured):
            ask(two.connect, OWN_ACCESS)
    assert two.post.sent == []


def test_an_import_that_is_driven_by_the_app_stays_below_its_gateway(two: TwoSites) -> None:
    executions = two.sites.executions_by_source(two.forge, "m-1", "w-1")
    links = executions.links()
    assert links.start == f"{FORGE_SITE_ADDRESS}{ASSETS}importsource/m-1/executions"
    two.post.answers = [Answer(200, {}, b'{"status":"IDLE"}')]
    executions.config_status(links)
    assert two.post.last.authorization == SYSTEM


def test_the_newest_token_is_taken_at_each_request(two: TwoSites) -> None:
    assets = two.sites.assets(two.forge, OWN_ACCESS, "w-1")
    two.post.answers = [Answer(404, {}, b"{}")] * 2
    assets.object("7")
    two.world.clock.pass_(hours=3)
    newer = system_token(7, "b")
    two.world.tokens.keep(two.world.directory.fresh(two.forge.instance_id), newer, licensed=True)  # type: ignore[arg-type]
    assets.object("7")
    tokens = [each.authorization for each in two.post.sent]
    assert tokens == [SYSTEM, "Bearer " + newer.reveal_text()]


def test_without_a_valid_token_nothing_leaves_but_what_needs_none(two: TwoSites) -> None:
    two.world.clock.pass_(hours=4)
    for name in ("app", "own assets", "source"):
        with pytest.raises(SiteTokenMissing):
            CALLS[name](two, "forge")
    assert two.post.sent == []
    assert asked(two, "forge", "account")[1] == BASIC


@pytest.mark.parametrize("door", ["connect", "forge"])
@pytest.mark.parametrize("name", list(CALLS))
def test_after_the_life_of_an_instance_nothing_leaves(two: TwoSites, door: str, name: str) -> None:
    gone = Change(set={("state",): "uninstalled"}, remove=[("site_token",), ("connect_secret",)])
    two.world.table.change(getattr(two, door).instance_id, gone)
    two.world.clock.pass_(seconds=2)
    with pytest.raises((SettingsUnreadable, NotConfigured)):
        CALLS[name](two, door)
    assert two.post.sent == []


def test_a_new_life_is_not_reached_with_the_old_reference(two: TwoSites) -> None:
    assets = two.sites.assets(two.forge, OWN_ACCESS, "w-1")
    two.world.forge.leaving(called(at=called().issued_at + 1))
    again = two.world.forge.instance(called(at=called().issued_at + 2))
    two.world.tokens.keep(again, system_token(3, "of the new life"), licensed=True)
    with pytest.raises(SettingsUnreadable):
        assets.object("7")
    assert two.post.sent == []


def test_a_reference_without_a_cloud_leads_nowhere(two: TwoSites) -> None:
    two.world.table.change(two.forge.instance_id, Change(remove=[("cloud_id",)]))
    with pytest.raises(SettingsUnreadable):
        two.sites.as_app(two.world.directory.fresh(two.forge.instance_id))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "works"),
    [
        (Answer(200, {}, b'{"key":"x","value":"sealed"}'), True),
        (Answer(404, {}, b"{}"), False),
        (Answer(400, {}, b'{"code":"NOT_FOUND","message":""}'), False),
        (Answer(200, {}, b'{"key":"x"}'), False),
        (Answer(401, {}, b"{}"), False),
        (Answer(403, {}, b"{}"), False),
    ],
)
def test_a_token_has_to_read_what_only_our_storage_of_this_site_holds(
    two: TwoSites, answer: Answer, works: bool
) -> None:
    two.post.answers = [answer]
    string = {"version": "1-abcdefghijkl", "string_version": "", "key_id": "k", "wrapped": b"w"}
    saved = replace(two.forge, part_keys={"encryption-string": string})
    assert two.sites.token_reads(saved, Secret("canary-token")) is works
    assert two.post.last.url == f"{API}/forge/storage/kvs/v1/get"
    assert two.post.last.authorization == "Bearer canary-token"


def test_before_anything_is_saved_a_token_has_nothing_to_read(two: TwoSites) -> None:
    two.post.answers = []
    assert two.sites.token_reads(two.forge, Secret("canary-token")) is None


def test_settings_rest_sealed_in_forge_storage_and_former_lives_are_swept() -> None:
    kvs = KvsAtTheWire()
    store: dict[str, object] = {"g1.visibility.1-abcdefghijkl": "of a former life"}
    kvs.tokens = {system_token().reveal_text(): store}
    two = TwoSites(kvs.caller())
    vault = two.vault()
    two.sites.shelf(vault, two.forge).save({"visibility": Secret("canary of a setting")})
    opened = two.sites.shelf(vault, two.forge).open("visibility")
    assert opened is not None
    assert opened.reveal_text() == "canary of a setting"
    assert all("canary" not in str(value) for value in store.values())
    assert two.sites.shelf(vault, two.forge).sweep() == 1
    assert {name.split(".")[1] for name in store} == {"encryption-string", "visibility"}
