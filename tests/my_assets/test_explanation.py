"""Why something is in the list or not: never more than the list's own decision knows."""

from __future__ import annotations

import json

import pytest

from app.errors import NotAllowed, NotThere
from app.words import AccountId, Json
from tests.stand_ins.my_assets_site import ADA, BOB, MyAssetsSite


@pytest.fixture
def site() -> MyAssetsSite:
    return MyAssetsSite()


def why(
    site: MyAssetsSite, key: str, caller: AccountId = ADA, *, administrator: bool = False
) -> Json:
    return site.desk.explanation(site.instance, caller, key, is_administrator=administrator)


def test_ones_own_asset_is_explained_by_the_rule_that_shows_it(site: MyAssetsSite) -> None:
    phone = site.phone("Phone", ADA)
    assert why(site, phone.key) == {
        "visible": True,
        "reasons": [
            {"rule": "owner", "outcome": "yours_by_account"},
            {"rule": "access", "outcome": "allowed"},
            {"rule": "hidden_schema", "outcome": "not_hidden"},
            {"rule": "hidden_object_type", "outcome": "not_hidden"},
        ],
    }


@pytest.mark.parametrize("rule", ["hidden_schema", "hidden_object_type"])
def test_ones_own_hidden_asset_tells_the_kind_of_rule_and_nothing_else(
    site: MyAssetsSite, rule: str
) -> None:
    phone = site.phone("Zebra-77", ADA)
    hidden = site.stock if rule == "hidden_schema" else site.phone_type
    site.save(**{f"{rule}s": [hidden]})
    told = why(site, phone.key)
    assert told == {"visible": False, "reasons": [{"rule": rule, "outcome": "hidden"}]}
    assert not any(word in json.dumps(told) for word in ("Zebra", phone.key, "Phone"))


def test_b10_anothers_asset_and_no_asset_look_the_same(site: MyAssetsSite) -> None:
    phone = site.phone("Phone", BOB)
    told = []
    for key in (phone.key, "STOCK-999999", "no key", "", f'{phone.key}" OR Key = "{phone.key}'):
        with pytest.raises(NotThere) as refused:
            why(site, key)
        told.append((type(refused.value), refused.value.detail, refused.value.problems))
    assert len(set(told)) == 1


def test_b10_another_sites_asset_is_not_there(site: MyAssetsSite) -> None:
    phone = MyAssetsSite("two").phone("Phone", ADA)
    with pytest.raises(NotThere):
        why(site, phone.key)


def test_an_administrator_is_told_of_any_asset(site: MyAssetsSite) -> None:
    phone = site.phone("Phone", BOB)
    told = why(site, phone.key, administrator=True)
    assert not told["visible"]
    assert {"rule": "owner", "outcome": "not_yours"} in told["reasons"]
    missing = why(site, "STOCK-999999", administrator=True)
    assert missing == {
        "visible": False,
        "reasons": [{"rule": "object", "outcome": "not_there"}],
    }


def test_who_may_not_enter_is_told_only_if_an_administrator(site: MyAssetsSite) -> None:
    phone = site.phone("Phone", ADA)
    site.save(access={"mode": "allow", "groups": [], "customers": False})
    with pytest.raises(NotAllowed):
        why(site, phone.key)
    told = why(site, phone.key, administrator=True)
    assert not told["visible"]
    assert {"rule": "access", "outcome": "refused"} in told["reasons"]


def test_an_explanation_takes_no_more_questions_than_a_page(site: MyAssetsSite) -> None:
    site.person("e-ada", email="ada@example.com")
    phone = site.phone("Phone", ADA)
    why(site, phone.key)
    assert site.shelf.aql_calls() <= 3


def test_a_key_is_taken_exactly(site: MyAssetsSite) -> None:
    phone = site.phone("Phone", ADA)
    with pytest.raises(NotThere):
        why(site, phone.key.lower())
