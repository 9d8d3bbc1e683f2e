"""Whoever calls for a site that had gone silent shows that it lives."""

from __future__ import annotations

from datetime import timedelta

from app.instances.table import Change
from tests.doors.conftest import World
from tests.stand_ins.atlassian import context_token


def ask(world: World) -> int:
    headers = {"Authorization": f"JWT {context_token(sub='employee')}"}
    return world.client.get("/api/my-assets", headers=headers).status_code


def test_a_call_brings_it_back_and_the_next_one_writes_nothing(world: World) -> None:
    world.install()
    (installed,) = world.table.all()
    gone = Change({("state",): "silent", ("silent_since",): "2026-11-01T00:00:00Z"})
    world.table.change(installed.instance_id, gone)
    world.clock.now += timedelta(seconds=2)  # the doors keep a reference for 1.5 s
    assert ask(world) == 200
    (back,) = world.table.all()
    assert (back.state, back.silent_since, back.purge) == ("installed", None, None)
    (_, (served, *_), _) = world.feature.calls[-1]
    assert (served.instance_id, served.state) == (back.instance_id, "installed")
    world.clock.now += timedelta(seconds=1)
    assert ask(world) == 200
    assert list(world.table.all()) == [back]
