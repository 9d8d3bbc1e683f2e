"""The pass of Jira accounts with the real wiring: what is asked, and what is in Assets then."""

from __future__ import annotations

import json

import pytest

from sandbox.site.people import User
from tests.abuse.importing import Importing, importing, name_of, person_ids
from tests.abuse.internet import JiraHost
from tests.imports.test_fault_matrix import FAULTS, STRIDE, Told
from tests.stand_ins.wire import Reply

RULES = {"link_accounts": {"people_an_hour": 100}}


def account_of(number: int) -> str:
    return f"a-{number}"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Importing:
    """Six people are imported; three of them have a Jira account."""
    made = importing(monkeypatch, rules=RULES)
    jira = made.house.site_a
    for number in (0, 2, 3):
        email = f"canary{number}@contoso.example"
        jira.users[account_of(number)] = JiraHost.account(account_of(number), email)
        made.people.put(User(account_of(number), account_of(number), email))
    assert made.run()["state"] == "succeeded"
    made.calm()
    return made


def links(world: Importing) -> dict[str, str]:
    people = world.objects()["Person"]
    return {
        entra_id: row["Jira account"][0]
        for entra_id, row in people.items()
        if "Jira account" in row
    }


def test_people_are_linked_and_nothing_else_is_asked_or_written(world: Importing) -> None:
    run = world.run("accounts")
    ids = person_ids(6)
    assert (run["state"], run["counts"]["update"], run["counts"]["skipped"]) == ("succeeded", 3, 3)
    assert links(world) == {ids[number]: account_of(number) for number in (0, 2, 3)}
    kinds = {each.name.split("/v1/")[-1] for each in world.seen if each.name.startswith("P")}
    assert kinds == {"object/aql", "object/aql/totalcount", "object/*"}
    assert len([name for name in world.writes() if name.startswith("PUT")]) == 3


def test_a_second_pass_asks_for_those_without_an_account_only_and_writes_nothing(
    world: Importing,
) -> None:
    world.run("accounts")
    world.calm()
    world.house.site_a.questions.clear()
    assert world.run("accounts")["counts"]["skipped"] == 3
    assert world.house.site_a.questions.count("/rest/api/3/user/search") == 3
    assert world.writes() == []


def test_an_import_leaves_what_the_pass_has_linked(world: Importing) -> None:
    world.run("accounts")
    linked = links(world)
    assert world.run()["state"] == "succeeded"
    assert links(world) == linked


def test_the_part_shows_the_switch_only_where_it_is_on(world: Importing) -> None:
    shown = world.house.api("GET", "/api/settings").get_json()["import"]
    assert shown["link_accounts"] == {"people_an_hour": 100}
    world.rule(link_accounts={})
    shown = world.house.api("GET", "/api/settings").get_json()["import"]
    assert shown["link_accounts"] == {"people_an_hour": 2000}
    world.rule(link_accounts=None)
    assert "link_accounts" not in world.house.api("GET", "/api/settings").get_json()["import"]


@pytest.mark.parametrize("wrong", [True, {"people_an_hour": 0}, {"other": 1}, []])
def test_a_switch_of_another_shape_is_refused(world: Importing, wrong: object) -> None:
    saved = world.house.api("PUT", "/api/settings/import", json={"link_accounts": wrong})
    assert saved.status_code == 422


def test_after_an_uninstall_nobody_is_looked_up(world: Importing) -> None:
    world.start("accounts")
    world.house.uninstall()
    world.house.site_a.questions.clear()
    world.work_off()
    assert world.house.site_a.questions == []
    assert world.seen == []


def test_a_page_that_is_told_to_wait_lets_the_import_stand_aside(world: Importing) -> None:
    world.fault = lambda _: Reply({}, 429, {"Retry-After": "40"})
    assert world.house.api("GET", "/api/my-assets", sub=account_of(0)).status_code >= 429
    world.calm()
    began = world.house.clock.now
    assert world.run()["state"] == "succeeded"
    assert all(
        each.at >= began.timestamp() + 40 for each in world.seen if "object/aql" in each.name
    )


def test_no_name_or_address_rests_in_what_is_kept(world: Importing) -> None:
    world.run("accounts")
    kept = json.dumps([world.house.site_a.properties, str(world.instance)])
    assert "canary" not in kept.lower()
    assert "account-pass" in world.instance.part_keys


CALLS = {
    "who has this address": ("site", "/rest/api/3/user/search"),
    "keeping where it stands": ("site", "account-pass"),
    "a page of people": ("assets", "/object/aql"),
    "how many people": ("assets", "/object/aql/totalcount"),
    "writing an account": ("assets", "PUT"),
}
CELLS = [(call, fault) for call in CALLS for fault in FAULTS][::STRIDE]


def fail_once(world: Importing, call: str, fault: str) -> list[str]:
    """Let the next call of this kind fail; gives whether it came."""
    where, mark = CALLS[call]
    came: list[str] = []

    def instead(name: str) -> Reply | Exception | None:
        met = name.startswith(mark) if mark == "PUT" else f"{name}/".endswith(f"{mark}/")
        if came or not (met or mark in name.partition("addons")[2]):
            return None
        came.append(name)
        return FAULTS[fault](world)

    if where == "site":
        world.house.site_a.fault = instead
    else:
        world.fault = lambda request: instead(name_of(request))
    return came


def unlink_all(world: Importing) -> None:
    space = world.assets.workspace
    for thing in space.things.values():
        wanted = space.attribute_named(thing.type_id, "Jira account")
        if wanted is not None:
            space.change_thing(thing, {wanted.id: ()})


@pytest.mark.timeout(300)
def test_whichever_call_fails_once_a_pass_ends_with_everybody_linked_or_a_reason(
    world: Importing, record_property: Told
) -> None:
    record_property("tried", len(CELLS))
    for call, fault in CELLS:
        unlink_all(world)
        came, what = fail_once(world, call, fault), f"{call}: {fault}"
        run = world.run("accounts")
        assert came, what
        if run["state"] == "failed":
            assert run["next_step"], what
            assert fault == "429 for ever" or call == "keeping where it stands", (what, run)
            world.calm()
            world.house.site_a.fault = lambda _: None
            run = world.run("accounts")
        assert run["state"] == "succeeded", (what, run)
        assert set(links(world).values()) == {account_of(number) for number in (0, 2, 3)}, what
        world.house.clock.pass_(seconds=7_200)


def test_restricted_people_are_kept_only_where_there_are_some(world: Importing) -> None:
    world.rule(restricted_people=["0f0e0d0c-0000-4000-8000-000000000001"])
    shown = world.house.api("GET", "/api/settings").get_json()["import"]
    assert shown["restricted_people"] == ["0f0e0d0c-0000-4000-8000-000000000001"]
    world.rule(restricted_people=[])
    assert "restricted_people" not in world.house.api("GET", "/api/settings").get_json()["import"]


@pytest.mark.parametrize("wrong", ["someone@one.example", "two words", "", 7])
def test_whoever_is_no_entra_id_is_refused_by_place(world: Importing, wrong: object) -> None:
    body = {"restricted_people": ["0f0e0d0c-0000-4000-8000-000000000001", wrong]}
    saved = world.house.api("PUT", "/api/settings/import", json=body)
    assert saved.status_code == 422
    (problem,) = saved.get_json()["problems"]
    assert problem["field"] == "restricted_people.1"
    assert problem["message"] == (
        "This must be text."
        if wrong == 7
        else "This is not an object id; copy it from the person in Entra ID."
    )
