"""What is kept is declared once: every stored thing has a class, and every class has a rule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.goodbye.kept import EXPIRY_ATTRIBUTE, KEPT, KeptClass, retention
from app.goodbye.trust import trust_page
from app.instances.reference import ATTRIBUTES
from app.kept import LOG_LINES, LOG_LINES_AT_MOST
from app.outside.aws.dynamodb import HOUSEKEEPING
from app.vault.parts import DOCUMENTS

SITE_DOCUMENTS = {name for name, each in DOCUMENTS.items() if each.rests_in == "site storage"}


def things(store: str) -> set[str]:
    return {thing for each in KEPT if each.store == store for thing in each.things}


def test_every_attribute_of_the_table_has_a_class_and_no_class_names_another() -> None:
    assert things("instance table") - set(HOUSEKEEPING) == ATTRIBUTES


def test_every_housekeeping_item_has_a_class() -> None:
    named = things("instance table") | things("receipts")
    assert all(any(name.startswith(kind) for name in named) for kind in HOUSEKEEPING)


def test_every_sealed_document_in_the_customers_jira_has_a_class() -> None:
    assert things("customer's Jira") == SITE_DOCUMENTS


@pytest.mark.parametrize("each", KEPT, ids=lambda each: each.name)
def test_every_class_has_a_purpose_a_clock_and_an_end(each: KeptClass) -> None:
    assert each.purpose
    assert each.holds
    assert each.clock
    ends = each.longest is not None
    assert ends or each.ends_by in ("the customer", "never")


def test_nothing_of_a_person_rests_with_the_vendor() -> None:
    assert [each.name for each in KEPT if each.persons and each.owner == "vendor"] == []


def test_everything_of_the_vendors_ends_within_60_days_but_the_proof_of_it() -> None:
    assert [each.name for each in KEPT if each.owner == "vendor" and each.longest is None] == [
        "receipts"
    ]
    assert all(each.longest <= timedelta(days=60) for each in KEPT if each.longest is not None)
    assert LOG_LINES.days == 30
    assert LOG_LINES_AT_MOST.days == 60


def test_the_trust_page_names_every_class_with_its_longest_time() -> None:
    page = trust_page(role_split=True, region="eu-central-1")
    assert [each["class"] for each in page["kept"]] == [each.name for each in KEPT]
    assert all(each["longest"] for each in page["kept"])
    assert page["role_split"] is True


def test_the_trust_page_says_hours_as_hours_and_never_as_days() -> None:
    page = trust_page(role_split=True, region="eu-central-1")
    said = {each["class"]: each["longest"] for each in page["kept"]}
    assert said["site token"] == "4 hours"
    assert said["run history"] == "28 days"
    assert said["wrapped keys"] == "gone at once"
    assert said["receipts"] == "for good: it is the proof"


def test_machines_get_seconds() -> None:
    table = retention()
    assert set(table) == {each.name for each in KEPT}
    assert table["log lines"] == {
        "store": "logs", "owner": "vendor", "ends_by": "store", "longest_seconds": 30 * 86_400,
    }  # fmt: skip
    assert table["receipts"]["longest_seconds"] is None
    assert EXPIRY_ATTRIBUTE == "expires_at"
