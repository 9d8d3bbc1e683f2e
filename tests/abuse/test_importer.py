"""Abuse of the importer (cases E): the whole of it, from the start to what rests in Assets."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests

from app.errors import Clash
from app.imports.legs.worker import LONGEST_NAP
from app.imports.run.messages import RunMessage
from app.words import Generation
from sandbox.directory import Directory
from sandbox.graph import Behaviour
from tests.abuse.importing import (
    API,
    GRAPH,
    LOGIN,
    Importing,
    device_ids,
    importing,
    name_of,
    person_ids,
    small_directory,
)
from tests.abuse.refusal import assert_nothing_told
from tests.stand_ins.wire import Reply

EVIL = "https://evil.example.net"
KNOWN = {API, GRAPH, LOGIN, "acme.atlassian.net", "umbrella.atlassian.net",
         "connect-install-keys.atlassian.com"}  # fmt: skip


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Importing:
    return importing(monkeypatch)


def on(call: str, answer: Callable[[], Reply | Exception | None]) -> Any:
    """A fault for the calls whose name ends so."""
    return lambda request: answer() if name_of(request).endswith(call) else None


def stopped_without_harm(world: Importing, run: dict[str, Any], reason: str) -> None:
    assert (run["state"], run["reason"]) == ("failed", reason)
    assert run["next_step"]
    assert world.writes() == []
    assert world.open_executions() == []
    assert world.house.internet.hosts_asked() <= KNOWN
    assert world.house.internet.stray == []
    assert_nothing_told(world.house.log.getvalue(), None, world.source.token, world.api_token)


@pytest.mark.parametrize("elsewhere", [EVIL, f"http://{GRAPH}", f"https://{GRAPH}.evil.net"])
def test_E1_a_next_link_to_another_host_stops_the_run(world: Importing, elsewhere: str) -> None:
    world.graph.behaviour.next_links_to = elsewhere
    stopped_without_harm(world, world.run(), "graph_failed")


@pytest.mark.parametrize("call", ["/users/delta", "/groups/delta", "/devices"])
def test_E1_a_next_link_in_a_circle_stops_the_run(world: Importing, call: str) -> None:
    def circle(request: requests.PreparedRequest) -> Reply | None:
        if call not in (request.url or ""):
            return None
        return Reply({"value": [], "@odata.nextLink": request.url})

    world.fault = circle
    stopped_without_harm(world, world.run(), "graph_failed")
    assert len(world.seen) < 60


@pytest.mark.parametrize(
    ("call", "links"),
    [
        ("/imports/info", ("getStatus", "start", "mapping")),
        ("/executions", ("submitResults", "getExecutionStatus", "cancel")),
    ],
)
def test_E1_a_link_of_assets_to_another_host_stops_the_run(
    world: Importing, call: str, links: tuple[str, ...]
) -> None:
    at = "/jsm/assets/workspace/workspace-1/v1/importsource/s/executions/e"
    given = {"links": {each: f"{EVIL}{at}/{each}" for each in links}, "result": "success"}
    world.fault = on(call, lambda: Reply(given))
    stopped_without_harm(world, world.run(), "assets_failed")


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001])
def test_E2_any_number_of_devices_is_imported_whole(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    directory = small_directory(1)
    for each in device_ids(1):
        directory.remove_device(each)
    for number in range(count):
        directory.add_device(id=f"{number:08x}-0000-4000-8000-0000000000dd", displayName="D")
    world = importing(monkeypatch, directory, Behaviour())
    first, second = world.run(), world.run()
    assert (first["state"], second["state"]) == ("succeeded", "succeeded")
    assert len(world.objects().get("Device", {})) == count
    assert (second["counts"]["create"], second["counts"]["update"]) == (0, 0)
    assert second["counts"]["unchanged"] >= count


def _date(world: Importing, seconds: float) -> str:
    return format_datetime(world.house.clock.now + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (lambda w: {"Retry-After": "90"}, 90),
        (lambda w: {"Retry-After": "2.5"}, 2.5),
        (lambda w: {"Retry-After": _date(w, 3600), "Date": _date(w, 0)}, 3600),
        (lambda w: {"X-RateLimit-Reset": _date(w, 120), "Date": _date(w, 0)}, 120),
        (lambda w: {}, 0.2),
    ],
    ids=["seconds", "fraction", "date", "reset", "absent"],
)
def test_E3_a_wait_is_handed_back_to_the_queue_and_never_slept(
    world: Importing, headers: Callable[[Importing], dict[str, str]], seconds: float
) -> None:
    asked: list[float] = []

    def wait() -> Reply | None:
        asked.append(world.house.clock.now.timestamp())
        return Reply({}, 429, headers(world)) if len(asked) == 1 else None

    world.fault = on("/users/delta", wait)
    run_id = world.start()
    before = world.house.clock.now
    handed_back = world.worker.work(world.message()).again
    slept = (world.house.clock.now - before).total_seconds()
    if seconds > LONGEST_NAP:
        assert handed_back == min(seconds, 30.0)
        assert slept <= LONGEST_NAP
    world.work_off()
    assert world.shown(run_id)["state"] == "succeeded"
    assert asked[1] - asked[0] >= seconds - 0.001


def test_E3_a_wait_without_end_ends_the_run_and_names_the_time(world: Importing) -> None:
    world.fault = on("/users/delta", lambda: Reply({}, 429, {"Retry-After": "99999999999"}))
    run = world.run()
    stopped_without_harm(world, run, "asked_to_wait")
    assert "2027-11-22T" in run["next_step"]


def test_E4_devices_that_lack_anything_get_no_wrong_owner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    directory = Directory()
    (ada,) = person_ids(1)
    directory.add_person(id=ada, displayName="Ada", userPrincipalName="a@b.example")
    bare, blank, owned, twin, other = device_ids(5)
    for device in (bare, blank, owned, twin, other):
        directory.add_device(id=device, deviceId=f"id-of-{device}")
    directory.change_device(blank, displayName="  ")
    directory.assign_device(owned, ada)
    for device, user, serial in (
        (bare, "", None),
        (blank, None, "0"),
        (owned, ada, "To be filled by O.E.M."),
        (twin, "", "SAME-1"),
        (other, ada, "SAME-1"),
    ):
        directory.managed.add(
            {
                "id": f"m-{device}", "azureADDeviceId": f"id-of-{device}", "userId": user,
                "serialNumber": serial,
            }
        )  # fmt: skip
    directory.managed.add({"id": "m-nothing"})
    objects = {"devices": True, "managed_devices": True}
    world = importing(monkeypatch, directory, rules={"objects": objects})
    assert world.run()["state"] == "succeeded"
    found = world.objects()["Device"]
    owners = {device for device, row in found.items() if row.get("Assigned To")}
    assert set(found) == {bare, blank, owned, twin, other}
    assert owners == {owned, other}
    serials = {device: row.get("Serial number") for device, row in found.items()}
    assert serials == {
        bare: None, blank: None, owned: None, twin: ("SAME-1",), other: ("SAME-1",)
    }  # fmt: skip
    assert all(row["Name"] for row in found.values())


def test_E5_a_failure_on_page_seven_writes_marks_and_deletes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    directory, behaviour = small_directory(9), Behaviour(delta_page=1, empty_pages=False)
    behaviour.repeated_objects = False
    rules = {"leavers": "delete", "missing_objects": "remove"}
    world = importing(monkeypatch, directory, behaviour, rules=rules)
    assert world.run()["state"] == "succeeded"
    before = world.objects()
    world.calm()
    for person in person_ids(9)[:4]:
        directory.change_person(person, displayName="Another name")
    directory.purge_person(person_ids(9)[8])
    pages: list[str] = []

    def seventh() -> Reply | None:
        pages.append("page")
        return Reply({}, 500) if len(pages) >= 6 else None

    world.fault = on("/users/delta $skiptoken", seventh)
    run = world.run()
    stopped_without_harm(world, run, "graph_failed")
    assert world.objects() == before


def test_E6_many_starts_at_once_make_one_run(world: Importing) -> None:
    together, ids, clashes = threading.Barrier(8), list[str](), list[str]()

    def start() -> None:
        together.wait(30)
        try:
            ids.append(world.start())
        except Clash as clash:
            clashes.append(clash.detail)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert (len(ids), len(clashes)) == (1, 7)
    assert len(world.house.queue.messages) == 1


def test_E7_a_message_delivered_again_at_any_call_sends_each_chunk_once(world: Importing) -> None:
    other = world.another_worker()
    outcomes: list[float | None] = []

    def deliver_again(request: requests.PreparedRequest) -> None:
        if threading.current_thread() is threading.main_thread() and not busy:
            busy.append(1)
            outcomes.append(other.work(world.message()).again)
            busy.pop()

    busy: list[int] = []
    world.fault = deliver_again  # type: ignore[assignment]
    run = world.run()
    assert run["state"] == "succeeded"
    assert outcomes
    assert all(outcomes), "the other one waits for the lease, each time"
    world.fault = lambda _: None
    assert world.worker.work(world.message()).again is None
    bodies = [json.loads(e.request.body or b"") for e in world.seen if e.name.endswith("/data")]
    ids = [each["clientGeneratedId"] for each in bodies]
    assert len(ids) == len(set(ids)) == 1
    assert [e.state for e in world.source.executions.values()] == ["DONE"]


@pytest.mark.parametrize(
    "call", ["/groups/delta", "/users/delta $skiptoken", "/mapping", "/data", "/object/aql"]
)
def test_E8_after_an_uninstall_in_mid_run_no_call_leaves(world: Importing, call: str) -> None:
    world.run()
    world.directory.change_person(person_ids(1)[0], displayName="Another name")
    world.calm()
    seen: list[int] = []

    def uninstall() -> None:
        if not seen:
            seen.append(len(world.house.internet.sent))
            assert world.house.uninstall(iat=int(world.house.clock.now.timestamp()),
                                         exp=int(world.house.clock.now.timestamp()) + 60
                                         ).status_code == 204  # fmt: skip
            seen[0] = len(world.house.internet.sent)
            world.house.clock.pass_(seconds=2)

    world.fault = on(call, uninstall)
    world.start()
    world.work_off()
    assert seen
    late = [f"{e.method} {e.url}" for e in world.house.internet.sent[seen[0] :]]
    assert late == []
    assert world.writes() == []


def test_E9_a_run_of_one_instance_never_opens_what_is_anothers(world: Importing) -> None:
    world.start()
    ours = RunMessage(**json.loads(world.message()))
    (theirs,) = [e for e in world.house.table.all() if e.client_key == "client-b"]
    mark, calls = len(world.house.kms.log), len(world.house.internet.sent)
    forged = [
        RunMessage(theirs.instance_id, ours.generation, ours.run, ours.leg),
        RunMessage(theirs.instance_id, theirs.generation, ours.run, ours.leg),
        RunMessage(ours.instance, Generation("g1"), ours.run, ours.leg),
        RunMessage(ours.instance, ours.generation, "another run", ours.leg),
        RunMessage(ours.instance, ours.generation, ours.run, ours.leg + 1),
        RunMessage(ours.instance, ours.generation, ours.run, 0),
    ]
    for message in forged:
        assert world.worker.work(message.packed()).again is None
    assert len(world.house.kms.log) == mark, "no key was asked for"
    assert len(world.house.internet.sent) == calls, "no call was made"
    before = world.house.site_b.properties.copy()
    questions = len(world.house.site_b.questions)
    world.work_off()
    assert len(world.house.site_b.questions) == questions
    assert world.house.site_b.properties == before
    assert set(json.loads(world.message())) == {"instance", "generation", "run", "leg"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_E10_no_redirect_is_followed_by_any_call(world: Importing, status: int) -> None:
    world.run()
    names = list(dict.fromkeys(each.name for each in world.seen))
    for name in names:
        world.calm()
        world.directory.change_person(person_ids(1)[0], displayName=f"Name {name}")
        world.fault = on(name, lambda: Reply(b"", status, {"Location": f"{EVIL}/steal"}))
        run = world.run()
        came = [each for each in world.seen if each.name == name]
        if not name.endswith("/applications"):  # there only the date of a secret is looked for
            assert not came or run["state"] == "failed", name
        assert world.house.internet.hosts_asked() <= KNOWN
        world.calm()
        assert world.run()["state"] == "succeeded", name


class Killed(BaseException):
    """The process is gone."""


def test_E11_a_run_without_progress_fails_visibly_and_raises_an_alarm(world: Importing) -> None:
    def kill() -> None:
        raise Killed

    world.fault = on("/users/delta", kill)
    run_id = world.start()
    with pytest.raises(Killed):
        world.worker.work(world.message())
    assert world.shown(run_id)["state"] == "running"
    world.house.clock.pass_(minutes=16)
    run = world.shown(run_id)
    assert (run["state"], run["reason"]) == ("failed", "no_progress")
    assert run["next_step"]
    alarms = [
        json.loads(line) for line in world.house.log.getvalue().splitlines() if '"alarm"' in line
    ]
    assert [(e["kind"], e["run_id"], e["reason"]) for e in alarms] == [
        ("import_stalled", run_id, "no_progress")
    ]
    world.calm()
    assert world.run()["state"] == "succeeded"
    assert {e.state for e in world.source.executions.values()} <= {"DONE", "CANCELLED"}


def test_E12_a_wrong_mapping_is_told_whole_and_nothing_is_sent(world: Importing) -> None:
    problems = [
        {"code": "UNKNOWN_EXTERNAL_ID_MAPPING", "message": "quotes Canary Person 1"},
        {"code": "UNKNOWN_REFERENCE", "message": "and more"},
        {"code": "<script>alert(1)</script>", "message": "x"},
    ]
    world.fault = on("/mapping", lambda: Reply({"dataValidationErrors": problems}, 400))
    run = world.run()
    stopped_without_harm(world, run, "mapping_refused")
    assert "UNKNOWN_EXTERNAL_ID_MAPPING, UNKNOWN_REFERENCE" in run["next_step"]
    assert "anary" not in run["next_step"]
    assert "script" not in run["next_step"]
    assert not [each for each in world.seen if "/executions" in each.name]


def test_E12_every_attribute_that_is_in_the_way_is_named(world: Importing) -> None:
    space = world.assets.workspace
    person = space.add_type(world.source.schema_id, "Person").id
    for name in ("Email", "Manager", "Status"):
        space.add_attribute(person, name, default_type=1)
    run = world.run()
    stopped_without_harm(world, run, "attribute_in_the_way")
    for name in ("Manager", "Status"):
        assert name in run["next_step"]
    assert not [each for each in world.seen if "/mapping" in each.name]
