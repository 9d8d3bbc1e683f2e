"""Abuse of drafts (cases B): another's list is an administrator's to preview, and covered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.abuse.assets import ADA, BOB, AssetsHost
from tests.abuse.house import House

DRAFTS = "/api/settings/visibility"
WAYS = ("people", "preview", "effect")
SERIAL = "SN-CANARY-42"


def body(way: str, **more: Any) -> dict[str, Any]:
    bodies = {"people": {"query": "bob"}, "preview": {"person": BOB, "visibility": {}}}
    return bodies.get(way, {}) | more


def test_B11_nobody_but_an_administrator_looks_as_another(house: House, assets: AssetsHost) -> None:
    assets.add(BOB, "Bob's phone", serial=SERIAL)
    before = house.rests()
    for way in WAYS:
        questions = len(house.site_a.questions)
        for sub in (ADA, BOB):
            answer = house.api("POST", f"{DRAFTS}/{way}", sub=sub, json=body(way))
            assert answer.status_code == 403
            assert "Bob" not in answer.get_data(as_text=True)
        asked = house.site_a.questions[questions:]
        assert set(asked) == {"/rest/api/3/permissions/check"}, "nobody was looked up"
    assert assets.asked == []
    assert house.rests() == before


def test_B10_ones_own_list_is_reached_by_no_person_in_a_body(
    house: House, assets: AssetsHost
) -> None:
    """The list has no draft and no person: whoever sends them there is refused or ignored."""
    assets.add(BOB, "Bob's phone")
    for name in ("person", "visibility", "preview"):
        assert house.api("GET", f"/api/my-assets?{name}={BOB}", sub=ADA).status_code == 422
    sent = house.api("GET", "/api/my-assets", sub=ADA, json=body("preview"))
    assert sent.get_json()["assets"] == []


def test_B10_an_administrator_sees_what_it_is_and_not_what_stands_in_it(
    house: House, assets: AssetsHost
) -> None:
    assets.add(BOB, "Bob's phone", serial=SERIAL, link="https://private.example.com")
    before = house.rests()
    answer = house.api("POST", f"{DRAFTS}/preview", json=body("preview"))
    told = answer.get_json()
    assert [one["label"] for one in told["assets"]] == ["Bob's phone"]
    assert SERIAL not in answer.get_data(as_text=True)
    assert "private.example.com" not in answer.get_data(as_text=True)
    # A draft that looks for owners elsewhere finds only what is that person's.
    rules = [{"object_type": "*", "attribute": "Serial", "match": "account"}]
    wider = body("preview", visibility={"owner_rules": rules})
    assert house.api("POST", f"{DRAFTS}/preview", json=wider).get_json()["assets"] == []
    assert house.rests() == before


def test_B17_no_person_and_no_asset_is_logged(house: House, assets: AssetsHost) -> None:
    assets.add(BOB, "Bob's phone", serial=SERIAL)
    house.site_a.users[BOB]["displayName"] = "Bob Canary"
    for way in WAYS:
        house.api("POST", f"{DRAFTS}/{way}", json=body(way))
    for text in (BOB, "Bob Canary", "bob@e.com", "Bob's phone", SERIAL, "query"):
        assert text not in house.log.getvalue()


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"person": BOB, "visibility": {"acess": {}, "hidden_schemas": [1]}},
         {"acess", "hidden_schemas.0"}),
        ({"person": 7, "visibility": {"columns": []}, "more": 1}, {"person", "columns", "more"}),
        ({"person": BOB}, {""}),
        ({"person": "", "visibility": {}}, {"person"}),
        ({"person": "557058:nobody", "visibility": {}}, {"person"}),
    ],
)  # fmt: skip
def test_B10_every_problem_of_a_draft_is_named_as_on_saving_it(
    house: House, assets: AssetsHost, sent: dict[str, Any], named: set[str]
) -> None:
    answer = house.api("POST", f"{DRAFTS}/preview", json=sent)
    assert answer.status_code == 422
    assert {one["field"] for one in answer.get_json()["problems"]} == named
    draft = sent.get("visibility")
    if draft:
        saved = house.api("PUT", DRAFTS, json=draft).get_json()
        effect = house.api("POST", f"{DRAFTS}/effect", json=draft).get_json()
        assert effect["problems"] == saved["problems"]
    assert assets.asked == []
