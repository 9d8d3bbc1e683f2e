"""Who counts as a person: those of the import, not those of a type that somebody named alike."""

from __future__ import annotations

import pytest

from app.errors import NotAllowed, ServiceFailed, ServiceUnreachable
from app.inventory import AssetObject, AttributeType
from app.my_assets.shelf import KEPT_FOR
from tests.stand_ins.assets import account
from tests.stand_ins.my_assets_site import ADA, BOB, MyAssetsSite

LOOKS = ("Entra ID", "Email", "Jira account")


@pytest.fixture
def site() -> MyAssetsSite:
    made = MyAssetsSite()
    licence = made.shelf.add_type(made.stock, "Licence")
    made.shelf.add_attribute(licence, "Holder")
    made.shelf.add(licence, "Ada's licence", Holder="e-ada")
    made.save(owner_rules=[{"object_type": "*", "attribute": "Holder", "match": "entra_id"}])
    return made


def made_up_person(site: MyAssetsSite, *attributes: str, **values: str) -> AssetObject:
    """Of a type called Person in a schema of somebody's own."""
    person = site.shelf.add_type(site.shelf.add_schema("MINE"), "Person")
    for name in attributes:
        is_user = name == "Jira account"
        kind = AttributeType.USER if is_user else AttributeType.DEFAULT
        site.shelf.add_attribute(person, name, kind)
    given = {k: account(v) if k == "Jira_account" else v for k, v in values.items()}
    return site.shelf.add(person, "Made up", **given)  # type: ignore[arg-type]


def test_a_made_up_person_makes_nobody_somebody_else(site: MyAssetsSite) -> None:
    site.person("e-ada", linked_to=ADA)
    made_up_person(site, *LOOKS, Entra_ID="e-ada", Jira_account=BOB)
    page = site.page(BOB)
    assert (page["person"], page["total"]) == ("unmatched", 0)
    assert site.labels(ADA) == ["Ada's licence"]


def test_a_made_up_person_takes_nobody_their_own(site: MyAssetsSite) -> None:
    site.person("e-ada", linked_to=ADA)
    made_up_person(site, *LOOKS, Entra_ID="e-x", Jira_account=ADA)
    assert site.labels(ADA) == ["Ada's licence"]
    assert site.alarms == []


def test_where_the_schema_of_the_import_cannot_be_read_nobody_is_a_person(
    site: MyAssetsSite,
) -> None:
    site.person("e-ada", linked_to=ADA)
    made_up_person(site, *LOOKS, Entra_ID="e-ada", Jira_account=BOB)
    site.shelf.unreadable = {site.schema}
    assert [site.page(one)["person"] for one in (ADA, BOB)] == ["unmatched", "unmatched"]


@pytest.mark.parametrize("missing", LOOKS)
def test_where_it_is_not_known_a_person_has_all_that_the_import_gives(
    site: MyAssetsSite, missing: str
) -> None:
    site.import_schema = None
    site.person("e-ada", linked_to=ADA)
    others = [name for name in LOOKS if name != missing]
    values = {"Entra_ID": "e-x", "Jira_account": ADA, "Email": "ada@example.com"}
    given = {k: v for k, v in values.items() if k.replace("_", " ") in others}
    made_up_person(site, *others, **given)
    assert site.labels(ADA) == ["Ada's licence"]
    assert site.alarms == []


@pytest.mark.parametrize(
    ("failure", "told"),
    [(ServiceUnreachable(), ServiceUnreachable), (NotAllowed(), ServiceFailed)],
)
def test_a_look_up_of_the_schema_that_fails_is_not_taken_for_not_known(
    site: MyAssetsSite, failure: Exception, told: type[Exception]
) -> None:
    site.schema_fails = failure
    with pytest.raises(told):
        site.page()
    site.schema_fails = None
    assert site.page()["person"] == "unmatched"


def test_the_schema_is_asked_once_for_each_catalogue_and_a_change_is_seen_soon(
    site: MyAssetsSite,
) -> None:
    site.person("e-ada", linked_to=ADA)
    for _ in range(3):
        assert site.page()["person"] == "matched"
    assert site.schema_look_ups == 1
    site.import_schema = site.stock
    site.later(KEPT_FOR.total_seconds())
    assert site.page()["person"] == "unmatched"
