"""What the vendor's commands do with a reference of another region: they look at it, never write.

It is there by mistake, of a copied table; its own deployment erases and re-wraps it.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import pytest
import structlog

from app import cli
from app.goodbye.purge import staff_id
from app.instances.pinned import ALARM
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Change
from app.wiring import (
    vendor_cleanup,
    vendor_dump,
    vendor_instances,
    vendor_purge,
    vendor_rights,
)
from app.wiring.aws import Aws
from tests.goodbye.world import Goodbyes, name
from tests.stand_ins.atlassian import NOW
from tests.stand_ins.claims import InMemoryClaims
from tests.stand_ins.kms import StrictKms

THERE = "us-east-1"
LONG_AGO = NOW - timedelta(days=100)
ALICE, BOB = "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:user/bob"
COMMANDS = (vendor_cleanup, vendor_dump, vendor_instances, vendor_purge, vendor_rights)


class Swept(InMemoryClaims):
    """No claim is old."""

    def expired(self, now: object) -> int:
        return 0

    def sweep(self, now: object) -> int:
        return 0


class Vendor:
    """Somebody of the vendor's at a keyboard, on a table with a site of here and one of there."""

    def __init__(self, patch: pytest.MonkeyPatch, world: Goodbyes) -> None:
        self.world, self.identity = world, ALICE
        self.lines: list[Any] = []
        ends: dict[str, Any] = {
            "aws_clients": lambda _: Aws(None, None, None),  # type: ignore[arg-type]
            "sts_client": lambda _: None,
            "identity_of": lambda _: self.identity,
            "DynamoInstanceTable": lambda *_: world.table,
            "DynamoReceiptChain": lambda *_: world.chain,
            "DynamoClaims": lambda *_: Swept(),
            "KmsSigner": lambda *_: world.key.signer(),
            "KmsDataKeys": lambda _: StrictKms(),
            "housekeeping": lambda *_: iter(()),
            "utc_now": lambda: NOW,
        }
        rooms = [each for path, each in sys.modules.items() if path.startswith("app.wiring.")]
        for end, made in ends.items():
            for each in rooms:
                if hasattr(each, end):
                    patch.setattr(each, end, made)
        patch.setenv("APP_BASE_URL", "https://app.example.com")
        patch.setenv("AWS_REGION", "eu-central-1")
        patch.setattr("app.logs.configure", lambda *_: None)
        patch.setattr("logging.captureWarnings", lambda **_: None)

    def run(self, *arguments: str) -> int:
        with structlog.testing.capture_logs() as lines:
            code = cli.main(["vendor", *arguments])
        self.lines += lines
        return code

    def cleanup(self) -> int:
        return self.run("cleanup", "--receipts", str(self.world.folder))

    def purge(self, letter: str) -> int:
        folder = ["--receipts", str(self.world.folder)]
        return self.run("purge", name(letter), "--reason", "gone", *folder)

    def there(self) -> InstanceReference:
        found = self.world.table.read(name("b"))
        assert found is not None
        return found

    def put(self, letter: str, **values: Any) -> None:
        change = Change({(each,): value for each, value in values.items()})
        assert self.world.table.change(name(letter), change) is not None


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch, world: Goodbyes) -> Vendor:
    assert all(COMMANDS)
    made = Vendor(monkeypatch, world)
    world.install("a")
    world.install("b", region=THERE)
    return made


@pytest.fixture
def world(tmp_path: Any) -> Goodbyes:
    return Goodbyes(tmp_path / "receipts")


def alarms(vendor: Vendor) -> set[str]:
    return {line["instance_id"] for line in vendor.lines if line.get("kind") == ALARM}


def test_the_cleanup_erases_what_is_due_here_and_leaves_what_is_due_there(
    vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.world.uninstall("a", LONG_AGO)
    vendor.world.uninstall("b", LONG_AGO)
    before = vendor.there()
    assert vendor.cleanup() == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["erased"] == [name("a")]
    assert vendor.there() == before
    assert alarms(vendor) == {name("b")}
    assert [file.name for file in vendor.world.folder.glob("*.json")] == summary["receipts"]


def test_an_old_wish_of_there_is_not_swept_here(
    vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = {"staff_id": staff_id(ALICE), "asked_at": stamp(LONG_AGO)}
    for letter in "ab":
        vendor.put(letter, state="silent", silent_since=stamp(LONG_AGO), purge=wish)
    assert vendor.cleanup() == 0
    assert json.loads(capsys.readouterr().out)["swept"]["purge wish"] == 1
    assert vendor.there().purge == wish


@pytest.mark.parametrize("confirms", [False, True])
def test_a_purge_of_there_is_neither_wished_for_nor_carried_out_here(
    vendor: Vendor, capsys: pytest.CaptureFixture[str], confirms: bool
) -> None:
    vendor.put("b", state="silent", silent_since=stamp(LONG_AGO))
    if confirms:
        vendor.put("b", purge={"staff_id": staff_id(BOB), "asked_at": stamp(NOW)})
    before = vendor.there()
    assert vendor.purge("b") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "another region" in err
    assert alarms(vendor) == {name("b")}
    assert vendor.there() == before


def test_a_purge_of_here_goes_on_as_ever(
    vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.put("a", state="silent", silent_since=stamp(LONG_AGO))
    assert vendor.purge("a") == 0
    vendor.identity = BOB
    assert vendor.purge("a") == 0
    assert '"erased"' in capsys.readouterr().out


def test_a_site_of_there_is_not_made_due_here_and_can_be_looked_at(
    vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.world.uninstall("b")
    before = vendor.there()
    assert vendor.run("rights", "delete", "--instance", name("b")) == 1
    assert "another region" in capsys.readouterr().err
    assert vendor.there() == before
    assert vendor.run("rights", "access", "--instance", name("b")) == 0
    assert json.loads(capsys.readouterr().out)["held"]["region"] == THERE


def test_a_site_of_here_is_made_due(vendor: Vendor, capsys: pytest.CaptureFixture[str]) -> None:
    vendor.world.uninstall("a")
    assert vendor.run("rights", "delete", "--instance", name("a")) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "due_now"


@pytest.mark.parametrize("command", [["instances", "--json"], ["dump"]])
def test_who_only_looks_sees_all_and_raises_no_alarm(
    vendor: Vendor, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    before = vendor.there()
    assert vendor.run(*command) == 0
    found = json.loads(capsys.readouterr().out)["instances"]
    assert {each["instance_id"]: each["region"] for each in found} == {
        name("a"): "eu-central-1", name("b"): THERE,
    }  # fmt: skip
    assert alarms(vendor) == set()
    assert vendor.there() == before


def test_a_life_that_moved_away_between_two_looks_is_not_erased(vendor: Vendor) -> None:
    world = vendor.world
    world.uninstall("a", LONG_AGO)
    step = world.chain.append

    def moved(*given: Any) -> bool:
        vendor.put("a", region=THERE)
        return step(*given)

    world.chain.append = moved  # type: ignore[method-assign]
    vendor.cleanup()
    found = world.table.read(name("a"))
    assert found is not None
    assert (found.state, found.region) == ("uninstalled", THERE)
