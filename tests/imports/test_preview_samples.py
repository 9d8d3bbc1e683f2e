"""What a preview would do, record by record: who, what and why; bounded, and for an hour."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.errors import InputRefused, NotThere, ServiceUnreachable, SettingsUnreadable
from app.imports.planning.samples import MOST_BYTES, Sample, Samples, packed, unpacked
from app.site_settings.documents import ImportRules
from app.words import Json
from tests.stand_ins.entra_directory import Device, Group, Person
from tests.stand_ins.import_world import ImportWorld

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def company() -> ImportWorld:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="mark"))
    world.graph.people_by_id = {
        "a1": Person("a1", "Ada", "ada@one.example", "ada", manager="b1"),
        "b1": Person("b1", "Bo", None, "bo", department="Lab"),
        "e1": Person("e1", "Eve", upn="eve"),
    }
    world.graph.groups_by_id = {"c1": Group("c1", "Builders", ("a1",))}
    world.graph.devices_by_id = {"d1": Device("d1", "Laptop", "M1", owner="a1")}
    return world


def records(world: ImportWorld, run: Json, **asked: str) -> list[Json]:
    found: list[Json] = world.samples.records(world.instance, run["id"], **asked)["records"]
    return found


def test_each_planned_record_is_told_with_its_reason() -> None:
    world = company()
    world.run()
    world.assets.writes.clear()
    world.graph.people_by_id["a1"].upn = "ada2"
    world.graph.people_by_id["a1"].manager = None
    world.graph.people_by_id["b1"].department = None
    world.graph.people_by_id["n1"] = Person("n1", "Nia")
    world.graph.people_by_id["g1"] = Person("g1", "Gus", guest=True)
    del world.graph.people_by_id["e1"]
    world.graph.devices_by_id["d1"].owner = "n1"
    run = world.run("preview")
    found = {each["entra_id"]: each for each in records(world, run)}
    told = {key: (each["kind"], each["action"], each["code"]) for key, each in found.items()}
    assert told == {
        "a1": ("person", "update", "changed"),
        "b1": ("person", "update", "changed"),
        "n1": ("person", "create", "new"),
        "g1": ("person", "skipped", "guest"),
        "e1": ("person", "leavers", "gone_marked"),
        "d1": ("device", "update", "changed"),
    }
    assert found["a1"]["changes"] == ["User principal name", "Manager"]
    assert found["a1"]["clears"] == ["Manager"]
    assert found["b1"]["clears"] == ["Department"]
    assert found["d1"]["changes"] == ["Assigned To"]
    assert found["d1"]["clears"] == []
    assert (found["e1"]["name"], found["g1"]["name"]) == ("Eve", "Gus")
    assert "Changed: User principal name. Emptied: Manager." in found["a1"]["reason"]
    assert world.assets.writes == []


def test_groups_that_would_change_are_named() -> None:
    world = company()
    world.rule(memberships=("c1",))
    world.run()
    world.graph.groups_by_id["c1"].members = ("b1",)
    changed = {each["entra_id"]: each for each in records(world, world.run("preview"))}
    assert changed["a1"]["clears"] == ["Groups"]
    assert changed["b1"]["changes"] == ["Groups"]


def test_a_filter_says_whom_it_leaves_out_and_how_many() -> None:
    world = company()
    world.rule(filter={"enabled_only": True, "groups": ("c1",)})
    world.graph.people_by_id["b1"].enabled = False
    run = world.run("preview")
    assert run["filter"] == {"let_in": 1, "left_out": 2}
    skipped = records(world, run, action="skipped")
    assert {each["entra_id"]: each["code"] for each in skipped} == {
        "b1": "disabled", "e1": "not_in_groups",
    }  # fmt: skip
    assert world.run("full")["filter"] is None


@pytest.mark.parametrize(
    ("leavers", "code"),
    [("keep", "gone_kept"), ("mark", "gone_marked"), ("delete", "gone_deleted")],
)
def test_a_leaver_is_told_with_what_would_become_of_them(leavers: str, code: str) -> None:
    world = company()
    world.run()
    world.rule(leavers=leavers)
    del world.graph.people_by_id["e1"]
    (leaver,) = records(world, world.run("preview"), action="leavers")
    assert (leaver["entra_id"], leaver["code"]) == ("e1", code)


def test_many_records_are_sampled_and_all_of_them_counted() -> None:
    world = ImportWorld()
    world.graph.page_size = world.assets.page_size = 500
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}") for n in range(230)}
    run = world.run("preview")
    first = world.samples.records(world.instance, run["id"], kind="person", action="create")
    assert (first["total"], first["sampled"], len(first["records"])) == (230, 50, 50)
    assert first["next_cursor"] is None
    assert world.samples.records(world.instance, run["id"], kind="device")["total"] == 0


def full_samples(text: str) -> Samples:
    samples = Samples()
    for kind in ("group", "department", "location", "person", "device", "application"):
        for number in range(50):
            for action in ("create", "update", "leavers", "skipped"):
                name = f"{kind} {action} {number} {hash((text, kind, action, number)):x}"
                samples.totals[kind, action] += 1  # type: ignore[index]
                samples.take(kind, action, Sample(f"{number:036}", name * 4, "new"))  # type: ignore[arg-type]
    return samples


def test_samples_fit_into_a_property_whatever_they_hold() -> None:
    content = packed(full_samples("x"), "run", NOW)
    assert len(content) <= MOST_BYTES
    kept = unpacked(content, NOW)
    assert kept is not None
    sorts = {sort for sort, _ in kept.records}
    assert len(sorts) == 24, "each kind and action is still there"


def test_pages_follow_each_other_without_a_gap() -> None:
    world = company()
    run = world.run("preview")
    world.connected.sampled.content = packed(full_samples("y"), run["id"], world.clock())
    found: list[Json] = []
    cursor: str | None = None
    while True:
        page = world.samples.records(world.instance, run["id"], cursor=cursor)
        found += page["records"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(found) == page["sampled"] > 100
    assert len({(each["kind"], each["action"], each["name"]) for each in found}) == len(found)


def test_after_an_hour_nothing_is_shown_and_the_next_tick_forgets_it() -> None:
    world = company()
    run = world.run("preview")
    kept_until = world.samples.records(world.instance, run["id"])["kept_until"]
    assert kept_until is not None
    world.clock.wait(3600)
    page = world.samples.records(world.instance, run["id"])
    assert (page["records"], page["kept_until"]) == ([], None)
    set_ = world.instance_with("preview-samples")
    world.samples.sweep(set_)
    assert world.connected.sampled.content is None


def test_samples_within_their_hour_survive_the_tick() -> None:
    world = company()
    run = world.run("preview")
    world.samples.sweep(world.instance_with("preview-samples"))
    assert records(world, run)


def test_samples_that_do_not_open_are_forgotten_and_those_of_a_silent_site_wait() -> None:
    world = company()
    world.run("preview")
    store = world.connected.sampled
    instance = world.instance_with("preview-samples")
    store.fault = ServiceUnreachable()
    world.samples.sweep(instance)
    assert store.content is not None
    store.fault = SettingsUnreadable()
    world.samples.sweep(instance)
    assert store.content is None


def test_samples_belong_to_their_run_alone_and_other_runs_leave_none() -> None:
    world = company()
    first, second = world.run("preview"), world.run("preview")
    assert records(world, second)
    assert records(world, first) == []
    world.connected.sampled.content = None
    assert records(world, world.run("full")) == []
    assert world.connected.sampled.content is None


def test_samples_that_cannot_be_sealed_do_not_spoil_the_preview() -> None:
    world = company()
    world.connected.sampled.fault = ServiceUnreachable()
    assert world.run("preview")["state"] == "succeeded"


def test_no_name_stands_in_the_run_itself() -> None:
    world = company()
    run = world.run("preview")
    assert "Ada" not in repr(run)
    assert "Ada" not in repr(world.table.read(world.instance.instance_id))


def test_what_is_asked_for_wrongly_is_named_and_an_unknown_run_is_not_there() -> None:
    world = company()
    run = world.run("preview")
    with pytest.raises(InputRefused) as refused:
        world.samples.records(world.instance, run["id"], "people", "destroy", "-1")
    assert {each.field for each in refused.value.problems} == {"kind", "action", "cursor"}
    with pytest.raises(NotThere):
        world.samples.records(world.instance, "nobody")


@pytest.mark.parametrize("content", [b"", b"rubbish", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_bytes_that_are_no_samples_are_none(content: bytes) -> None:
    assert unpacked(content, NOW) is None


def test_samples_that_claim_to_last_longer_than_an_hour_are_none() -> None:
    content = packed(Samples(), "run", NOW.replace(hour=12))
    assert unpacked(content, NOW) is None
