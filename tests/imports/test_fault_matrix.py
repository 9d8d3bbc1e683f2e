"""Every call of a run to Microsoft and Assets, failing in every way, at the wire.

The calls are recorded from a calm run. The gate takes every third cell of the matrix, each call and
each fault several times; FAULTS=all takes all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest
import requests

from app.imports.run.reasons import NEXT_STEPS
from tests.abuse.importing import (
    ALL_KINDS,
    Importing,
    device_ids,
    importing,
    is_write,
    name_of,
    person_ids,
)
from tests.stand_ins.wire import Reply

STRIDE = 1 if os.environ.get("FAULTS") == "all" else 3
GROUP = "00000000-0000-4000-8000-00000000000c"
RULES = {
    "objects": ALL_KINDS,
    "memberships": [GROUP],
    "filter": {"groups": [GROUP]},
    "leavers": "delete",
    "brake": {"percent": 100, "count": 500},
}
Told = Callable[[str, object], None]
Failure = Callable[[Importing], Reply | Exception]


def _at(world: Importing, seconds: float) -> str:
    return format_datetime(world.house.clock.now + timedelta(seconds=seconds), usegmt=True)


def _wait(**headers: str) -> Reply:
    return Reply({}, 429, {name.replace("_", "-"): value for name, value in headers.items()})


FAULTS: dict[str, Failure] = {
    "429 in seconds": lambda _: _wait(Retry_After="7"),
    "429 in fractions": lambda _: _wait(Retry_After="2.128"),
    "429 until a date": lambda w: _wait(Retry_After=_at(w, 40), Date=_at(w, 0)),
    "429 reset": lambda w: _wait(X_RateLimit_Reset=_at(w, 40), Date=_at(w, 0)),
    "429 for ever": lambda _: _wait(Retry_After="999999999"),
    "429 without a time": lambda _: _wait(),
    "500": lambda _: Reply({"error": "x"}, 500),
    "503": lambda _: Reply(b"", 503, {"Retry-After": "3"}),
    "time-out": lambda _: requests.ReadTimeout("slow"),
    "cut": lambda _: requests.exceptions.ChunkedEncodingError("cut"),
    "HTML": lambda _: Reply(b"<!doctype html><title>Oops</title>"),
    "truncated JSON": lambda _: Reply(b'{"value":[{"id":"1"', 200, {"Content-Type": "x/json"}),
}
WAITS = {"429 in seconds": 7, "429 in fractions": 2.128, "429 until a date": 40, "429 reset": 40,
         "503": 3}  # fmt: skip
FOR_GOOD = ("429 without a time", "500", "HTML", "truncated JSON")


class Company:
    """A company in which each day brings work of every sort for the next run."""

    def __init__(self, world: Importing) -> None:
        self.world = world
        self.day = 0

    def next_day(self) -> None:
        """One joins and one leaves for good, one is renamed, a device is given back or out."""
        people, self.day = self.world.directory, self.day + 1
        if self.day > 1:
            people.purge_person(_hired(self.day - 1))
        people.add_person(
            id=_hired(self.day), displayName=f"Canary {self.day}", userType="Member",
            userPrincipalName=f"{self.day}@contoso.example", accountEnabled=True,
        )  # fmt: skip
        people.add_member(GROUP, _hired(self.day))
        people.change_person(person_ids(2)[1], displayName=f"Canary Name {self.day}")
        given, back = device_ids(2) if self.day % 2 else reversed(device_ids(2))
        people.assign_device(given, person_ids(1)[0])
        people.unassign_device(back)
        people.hand_over(back, None)

    def is_in_assets(self) -> bool:
        """Whether Assets holds exactly this company."""
        held, people = self.world.objects(), self.world.directory
        keys = {t.id: t for t in self.world.assets.workspace.things.values()}
        names = {mark: row["Name"] for mark, row in held["Person"].items()}
        owners = {
            mark: [keys[int(one)].label for one in row.get("Assigned To", ())]
            for mark, row in held["Device"].items()
        }
        return names == {
            one: (people.users.value(one, "displayName"),) for one in people.users
        } and owners == {
            one: [people.users.value(who, "displayName") for who in people.owners_of(one)[:1]]
            for one in people.devices
        }


def _hired(day: int) -> str:
    return f"{day:08d}-0000-4000-8000-0000000000aa"


def _fail(world: Importing, call: str, fault: str, times: int) -> list[float]:
    """Let a kind of call fail; gives when it came."""
    came: list[float] = []

    def instead(request: requests.PreparedRequest) -> Reply | Exception | None:
        if name_of(request) != call:
            return None
        came.append(world.house.clock.now.timestamp())
        return FAULTS[fault](world) if len(came) <= times else None

    world.fault = instead
    return came


def _lose(world: Importing, call: str) -> list[str]:
    """Let a kind of call be carried out once without its answer coming through."""
    came: list[str] = []

    def instead(request: requests.PreparedRequest) -> Exception | None:
        if name_of(request) != call or came:
            return None
        came.append(call)
        return requests.ConnectionError("lost")

    world.lost = instead
    return came


@pytest.fixture
def company(monkeypatch: pytest.MonkeyPatch) -> Company:
    """Imported once; the next run is an ordinary one."""
    made = Company(importing(monkeypatch, rules=RULES))
    assert made.world.run()["state"] == "succeeded"
    return made


def _calls(company: Company) -> list[str]:
    """The calls of an ordinary run, in the order of their first coming."""
    for _ in range(2):
        company.next_day()
        company.world.calm()
        assert company.world.run()["state"] == "succeeded"
    names = list(dict.fromkeys(each.name for each in company.world.seen))
    assert len(names) >= 28, names
    assert {"graph", "login", "api"} == {name.split()[1].split(".")[0] for name in names}
    return names


def _mine(names: list[str], row: int) -> list[str]:
    return [name for place, name in enumerate(names) if (place + row) % STRIDE == 0]


def _told(run: dict[str, object], what: str) -> None:
    """The run has ended, in one state, and says why and what to do."""
    assert run["state"] == "failed", (what, run)
    assert run["reason"] in NEXT_STEPS, (what, run)
    assert run["next_step"], (what, run)
    assert run["ended_at"], (what, run)


def _unharmed(company: Company, what: str) -> None:
    """Nothing that Entra has is missing, nothing open; and a calm run puts the rest right."""
    world = company.world
    held = world.objects()
    known = set(world.directory.users) - {_hired(company.day)}
    assert known <= set(held["Person"]), what
    assert set(world.directory.devices) <= set(held["Device"]), what
    world.calm()
    run = world.run()
    assert run["state"] == "succeeded", (what, run)
    assert world.open_executions() == [], what
    assert company.is_in_assets(), what


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.timeout(600)
def test_a_call_that_fails_once_changes_nothing_or_ends_the_run_with_a_reason(
    company: Company, fault: str, record_property: Told
) -> None:
    world, names = company.world, _calls(company)
    mine = _mine(names, list(FAULTS).index(fault))
    record_property("tried", len(mine))
    for call in mine:
        company.next_day()
        world.calm()
        came = _fail(world, call, fault, 1)
        run, what = world.run(), f"{call} {fault}"
        assert came, what
        if fault == "429 for ever":
            _told(run, what)
            assert run["reason"] == "asked_to_wait", what
            _unharmed(company, what)
            continue
        assert (run["state"], run["reason"]) == ("succeeded", None), (what, run)
        assert company.is_in_assets(), what
        assert world.open_executions() == [], what
        if fault in WAITS:
            assert came[1] - came[0] >= WAITS[fault] - 1e-3, what


@pytest.mark.parametrize("fault", FOR_GOOD)
@pytest.mark.timeout(600)
def test_a_call_that_fails_for_good_ends_the_run_before_any_write(
    company: Company, fault: str, record_property: Told
) -> None:
    world, names = company.world, _calls(company)
    first_write = next(place for place, name in enumerate(names) if is_write(name))
    mine = _mine(names, FOR_GOOD.index(fault))
    record_property("tried", len(mine))
    for call in mine:
        company.next_day()
        world.calm()
        came = _fail(world, call, fault, 10**9)
        run, what = world.run(), f"{call} {fault}"
        assert came, what
        _told(run, what)
        if names.index(call) <= first_write:
            carried_out = [name for name in world.writes() if name != call]
            assert carried_out == [], what
        _unharmed(company, what)


@pytest.mark.timeout(600)
def test_an_answer_that_is_lost_is_as_if_it_had_come(
    company: Company, record_property: Told
) -> None:
    world, names = company.world, _calls(company)
    mine = _mine(names, 0)
    record_property("tried", len(mine))
    for call in mine:
        company.next_day()
        world.calm()
        came = _lose(world, call)
        run = world.run()
        assert came == [call]
        assert run["state"] == "succeeded", (call, run)
        assert company.is_in_assets(), call
        assert world.open_executions() == [], call


def _only_in_a_first_run(world: Importing) -> list[str]:
    return [
        name
        for name in dict.fromkeys(each.name for each in world.seen)
        if (name.startswith("PUT") and name.endswith("/mapping")) or "objecttypeattribute" in name
    ]


@pytest.mark.parametrize("fault", ["500", "HTML", "cut", "429 in seconds"])
def test_what_only_a_first_run_does_may_fail_too(
    monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    calm = importing(monkeypatch, rules=RULES)
    assert calm.run()["state"] == "succeeded"
    names = _only_in_a_first_run(calm)
    assert len(names) == 2
    for call in names:
        with monkeypatch.context() as patch:
            company = Company(importing(patch, rules=RULES))
            company.next_day()
            came = _fail(company.world, call, fault, 1)
            run = company.world.run()
            assert came, call
            assert run["state"] == "succeeded", (call, fault, run)
            assert company.is_in_assets(), (call, fault)
