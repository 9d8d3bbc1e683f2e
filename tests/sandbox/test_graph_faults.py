"""Graph in a bad mood, and how much a page costs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sandbox.directory import generate
from sandbox.faults import Fault
from sandbox.graph import throttled, unavailable
from sandbox.graph.behaviour import Behaviour
from sandbox.graph.resources import COLLECTIONS
from tests.stand_ins.microsoft import Side, running, values

SCHEMA = Path(__file__).parents[3] / "shared/samples/graph/graph-v1.0-slice.schema.json"
SELECTED = "id,displayName,userPrincipalName,mail,jobTitle,department,companyName,officeLocation"


@pytest.fixture
def side() -> Iterator[Side]:
    with running(30, Behaviour(delta_page=10)) as started:
        yield started


@pytest.mark.parametrize("wait", ["2.128", "10", "Sat, 21 Nov 2026 09:00:30 GMT", None])
def test_throttling_may_say_how_long_in_three_ways_or_not_at_all(
    side: Side, wait: str | None
) -> None:
    side.graph.fail_next("GET", "/v1.0/users", throttled(wait))
    reply = side.get("users")
    assert reply.status_code == 429
    assert reply.headers.get("Retry-After") == wait
    assert reply.json()["error"]["code"] == "TooManyRequests"
    assert side.get("users").status_code == 200


def test_a_failure_may_come_in_the_middle_of_the_pages(side: Side) -> None:
    side.graph.fail_next("GET", ".*/delta", unavailable("1"), skip=2)
    first = side.json("users/delta")
    second = side.json(first["@odata.nextLink"])
    assert side.get(second["@odata.nextLink"]).status_code == 503
    assert side.get(second["@odata.nextLink"]).status_code == 200


def test_html_and_cut_off_json_may_come_instead(side: Side) -> None:
    side.graph.fail_next("GET", "/v1.0/users", Fault.html())
    side.graph.fail_next("GET", "/v1.0/users", Fault.broken_json())
    for _ in range(2):
        with pytest.raises(requests.JSONDecodeError):
            side.get("users").json()


def test_a_cut_connection_has_no_whole_answer(side: Side) -> None:
    side.bearer  # noqa: B018 - the token is fetched before the fault is armed
    side.graph.fail_next("GET", "/v1.0/users", Fault.cut())
    with pytest.raises(requests.RequestException):
        side.get("users")


def test_next_links_may_point_to_another_host(side: Side) -> None:
    side.behaviour.next_links_to = "https://elsewhere.example"
    assert side.json("users?$top=5")["@odata.nextLink"].startswith("https://elsewhere.example/v1.0")
    assert side.json("users/delta")["@odata.nextLink"].startswith("https://elsewhere.example/v1.0")


def test_a_budget_of_resource_units_throttles_and_drains(side: Side) -> None:
    side.behaviour.units_per_ten_seconds = 4
    assert [side.get("users?$select=id").status_code for _ in range(5)] == [200] * 4 + [429]
    wait = float(side.get("users?$select=id").headers["Retry-After"])
    side.later(seconds=wait)
    assert side.get("users?$select=id").status_code == 200


@pytest.mark.parametrize(
    ("path", "units"),
    [
        ("users", 2),
        ("users?$select=id", 1),
        ("users?$expand=manager", 3),
        ("users?$select=id&$top=5", 1),
        ("devices", 1),
        ("users/delta", 1),
    ],
)
def test_a_call_says_what_it_cost(side: Side, path: str, units: int) -> None:
    assert side.get(path).headers["x-ms-resource-unit"] == str(units)
    assert side.graph.budget.spent == units


def test_a_page_of_999_of_ten_thousand_people_takes_milliseconds() -> None:
    with running(generate(10_000, 1)) as side:
        side.json(f"users?$select={SELECTED}&$top=999")
        best = 1.0
        for _ in range(5):
            start = time.perf_counter()
            side.get(f"users?$select={SELECTED}&$top=999")
            best = min(best, time.perf_counter() - start)
    assert best < 0.1  # some 7 ms on a quiet machine


def test_every_property_has_the_type_of_the_metadata_where_present(side: Side) -> None:
    if not SCHEMA.exists():
        return
    from jsonschema import Draft202012Validator

    definitions = json.loads(SCHEMA.read_text("utf-8"))["$defs"]
    for resource in COLLECTIONS:
        if resource.kind not in definitions:
            continue
        whole = {"$defs": definitions, "$ref": f"#/$defs/{resource.kind}"}
        validator = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
        for one in values(
            side.pages(f"{resource.path}?$select={','.join(_names(side, resource))}")
        ):
            validator.validate(one)


def _names(side: Side, resource: object) -> list[str]:
    return [n for n in resource.rows(side.directory).columns if n in resource.properties]  # type: ignore[attr-defined]
