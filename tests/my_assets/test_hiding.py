"""What is hidden is nowhere: not in rows, columns, values, totals, search, order or export."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.inventory import AttributeType, Page, Value
from app.my_assets.query import Query
from tests.stand_ins.my_assets_site import ADA, MyAssetsSite

SECRET = "Zebra-77"


@pytest.fixture
def site() -> MyAssetsSite:
    return MyAssetsSite()


def everything_told(site: MyAssetsSite, **args: str) -> str:
    query = Query.parse({name: [one] for name, one in args.items()})
    page = site.desk.page(site.instance, ADA, query)
    files = [
        site.desk.export(site.instance, ADA, replace(query, cursor=None), wanted).content
        for wanted in ("csv", "json")
    ]
    return json.dumps(page) + "".join(files)


def columns(site: MyAssetsSite, label: str) -> dict[str, list[str]]:
    rows = {one["label"]: one for one in site.page()["assets"]}
    return {one["name"]: one["values"] for one in rows[label]["attributes"]}


@pytest.mark.parametrize("hide", ["hidden_schemas", "hidden_object_types"])
def test_a_hidden_kind_is_told_of_nowhere(site: MyAssetsSite, hide: str) -> None:
    ada = site.person("e-ada", linked_to=ADA)
    site.phone(SECRET, ADA)
    site.device("Laptop", of=ada)
    assert SECRET in everything_told(site)
    site.save(**{hide: [site.stock if hide == "hidden_schemas" else site.phone_type]})
    assert SECRET not in everything_told(site)
    assert "Phone" not in everything_told(site)
    assert site.page()["total"] == 1
    assert site.page(search=SECRET)["total"] == 0
    for sort in ("label", "-object_type", "updated_at"):
        assert site.labels(sort=sort) == ["Laptop"]
    assert all(site.phone_type not in query for query in site.shelf.queries[-1:])


def test_hiding_a_type_hides_its_child_types(site: MyAssetsSite) -> None:
    smart = site.shelf.add_type(site.stock, "Smartphone", parent=site.phone_type)
    smarter = site.shelf.add_type(site.stock, "Smarterphone", parent=smart)
    owner = Value("user", "Ada", ADA)
    site.shelf.add(smarter, SECRET, Owner=owner)
    assert site.labels() == [SECRET]
    site.save(hidden_object_types=[site.phone_type])
    assert site.labels() == []


def test_an_owner_rule_reaches_child_types(site: MyAssetsSite) -> None:
    smart = site.shelf.add_type(site.stock, "Smartphone", parent=site.phone_type)
    site.shelf.add(smart, "Mine", Owner=Value("user", "Ada", ADA))
    rule = {"object_type": site.phone_type, "attribute": "Owner", "match": "account"}
    site.save(owner_rules=[rule])
    assert site.labels() == ["Mine"]
    site.save(owner_rules=[rule | {"object_type": site.device_type}])
    assert site.labels() == []


def test_without_columns_all_but_what_assets_hides_is_shown(site: MyAssetsSite) -> None:
    site.shelf.add_attribute(site.phone_type, "PIN", hidden=True)
    site.shelf.add(site.phone_type, "Phone", Owner=Value("user", "Ada", ADA), PIN=SECRET)
    site.later(60)
    assert list(columns(site, "Phone")) == ["Owner", "Model"]
    assert SECRET not in everything_told(site)
    assert site.page(search=SECRET)["total"] == 0


def test_columns_are_exact_and_ordered_and_never_show_what_assets_hides(
    site: MyAssetsSite,
) -> None:
    site.shelf.add_attribute(site.phone_type, "PIN", hidden=True)
    site.shelf.add(
        site.phone_type, "Phone", Owner=Value("user", "Ada", ADA), PIN=SECRET, Model="M1"
    )
    site.save(columns={site.phone_type: ["Model", "PIN", "Nothing", "Owner", "Model"]})
    assert list(columns(site, "Phone")) == ["Model", "Owner"]
    site.save(columns={site.phone_type: []})
    assert columns(site, "Phone") == {}
    assert site.page(search="M1")["total"] == 0
    assert "M1" not in everything_told(site)


def test_a_column_that_is_not_shown_still_says_whose_it_is(site: MyAssetsSite) -> None:
    site.phone("Phone", ADA)
    site.save(columns={site.phone_type: ["Model"]})
    assert columns(site, "Phone") == {"Model": ["X"]}


def seat_in(site: MyAssetsSite, *, with_type: bool = True) -> str:
    """A room of a schema of its own, to which Ada's phone points; gives the room's type."""
    rooms = site.shelf.add_schema("ROOMS")
    place = site.shelf.add_type(rooms, "Place")
    room = site.shelf.add_type(rooms, "Room", parent=place)
    site.shelf.add_attribute(site.phone_type, "Seat", AttributeType.REFERENCE, points_to=place)
    value = site.shelf.to(site.shelf.add(room, SECRET))
    if not with_type:
        value = replace(value, object_type_id=None, schema_id=None)
    site.shelf.add(site.phone_type, "Phone", Owner=Value("user", "Ada", ADA), Seat=value)
    return room


@pytest.mark.parametrize("with_type", [True, False])
def test_a_reference_into_a_hidden_kind_shows_no_value(site: MyAssetsSite, with_type: bool) -> None:
    room = seat_in(site, with_type=with_type)
    kind = site.shelf.types[room]
    assert columns(site, "Phone")["Seat"] == [SECRET]
    for hidden in (
        {"hidden_schemas": [kind.schema_id]},
        {"hidden_object_types": [room]},
        {"hidden_object_types": [kind.parent_id]},
    ):
        site.save(**hidden)
        assert columns(site, "Phone")["Seat"] == []
        assert SECRET not in everything_told(site)
        assert site.page(search=SECRET)["total"] == 0
    site.save(hidden_object_types=[site.device_type])
    assert columns(site, "Phone")["Seat"] == [SECRET]


def test_a_reference_to_a_kind_that_cannot_be_read_may_be_hidden_and_is_not_shown(
    site: MyAssetsSite,
) -> None:
    room = seat_in(site)
    site.shelf.unreadable = {room}
    assert columns(site, "Phone")["Seat"] == [SECRET]
    site.save(hidden_object_types=["4711"])
    assert columns(site, "Phone")["Seat"] == []


def test_b13_a_label_of_markup_or_a_megabyte_passes_as_plain_text(site: MyAssetsSite) -> None:
    for text in ("<img src=x onerror=alert(1)>", "javascript:alert(1)", "\u202eabc", "x" * 10**6):
        site.phone(text, ADA)
    assert site.page()["total"] == 4
    assert "<img src=x onerror=alert(1)>" in site.labels()


def test_what_assets_gives_beyond_the_question_is_not_shown(
    site: MyAssetsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = site.person("e-ada", linked_to=ADA)
    site.phone("Shown", ADA)
    site.device(SECRET, of=ada)
    site.save(hidden_object_types=[site.device_type])
    everything = Page(tuple(site.shelf.objects.values()), last=True, attributes={})
    monkeypatch.setattr(site.shelf, "search", lambda *_: everything)
    assert site.labels() == ["Shown"]
    assert SECRET not in everything_told(site)


def test_a_reference_that_tells_only_its_hidden_schema_shows_no_value(site: MyAssetsSite) -> None:
    site.shelf.add_attribute(
        site.phone_type, "Seat", AttributeType.REFERENCE, points_to=site.device_type
    )
    odd = Value("reference", SECRET, "X-1", "1", None, "4711")
    site.shelf.add(site.phone_type, "Phone", Owner=Value("user", "Ada", ADA), Seat=odd)
    assert columns(site, "Phone")["Seat"] == [SECRET]
    site.save(hidden_schemas=["4711"])
    assert columns(site, "Phone")["Seat"] == []
