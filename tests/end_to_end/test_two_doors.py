"""The whole main job through each door, on worlds of one seed: what is stored, shown and logged."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox.administrator import Member, member, run_import, save_settings
from sandbox.app_process import AppProcess
from sandbox.directory import CAST, generate
from sandbox.world import World

pytestmark = pytest.mark.live

PEOPLE = 40
SEED = 7
# What only one door has. An event of Forge needs no digest: its installation says what it is.
OF_CONNECT = {"client_key", "connect_secret", "last_event_digest"}
OF_FORGE = {"installation_id", "site_token"}
TIMES = {"Created", "Updated"}  # attributes; two worlds are not born in one second


@dataclass
class Story:
    """What one door led to. Names and texts only, so that two can be compared."""

    shown: dict[str, Any] = field(default_factory=dict)
    stored: dict[str, Any] = field(default_factory=dict)
    table: str = ""
    storage: str = ""
    events: set[str] = field(default_factory=set)
    log: str = ""


def rows(answer: Any) -> list[Any]:
    """Assets as a person reads them."""
    return [
        {
            "label": asset["label"],
            "key": asset["object_key"],
            "type": asset["object_type"]["name"],
            "schema": asset["schema"]["name"],
            "attributes": [a for a in asset["attributes"] if a["name"] not in TIMES],
        }
        for asset in answer["assets"]
    ]


def exported(response: Any) -> list[dict[str, str]]:
    """The rows of a CSV export, which Forge wraps, without times."""
    wrapped = response.headers["Content-Type"].startswith("application/json")
    text = response.json()["content"] if wrapped else response.content.decode("utf-8-sig")
    read = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return [{k: v for k, v in row.items() if k not in TIMES | {"updated_at"}} for row in read]


def reference(world: World) -> dict[str, Any]:
    """The one instance reference, as it rests in the table."""
    table = boto3.client("dynamodb", endpoint_url=world.aws_url)
    items = table.scan(TableName=world.table)["Items"]
    (found,) = [each for each in items if "#" not in each["instance_id"]["S"]]
    return found


def everyone(world: World) -> dict[str, str]:
    cast = world.site.cast
    names = ("administrator", "first", "second", "third", "customer")
    return dict(zip(names, (cast.administrator, *cast.employees, cast.customer), strict=True))


def seen(world: World) -> dict[str, Any]:
    """My Assets of each person: their rows, their total, whether they are known."""
    found = {}
    for name, account_id in everyone(world).items():
        with member(world, account_id) as one:
            answer = one.call("GET", "/api/my-assets?sort=label")
        found[name] = [rows(answer), answer["total"], answer["person"]]
    return found


def previewed(world: World, admin: Member) -> dict[str, Any]:
    """Each person as an administrator sees them by the saved rules: all but what stands there."""
    saved = admin.call("GET", "/api/settings")["visibility"]
    draft = {name: one for name, one in saved.items() if name not in ("set", "changed_at")}
    found = {}
    for name, account_id in everyone(world).items():
        sent = {"person": account_id, "visibility": draft}
        told = admin.call("POST", "/api/settings/visibility/preview", sent)
        assert told["effect"] == {"appear": 0, "disappear": 0, "changed": 0}
        found[name] = [outlines(rows(told)), told["total"], told["person"]]
    return found


def outlines(shown: list[Any]) -> list[Any]:
    """The rows without the values."""
    return [
        {**row, "attributes": [(a["name"], len(a["values"])) for a in row["attributes"]]}
        for row in shown
    ]


def effect(admin: Member, draft: dict[str, Any]) -> Any:
    """What going back to these rules would do; without the time."""
    told = admin.call("POST", "/api/settings/visibility/effect", draft)
    assert told["people"]["gain"] > 0, "there is something to compare"
    return {name: one for name, one in told.items() if name not in ("as_of", "object_types")}


def refused(world: World) -> dict[str, list[int]]:
    """What the administrator's calls answer to the others."""
    calls = [
        ("GET", "/api/settings"),
        ("GET", "/api/imports"),
        ("DELETE", "/api/settings/entra"),
        ("POST", "/api/settings/visibility/preview"),
    ]
    found = {}
    for name in ("first", "customer"):
        with member(world, everyone(world)[name]) as one:
            found[name] = [one.ask(method, path).status_code for method, path in calls]
    return found


