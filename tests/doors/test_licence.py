"""Without a licence reading stays and changes stop, through both doors."""

from __future__ import annotations

from typing import Any

import pytest

from app.callers.forge import ForgeApp
from app.errors import NotAllowed
from tests.doors.conftest import World
from tests.doors.forge_side import ask, event, function, system_token
from tests.doors.test_answers import api
from tests.stand_ins.atlassian import APP, SITE
from tests.stand_ins.forge_tokens import API, FORGE_APP, ForgeSigner

WRITES = [
    ("PUT", "/api/settings/entra"),
    ("DELETE", "/api/settings/entra"),
    ("POST", "/api/imports"),
    ("DELETE", "/api/imports/x"),
    ("POST", "/api/imports/x/release"),
    ("POST", "/api/my-assets/17/report"),
]
READS = [
    ("GET", "/api/settings"),
    ("GET", "/api/settings/choices"),
    ("POST", "/api/settings/entra/check"),  # writes nothing
    ("POST", "/api/settings/visibility/people"),  # nor do these three
    ("POST", "/api/settings/visibility/preview"),
    ("POST", "/api/settings/visibility/effect"),
    ("GET", "/api/imports"),
    ("GET", "/api/imports/x"),
    ("GET", "/api/my-assets"),
    ("GET", "/api/my-assets/explanation?object_key=HW-1"),
    ("GET", "/api/site"),
]


def unlicensed(response: Any) -> bool:
    if response.status_code != 403:
        return False
    assert response.content_type == "application/problem+json"
    assert response.get_json()["type"] == f"{APP}/problems/licence"
    return True


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_writes_stop_through_both_doors(world: World, method: str, path: str) -> None:
    world.install()
    world.licensed = False
    assert unlicensed(api(world, path, method, json={}))
    assert unlicensed(ask(world, path, method, claims={"licensed": False}, json={}))
    keyed = {"Idempotency-Key": "k"}
    assert unlicensed(ask(world, path, method, claims={"licensed": False}, json={}, headers=keyed))
    assert world.feature.calls == []


@pytest.mark.parametrize(("method", "path"), READS)
def test_reading_stays_through_both_doors(world: World, method: str, path: str) -> None:
    world.install()
    world.licensed = False
    body = {"query": "x"} if path.endswith("/people") else {}
    assert api(world, path, method, json=body).status_code == 200
    unpaid = {"licensed": False}
    assert ask(world, path, method, claims=unpaid, json=body).status_code == 200


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_licensed_site_writes(world: World, method: str, path: str) -> None:
    world.install()
    assert api(world, path, method, json={}).status_code < 300
    assert ask(world, path, method, json={}).status_code < 300


def test_every_write_of_the_api_is_on_the_list_of_writes_or_reads(world: World) -> None:
    named = {path.partition("?")[0].replace("/x", "/<run_id>") for _, path in WRITES + READS}
    named = {path.replace("/entra", "/<part>").replace("/17", "/<object_id>") for path in named}
    for rule in world.app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and (rule.methods or set()) & {"PUT", "POST", "DELETE"}:
            assert rule.rule in named


def test_who_is_no_administrator_is_told_that_and_not_about_money(world: World) -> None:
    response = ask(world, "/api/imports", "POST", account="employee", claims={"licensed": False})
    assert response.get_json()["type"] == "about:blank"


@pytest.mark.parametrize(
    ("environment", "claim", "active"),
    [
        ("PRODUCTION", None, False),
        ("PRODUCTION", True, True),
        ("PRODUCTION", False, False),
        ("DEVELOPMENT", None, True),
        ("STAGING", None, True),
        ("STAGING", False, False),
    ],
)
def test_an_absent_claim_means_unlicensed_in_production_only(
    world: World, environment: str, claim: bool | None, active: bool
) -> None:
    other = World(
        world.settings,
        forge_app=ForgeApp(FORGE_APP, environment, API),
        forge_keys=ForgeSigner(environment=environment),
    )
    response = ask(other, "/api/site", claims={"licensed": claim})
    assert response.get_json()["licence"] == ("active" if active else "inactive")


@pytest.mark.parametrize("lic", ["active", "none"])
def test_what_the_address_says_of_the_licence_is_never_read(world: World, lic: str) -> None:
    world.install()
    world.licensed = lic == "none"
    response = api(world, f"/api/imports?lic={lic}", "POST", json={})
    assert response.status_code == (202 if world.licensed else 403)


def test_assets_starts_no_import_of_an_unlicensed_site_but_may_stop_one(world: World) -> None:
    assert unlicensed(function(world, "start", licensed=False))
    assert function(world, "stop", licensed=False).status_code == 204


@pytest.mark.parametrize("again", [system_token(), None])
def test_scheduled_runs_go_by_what_the_last_call_said_whatever_token_came_along(
    world: World, again: str | None
) -> None:
    event(world, "/forge/tick", system=system_token())
    (reference,) = world.table.all()
    for claim, known in ((False, False), (None, False), (True, True), (None, True)):
        event(world, "/forge/tick", system=again, claims={"licensed": claim})
        (reference,) = world.table.all()
        assert world.site_tokens.licensed(reference) is known
        assert world.site_tokens.token(reference).reveal_text() == system_token()
    ask(world, "/api/my-assets", claims={"licensed": False})
    (reference,) = world.table.all()
    assert not world.site_tokens.licensed(reference)


def test_an_administrator_is_told_which_site_this_is(world: World) -> None:
    world.install()
    for response, door in (
        (api(world, "/api/site"), "connect"),
        (ask(world, "/api/site"), "forge"),
    ):
        body = response.get_json()
        (reference,) = [each for each in world.table.all() if each.door == door]
        assert body == {
            "instance_id": reference.instance_id,
            "door": door,
            "site": SITE,
            "licence": "active",
            "trust": {"cookies": 0},
        }
    assert api(world, "/api/site", sub="employee").status_code == NotAllowed.status
