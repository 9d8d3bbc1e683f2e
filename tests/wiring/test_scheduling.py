"""The scheduler as its function runs: every tick's work is done with its own row of the role table.

The real wiring and vault on a strict key service, under the key policies that the table gives.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.imports.desk.schedule import Scheduler
from app.instances.table import Change
from app.settings import read_settings
from app.vault.key_policies import Arns, key_policy
from app.vault.roles import LOCKS, ROLES, TABLE
from app.wiring import house as wiring
from tests.abuse.house import ENVIRON, _replace
from tests.abuse.importing import Importing, importing
from tests.stand_ins.atlassian import APP_KEY
from tests.stand_ins.kms import role_arn

ARNS: Arns = {role: [role_arn(role)] for role in ROLES}
NIGHTLY = {"every": "day", "at": "02:00", "time_zone": "UTC"}


class Ticking:
    """A site that is set up by the web, and then a process of the scheduler's own."""

    def __init__(self, patch: pytest.MonkeyPatch, **rules: Any) -> None:
        self._patch = patch
        self.world: Importing = importing(patch, rules={"schedule": NIGHTLY, **rules})
        self.house = self.world.house

    def as_scheduler(self) -> Scheduler:
        """From here on every key asks who calls, and everything calls as the scheduler."""
        kms = self.house.kms
        for lock in LOCKS:
            kms.put_policy(f"alias/my-assets-{lock}", key_policy(lock, ARNS, APP_KEY))
        kms.log.clear()
        _replace(self._patch, "KmsDataKeys", lambda _: kms.as_role("scheduler"))
        settings = read_settings(ENVIRON, descriptor_key=APP_KEY)
        return wiring.build_house(settings).scheduler

    def used(self) -> dict[str, set[str]]:
        """What the keys were asked for since, as the scheduler."""
        found: dict[str, set[str]] = {}
        for call in self.house.kms.log:
            assert call.role == "scheduler"
            if "part" in call.context:
                found.setdefault(call.operation, set()).add(call.context["part"])
        return found

    def events(self) -> set[str]:
        lines = [json.loads(line) for line in self.house.log.getvalue().splitlines()]
        return {str(line["event"]) for line in lines}

    def as_web(self, look: Callable[[], Any]) -> Any:
        """What the web sees: its keys are not in question here."""
        for lock in LOCKS:
            self.house.kms.put_policy(f"alias/my-assets-{lock}", None)
        return look()

    def runs(self) -> list[dict[str, Any]]:
        return [dict(each) for each in self.as_web(
            lambda: self.world.services.imports.list(self.world.instance)
        )]  # fmt: skip


def within_its_row(used: dict[str, set[str]]) -> bool:
    row = TABLE["scheduler"]
    asked = set(used) <= {"Decrypt", "GenerateDataKey", "DescribeKey"}
    makes, opens = used.get("GenerateDataKey", set()), used.get("Decrypt", set())
    return asked and makes <= row.makes and opens <= row.opens


def test_a_tick_starts_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    ticking = Ticking(monkeypatch)
    scheduler = ticking.as_scheduler()
    ticking.house.clock.pass_(days=1)
    assert scheduler.tick(ticking.house.clock()) == 1
    run = ticking.world.instance.run
    assert run is not None
    assert run["state"] == "queued"
    assert {"import", "consent", "entra"} <= ticking.used()["Decrypt"]
    assert within_its_row(ticking.used())
    assert not ticking.events() & {"scheduled import not started", "chore failed"}


def test_a_tick_notes_why_none_began_in_a_history_that_it_makes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticking = Ticking(monkeypatch)
    ticking.house.site_a.licence = None
    scheduler = ticking.as_scheduler()
    ticking.house.clock.pass_(days=1)
    assert scheduler.tick(ticking.house.clock()) == 0
    assert ticking.used()["GenerateDataKey"] == {"run-history"}
    assert within_its_row(ticking.used())
    assert [each["reason"] for each in ticking.runs()] == ["licence"]


def test_a_tick_ends_what_stalled_and_writes_it_down(monkeypatch: pytest.MonkeyPatch) -> None:
    ticking = Ticking(monkeypatch)
    ticking.world.run()
    run_id = ticking.world.start()
    stalled = Change({("run", "state"): "running", ("run", "fence"): 1001})
    ticking.house.table.change(ticking.world.instance.instance_id, stalled)
    scheduler = ticking.as_scheduler()
    ticking.house.clock.pass_(minutes=16)
    scheduler.tick(ticking.house.clock())
    assert within_its_row(ticking.used())
    assert "run-history" in ticking.used()["Decrypt"]
    ended = [each for each in ticking.runs() if each["id"] == run_id]
    assert [(each["state"], each["reason"]) for each in ended] == [("failed", "no_progress")]


def test_a_tick_forgets_the_samples_of_a_preview_after_their_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticking = Ticking(monkeypatch)
    ticking.world.run("preview")
    assert "preview-samples" in ticking.world.instance.part_keys
    scheduler = ticking.as_scheduler()
    ticking.house.clock.pass_(minutes=61)
    scheduler.tick(ticking.house.clock())
    assert "preview-samples" not in ticking.world.instance.part_keys
    assert within_its_row(ticking.used())


def test_a_tick_goes_on_with_a_pass_of_accounts_and_forgets_one_that_nobody_wants(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticking = Ticking(monkeypatch, link_accounts={"people_an_hour": 100})
    ticking.world.run()
    assert "account-pass" in ticking.world.instance.part_keys
    scheduler = ticking.as_scheduler()
    scheduler.tick(ticking.house.clock())
    run = ticking.world.instance.run
    assert run is not None
    assert (run["mode"], run["state"]) == ("accounts", "queued")
    assert "account-pass" in ticking.used()["Decrypt"]
    assert within_its_row(ticking.used())


def test_a_pass_that_nobody_wants_any_more_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    ticking = Ticking(monkeypatch, link_accounts={"people_an_hour": 100})
    ticking.world.run()
    ticking.world.rule(container_token=ticking.world.source.token)
    scheduler = ticking.as_scheduler()
    scheduler.tick(ticking.house.clock())
    assert "account-pass" not in ticking.world.instance.part_keys
    assert within_its_row(ticking.used())


def test_the_scheduler_opens_no_credential_that_an_administrator_gave() -> None:
    given = {"assets-access", "entra-secret", "import-secret", "delta-links"}
    decides = {"visibility", "requests"}
    assert not TABLE["scheduler"].opens & (given | decides)
    assert TABLE["scheduler"].opens < TABLE["web"].opens
    assert TABLE["scheduler"].makes == {"run-history"}
    assert not TABLE["scheduler"].rewraps_inside | TABLE["scheduler"].rewraps_outside