def settings(admin: Member) -> Any:
    """The parts as administrators see them: which are set, and the names of their fields."""
    state = admin.call("GET", "/api/settings")
    return {part: one["set"] for part, one in state.items()}


def parts_of(names: list[str]) -> set[str]:
    """The documents that site storage holds: names without generation and version."""
    return {re.sub(r"^[^.]+\.", "", name).rpartition(".")[0] for name in names}


def told(run: Any) -> Any:
    return {name: run[name] for name in ("mode", "state", "counts", "reason", "next_step")}


def main_job(world: World, story: Story) -> None:
    """Install, settings, import, My Assets, visibility, export."""
    world.door.install()
    with member(world, world.site.cast.administrator) as admin:
        story.shown["before"] = admin.ask("GET", "/api/my-assets").status_code
        save_settings(admin, world.credentials)
        story.shown["settings"] = settings(admin)
        story.shown["import"] = told(run_import(admin))
        story.shown["again"] = told(run_import(admin))
        story.shown["my assets"] = seen(world)
        story.shown["refused"] = refused(world)
        laptops = next(t.id for t in world.assets.workspace.types.values() if t.name == "Laptop")
        admin.call("PUT", "/api/settings/visibility", {"hidden_object_types": [str(laptops)]})
        hidden = seen(world)
        story.shown["laptops hidden"] = hidden
        for name, looked_at in previewed(world, admin).items():
            assert looked_at == [outlines(hidden[name][0]), *hidden[name][1:]]
        story.shown["effect"] = effect(admin, {})
        with member(world, everyone(world)["first"]) as one:
            story.shown["export"] = exported(one.ask("GET", "/api/my-assets/export?format=csv"))


def keep(world: World, story: Story) -> None:
    """What rests at the vendor and in Jira, while the app is installed."""
    found = reference(world)
    stored = world.door.stored()
    story.table, story.storage = json.dumps(found, default=str), json.dumps(stored)
    story.stored["attributes"] = set(found)
    story.stored["part keys"] = {k: set(v["M"]) for k, v in found["part_keys"]["M"].items()}
    story.stored["documents"] = parts_of(list(stored))


def through(door: str, folder: Path) -> Story:
    """The story of one door."""
    story, log = Story(), folder / "log"
    world = World(generate(PEOPLE, SEED), door)
    world.start()
    with log.open("w") as stream:
        app = AppProcess(world.environment(), stream)
        try:
            app.start()
            main_job(world, story)
            keep(world, story)
            world.door.uninstall()
            left = reference(world)
            story.stored["after"] = {name for name, value in left.items() if value != {"M": {}}}
            story.stored["state"] = left["state"]
        finally:
            app.stop()
            world.stop()
    story.log = log.read_text()
    story.events = {json.loads(line)["event"] for line in story.log.splitlines()}
    for text in (story.log, story.table, story.storage):
        assert [canary for canary in canaries(world) if canary in text] == [], door
    return story


def canaries(world: World) -> list[str]:
    """What may rest nowhere and stand in no log: secrets, tokens, people."""
    given = world.credentials
    found = [given.api_token, given.client_secret, given.container_token, "eyJhbGci"]
    for one in CAST:
        found += [one.email, one.display_name, one.entra_id]
    return found + list(everyone(world).values())


@pytest.mark.timeout(300)
def test_both_doors_store_show_and_log_the_same(tmp_path: Path) -> None:
    stories = {}
    for door in ("connect", "forge"):
        (tmp_path / door).mkdir()
        stories[door] = through(door, tmp_path / door)
    connect, forge = stories["connect"], stories["forge"]
    assert connect.shown["my assets"]["first"][1] > 0, "there is something to compare"
    assert forge.shown == connect.shown
    assert forge.stored["attributes"] - OF_FORGE == connect.stored["attributes"] - OF_CONNECT
    assert {"site_token"} & connect.stored["attributes"] == set()
    assert OF_CONNECT & forge.stored["attributes"] == set()
    assert forge.stored["after"] - OF_FORGE == connect.stored["after"] - OF_CONNECT
    assert {"part_keys", "connect_secret", "site_token"} & forge.stored["after"] == set()
    for kind in ("part keys", "documents", "state"):
        assert forge.stored[kind] == connect.stored[kind], kind
    assert forge.events == connect.events
