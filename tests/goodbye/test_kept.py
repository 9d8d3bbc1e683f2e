"""What is kept is declared once, and the trust page says the same."""

from __future__ import annotations

from datetime import timedelta

from app.goodbye.kept import KEPT, RUN_HISTORY
from app.goodbye.trust import trust_page
from app.imports.history import KEPT as HISTORY_KEEP
from app.instances.claims import KEEP as CLAIMS_KEEP
from app.instances.lives import ERASE_AFTER


def longest(name: str) -> timedelta | None:
    (found,) = [each.longest for each in KEPT if each.name == name]
    return found


def test_the_code_that_writes_uses_the_declared_times() -> None:
    assert longest("claims") == CLAIMS_KEEP
    assert longest("instance reference") == ERASE_AFTER
    assert longest("run history") == RUN_HISTORY == HISTORY_KEEP


def test_nothing_of_a_person_rests_with_the_vendor() -> None:
    assert [each.name for each in KEPT if each.persons and each.owner == "vendor"] == []


def test_everything_of_the_vendors_ends() -> None:
    assert [each.name for each in KEPT if each.owner == "vendor" and each.longest is None] == []
    assert all(each.longest <= timedelta(days=60) for each in KEPT if each.longest is not None)


def test_the_trust_page_names_every_class_with_its_longest_time() -> None:
    page = trust_page(role_split=True, region="eu-central-1")
    assert [each["class"] for each in page["kept"]] == [each.name for each in KEPT]
    assert all(each["longest"] for each in page["kept"])
    assert page["role_split"] is True
