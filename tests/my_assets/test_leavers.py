"""People who left and still hold assets: who, what, and nobody else's."""

from __future__ import annotations

import pytest

from app.errors import InputRefused, NotConfigured
from app.inventory import AssetObject, AttributeType, Value
from app.words import Json
from tests.stand_ins.assets import account
from tests.stand_ins.my_assets_site import ADA, BOB, MyAssetsSite


@pytest.fixture
def site() -> MyAssetsSite:
    made = MyAssetsSite()
    made.shelf.add_attribute(made.person_type, "Status", AttributeType.STATUS)
    made.shelf.add_attribute(made.person_type, "Left on")
    return made


def person(site: MyAssetsSite, entra_id: str, status: str = "Left", **more: str) -> AssetObject:
    values: dict[str, object] = {
        "Entra_ID": entra_id,
        "Status": Value("status", status, "7"),
        "Left_on": "2026-05-01",
    }
    if "account" in more:
        values["Jira_account"] = account(more["account"])
    if "email" in more:
        values["Email"] = more["email"]
    return site.shelf.add(site.person_type, f"Person {entra_id}", **values)  # type: ignore[arg-type]


def found(site: MyAssetsSite, cursor: str | None = None) -> dict[str, list[str]]:
    page = site.desk.leavers(site.instance, cursor)
    return {one["name"]: [asset["label"] for asset in one["assets"]] for one in page["leavers"]}


def test_a_leaver_is_told_with_everything_they_still_hold(site: MyAssetsSite) -> None:
    left = person(site, "e-ada", account=ADA)
    laptop = site.device("Laptop", of=left)
    phone = site.phone("Phone", ADA)
    (leaver,) = site.desk.leavers(site.instance)["leavers"]
    assert leaver == {
        "object_id": left.id,
        "object_key": left.key,
        "name": "Person e-ada",
        "left_on": "2026-05-01",
        "total": 2,
        "assets": [
            {
                "object_id": laptop.id,
                "object_key": laptop.key,
                "label": "Laptop",
                "object_type": {"id": site.device_type, "name": "Device"},
                "schema": {"id": site.schema, "name": "ENTRA schema"},
            },
            {
                "object_id": phone.id,
                "object_key": phone.key,
                "label": "Phone",
                "object_type": {"id": site.phone_type, "name": "Phone"},
                "schema": {"id": site.stock, "name": "STOCK schema"},
            },
        ],
    }


def test_who_is_here_or_holds_nothing_is_not_told(site: MyAssetsSite) -> None:
    site.device("Of somebody here", of=person(site, "e-1", "Active"))
    site.device("Of somebody disabled", of=person(site, "e-2", "Disabled"))
    person(site, "e-3")
    site.phone("Of nobody known", BOB)
    page = site.desk.leavers(site.instance)
    assert (page["leavers"], page["next_cursor"]) == ([], None)
    assert page["as_of"] == "2026-05-06T07:08:09Z"


def test_an_asset_given_to_somebody_else_is_gone_from_the_list(site: MyAssetsSite) -> None:
    left, here = person(site, "e-1"), person(site, "e-2", "Active")
    device = site.device("Laptop", of=left)
    assert found(site) == {"Person e-1": ["Laptop"]}
    (attribute,) = [
        one.id for one in site.shelf.attributes_[site.device_type] if one.name == "Assigned To"
    ]
    held = {**device.values, attribute: (site.shelf.to(here),)}
    site.shelf.objects[device.id] = AssetObject(
        device.id, device.key, device.label, device.object_type_id, held
    )
    assert found(site) == {}


def test_two_of_one_name_are_not_mixed_up(site: MyAssetsSite) -> None:
    """Assets compares display names too; the account decides."""
    person(site, "e-1", account=ADA)
    site.phone("Of a namesake", BOB, name=ADA)
    assert found(site) == {}


def test_the_saved_owner_rules_say_what_holding_is(site: MyAssetsSite) -> None:
    site.shelf.add_attribute(site.phone_type, "Contact")
    site.save(owner_rules=[{"object_type": "*", "attribute": "Contact", "match": "email"}])
    left = person(site, "e-1", email="ada@one.example")
    site.shelf.add(site.phone_type, "By address", Contact="Ada@One.example")
    site.device("By reference", of=left)
    assert found(site) == {"Person e-1": ["By address"]}


def test_hidden_types_are_told_too_since_hardware_is_to_come_back(site: MyAssetsSite) -> None:
    site.save(hidden_schemas=[site.schema])
    site.device("Laptop", of=person(site, "e-1"))
    assert found(site) == {"Person e-1": ["Laptop"]}


def test_many_leavers_come_page_by_page_each_once(site: MyAssetsSite) -> None:
    for number in range(130):
        left = person(site, f"e-{number:03}", account=f"557058:{number:036}")
        if number % 2:
            site.device(f"Laptop {number:03}", of=left)
            site.phone(f"Phone {number:03}", f"557058:{number:036}")
    names: list[str] = []
    cursor: str | None = None
    while True:
        page: Json = site.desk.leavers(site.instance, cursor)
        names += [one["name"] for one in page["leavers"]]
        assert all(one["total"] == 2 for one in page["leavers"])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert names == [f"Person e-{number:03}" for number in range(1, 130, 2)]


def test_every_question_stays_short(site: MyAssetsSite) -> None:
    for number in range(60):
        person(site, f"e-{number:03}", account=f"557058:{number:036}")
    site.desk.leavers(site.instance)
    assert site.shelf.queries
    assert max(len(query.encode()) for query in site.shelf.queries) <= 4000


def test_one_answer_asks_a_bounded_number_of_times(site: MyAssetsSite) -> None:
    for number in range(900):
        person(site, f"e-{number:03}")
    page = site.desk.leavers(site.instance)
    assert (page["leavers"], page["next_cursor"]) == ([], "200")
    assert site.shelf.aql_calls() <= 60


def test_of_very_many_assets_some_are_named_and_all_are_counted(site: MyAssetsSite) -> None:
    left = person(site, "e-1")
    for number in range(45):
        site.device(f"Laptop {number:02}", of=left)
    (leaver,) = site.desk.leavers(site.instance)["leavers"]
    assert (leaver["total"], len(leaver["assets"])) == (45, 20)


def test_a_site_without_imported_people_has_no_leavers(site: MyAssetsSite) -> None:
    site.import_schema = site.stock
    site.device("Laptop", of=person(site, "e-1"))
    assert found(site) == {}


@pytest.mark.parametrize("cursor", ["-1", "x", "", "1" * 10, "²"])
def test_a_cursor_that_is_none_is_refused(site: MyAssetsSite, cursor: str) -> None:
    with pytest.raises(InputRefused):
        site.desk.leavers(site.instance, cursor)


def test_without_assets_access_it_is_not_configured(site: MyAssetsSite) -> None:
    site.connected = False
    with pytest.raises(NotConfigured):
        site.desk.leavers(site.instance)
