"""Cleanup, specified once: on the stand-in of the table and on the real engine."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import timedelta

import pytest

from app.errors import ServiceUnreachable
from app.goodbye.references import receipt_of
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Change
from app.kept import AFTER_UNINSTALL, TOMBSTONES
from app.outside.receipt_folder import ReceiptFolder
from app.settings import read_settings
from app.wiring import vendor_cleanup
from tests.goodbye.world import Goodbyes, name

STAYS = {"instance_id", "door", "generation", "state", "erased_at", "receipt"}
DUE = AFTER_UNINSTALL.days
SETTINGS = read_settings({"APP_BASE_URL": "https://app.example.com"}, descriptor_key="app")


def refuse(*_: object) -> None:
    raise ServiceUnreachable("The disk is full.")


def held(reference: InstanceReference) -> set[str]:
    return {each.name for each in fields(reference) if getattr(reference, each.name)}


def test_nothing_is_erased_a_second_before_it_is_due(goodbyes: Goodbyes) -> None:
    goodbyes.install()
    goodbyes.uninstall()
    summary = goodbyes.cleanup().run(goodbyes.now + AFTER_UNINSTALL - timedelta(seconds=1))
    assert (summary.erased, summary.not_due) == ([], 1)
    assert goodbyes.read().state == "uninstalled"
    assert not goodbyes.folder.exists()


def test_what_is_due_becomes_a_tombstone_with_a_receipt_and_nothing_else(
    goodbyes: Goodbyes,
) -> None:
    life = goodbyes.install()
    goodbyes.uninstall()
    summary = goodbyes.clean(DUE)
    stone = goodbyes.read()
    assert held(stone) == STAYS
    assert (stone.state, stone.generation) == ("erased", life.generation)
    file = goodbyes.folder / f"{name('a')}-{life.generation}.json"
    assert file.read_text() == stone.receipt == receipt_of(goodbyes.table, name("a"), goodbyes.now)
    assert (summary.erased, summary.receipts, summary.left) == ([name("a")], [file.name], [])


def test_what_is_installed_silent_or_not_due_stays_as_it_is(goodbyes: Goodbyes) -> None:
    goodbyes.install("a")
    goodbyes.install("b", state="silent", silent_since="2020-01-01T00:00:00Z")
    goodbyes.install("c")
    goodbyes.uninstall("c", goodbyes.now + timedelta(days=20))
    before = [goodbyes.read(letter) for letter in "abc"]
    assert goodbyes.clean(DUE + 10).erased == []
    assert [goodbyes.read(letter) for letter in "abc"] == before


def test_the_dry_run_tells_the_very_things_and_writes_nothing(goodbyes: Goodbyes) -> None:
    for letter in "abc":
        goodbyes.install(letter)
    goodbyes.uninstall("a")
    goodbyes.uninstall("b")
    before = [goodbyes.read(letter) for letter in "abc"]
    told = goodbyes.clean(DUE, dry=True).shown()
    assert [goodbyes.read(letter) for letter in "abc"] == before
    assert not goodbyes.folder.exists()
    assert sorted(told["erased"]) == [name("a"), name("b")]
    assert goodbyes.clean(DUE).shown() == told | {"dry_run": False}


def test_repeated_it_does_nothing_more(goodbyes: Goodbyes) -> None:
    goodbyes.install()
    goodbyes.uninstall()
    goodbyes.clean(DUE)
    stone, files = goodbyes.read(), goodbyes.checked()
    again = goodbyes.clean(DUE + 1)
    assert (again.erased, again.receipts, again.tombstones) == ([], [], [])
    assert (goodbyes.read(), goodbyes.checked()) == (stone, files)


def test_two_cleanups_at_once_erase_each_once_and_cannot_fork_the_chain(
    goodbyes: Goodbyes,
) -> None:
    letters = "abcdef"
    for letter in letters:
        goodbyes.install(letter)
        goodbyes.uninstall(letter)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: goodbyes.clean(DUE), range(4)))
    erased = [each for summary in told for each in summary.erased]
    assert sorted(erased) == [name(letter) for letter in letters]
    assert [each for summary in told for each in summary.left] == []
    assert sorted(each.number for each in goodbyes.checked().values()) == [1, 2, 3, 4, 5, 6]
    head = goodbyes.chain.head()
    assert head is not None
    assert head.number == len(letters)


def test_the_tombstone_goes_after_sixty_days_and_its_receipt_stays(goodbyes: Goodbyes) -> None:
    goodbyes.install()
    goodbyes.uninstall()
    goodbyes.clean(DUE)
    assert goodbyes.clean(DUE + TOMBSTONES.days - 0.1).tombstones == []
    assert goodbyes.clean(DUE + TOMBSTONES.days).tombstones == [name("a")]
    assert goodbyes.table.read(name("a")) is None
    assert len(goodbyes.checked()) == 1


def test_a_file_that_is_missing_is_written_again_from_the_tombstone(goodbyes: Goodbyes) -> None:
    for letter in "ab":
        goodbyes.install(letter)
        goodbyes.uninstall(letter)
    goodbyes.clean(DUE)
    files = sorted(each.name for each in goodbyes.folder.iterdir())
    for each in goodbyes.folder.iterdir():
        each.unlink()
    assert sorted(goodbyes.clean(DUE).receipts) == files
    assert sorted(goodbyes.checked()) == files


def test_the_newest_receipt_is_not_lost_although_the_site_came_back_before_its_file_was_written(
    goodbyes: Goodbyes,
) -> None:
    life = goodbyes.install()
    goodbyes.uninstall()
    goodbyes.clean(DUE)
    file = goodbyes.folder / f"{name('a')}-{life.generation}.json"
    file.unlink()
    goodbyes.again("a", goodbyes.now + timedelta(days=DUE + 1))
    assert goodbyes.clean(DUE + 2).receipts == [file.name]
    assert [*goodbyes.checked()] == [file.name]


def test_a_wish_to_purge_is_swept_when_its_week_is_over(goodbyes: Goodbyes) -> None:
    wish = {"staff_id": "0123", "asked_at": stamp(goodbyes.now)}
    goodbyes.install("a", state="silent", silent_since=stamp(goodbyes.now), purge=wish)
    assert goodbyes.clean(6.9, dry=True).swept == {"purge wish": 0}
    assert goodbyes.clean(6.9).swept == {"purge wish": 0}
    assert goodbyes.clean(7, dry=True).swept == {"purge wish": 1}
    assert goodbyes.clean(7).swept == {"purge wish": 1}
    assert goodbyes.read().purge is None


def test_a_key_that_signs_nothing_leaves_everything_as_it_was_and_says_so(
    goodbyes: Goodbyes,
) -> None:
    goodbyes.install()
    goodbyes.uninstall()
    before = goodbyes.read()
    goodbyes.key.enabled = False
    summary = goodbyes.clean(DUE)
    assert summary.left == [{"about": name("a"), "reason": "OwnServiceUnreachable"}]
    assert goodbyes.read() == before
    goodbyes.key.enabled = True
    assert goodbyes.clean(DUE).erased == [name("a")]


def test_another_file_in_a_receipts_place_is_never_overwritten(world: Goodbyes) -> None:
    life = world.install()
    world.uninstall()
    world.folder.mkdir()
    file = world.folder / f"{name('a')}-{life.generation}.json"
    file.write_text("something else")
    summary = world.clean(DUE)
    assert summary.left == [{"about": name("a"), "reason": "ServiceFailed"}]
    assert (summary.erased, summary.receipts) == ([name("a")], [])
    assert file.read_text() == "something else"
    file.unlink()
    assert world.clean(DUE).receipts == [file.name]


def test_what_is_erased_is_never_said_to_be_left_as_it_was(
    world: Goodbyes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full disk: the reference is gone, and only the receipt's file still has to come."""
    world.install("a")
    world.install("b")
    world.uninstall("a")
    full = ReceiptFolder(world.folder)
    monkeypatch.setattr(full, "keep", refuse)
    monkeypatch.setattr(vendor_cleanup, "make_cleanup", lambda *_: world.cleanup(receipts=full))
    moment = world.now + timedelta(days=DUE)
    assert vendor_cleanup.cleanup(SETTINGS, str(world.folder), moment, dry=False) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["erased"] == [name("a")]
    assert err.startswith(f"Erased, but its receipt is not written yet: {name('a')}")
    assert "Left as it was" not in err
    assert world.clean(DUE).receipts == [f"{name('a')}-{world.read().generation}.json"]


def test_a_second_life_has_a_receipt_of_its_own(goodbyes: Goodbyes) -> None:
    goodbyes.install()
    goodbyes.uninstall()
    goodbyes.clean(DUE)
    later = goodbyes.now + timedelta(days=DUE + 1)
    goodbyes.again("a", later)
    goodbyes.uninstall("a", later)
    goodbyes.clean(2 * DUE + 2)
    assert [each.number for each in goodbyes.checked().values()] == [1, 2]


def test_no_key_of_an_unknown_attribute_survives(world: Goodbyes) -> None:
    world.install("a", run={"id": "r", "state": "running"}, seen_at=stamp(world.now))
    world.uninstall()
    world.table.change(name("a"), Change({("run",): {"id": "late"}}))
    world.clean(DUE)
    assert held(world.read()) == STAYS
