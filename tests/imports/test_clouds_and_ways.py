"""Microsoft's national clouds, the container token, and what is left behind: at the wire."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sandbox.entra import CLIENT_SECRET
from tests.abuse.importing import (
    ALL_KINDS,
    API,
    GRAPH,
    LOGIN,
    importing,
    person_ids,
)

CLOUDS = {
    "global": (LOGIN, GRAPH),
    "usgov": ("login.microsoftonline.us", "graph.microsoft.us"),
    "usgov-dod": ("login.microsoftonline.us", "dod-graph.microsoft.us"),
    "china": ("login.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn"),
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_national_cloud_is_asked_and_no_other(
    monkeypatch: pytest.MonkeyPatch, cloud: str
) -> None:
    login, graph = CLOUDS[cloud]
    world = importing(monkeypatch, cloud=cloud, login=login, graph=graph)
    assert world.run()["state"] == "succeeded"
    assert set(world.objects()["Person"]) == set(person_ids(6))
    microsoft = {urlsplit(each.request.url or "").netloc for each in world.seen} - {API}
    assert microsoft == {login, graph}
    assert world.house.internet.stray == []
    tokens = [each for each in world.seen if each.name.endswith("/oauth2/v2.0/token")]
    for each in tokens:
        assert f"scope=https%3A%2F%2F{graph}%2F.default" in str(each.request.body)


def test_an_import_by_its_container_token_speaks_with_it_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = importing(monkeypatch)
    assert world.run()["state"] == "succeeded"
    for each in world.seen:
        if "/importsource/" in each.name and not each.name.endswith("/importsource/*"):
            sent = str(each.request.headers["Authorization"])
            assert sent == f"Bearer {world.source.token}", each.name


def test_what_is_left_behind_anywhere_of_ours_names_no_person(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    group = "00000000-0000-4000-8000-00000000000c"
    rules = {"objects": ALL_KINDS, "memberships": [group], "leavers": "delete",
             "brake": {"percent": 100, "count": 500}}  # fmt: skip
    world = importing(monkeypatch, rules=rules)
    opened: list[str] = []
    real = open

    def watched(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        if set(mode) & set("wax+"):
            opened.append(str(file))
        return real(file, mode, *more, **named)

    monkeypatch.setattr("builtins.open", watched)
    states = [world.run(mode)["state"] for mode in ("preview", "full", "delta")]
    world.directory.purge_person(person_ids(6)[5])
    world.directory.unassign_device(next(iter(world.directory.devices)))
    states += [world.run("delta")["state"], world.run("full")["state"]]
    world.fault = lambda request: ValueError("Canary Person 1")  # type: ignore[assignment]
    states.append(world.run()["state"])
    assert states == ["succeeded"] * 5 + ["failed"]
    assert opened == [], "no file is written"
    assert list(tmp_path.iterdir()) == []
    shown = json.dumps(world.services.imports.list(world.instance))
    house = world.house
    places = {
        "table": repr(house.table._items),
        "claims": repr(house.claims.kept),
        "queue": repr(house.queue.messages),
        "log": house.log.getvalue(),
        "runs": shown,
        "site storage": repr(house.site_a.properties),
        "keys": repr(house.kms.log),
    }
    canaries = ["anary", "contoso", *person_ids(6), CLIENT_SECRET, world.source.token,
                world.api_token, "eyJ"]  # fmt: skip
    found = [(name, each) for name, text in places.items() for each in canaries if each in text]
    assert found == []
    assert '"level": "error"' in places["log"] or '"level": "warning"' in places["log"]
