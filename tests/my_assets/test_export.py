"""The export: the list's rows, all of them, in a file that runs nothing."""

from __future__ import annotations

import csv
import io
import json

import pytest

from app.inventory import Value
from app.my_assets.export import Export
from app.my_assets.query import Format, Query
from tests.stand_ins.assets import account
from tests.stand_ins.my_assets_site import ADA, BOB, MyAssetsSite


@pytest.fixture
def site() -> MyAssetsSite:
    return MyAssetsSite()


def export(site: MyAssetsSite, wanted: Format = "csv", **args: str) -> Export:
    query = Query.parse({name: [one] for name, one in args.items()})
    return site.desk.export(site.instance, ADA, query, wanted)


def table(site: MyAssetsSite, **args: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(export(site, **args).content)))


def test_the_csv_has_the_fixed_columns_and_then_attributes_by_name(site: MyAssetsSite) -> None:
    ada = site.person("e-ada", linked_to=ADA)
    laptop = site.device("Laptop", of=ada)
    phone = site.phone("Phone", ADA, "Ada L.")
    moment = "2026-01-02T03:04:05.000Z"
    assert table(site) == [
        [
            "object_key", "label", "object_type", "schema", "updated_at",
            "Assigned To", "Model", "Owner", "Serial number",
        ],
        [laptop.key, "Laptop", "Device", "ENTRA schema", moment, "Person e-ada", "", "", "S1"],
        [phone.key, "Phone", "Phone", "STOCK schema", moment, "", "X", "Ada L.", ""],
    ]  # fmt: skip


def test_all_rows_are_there_however_many_and_only_the_callers(site: MyAssetsSite) -> None:
    for number in range(620):
        site.phone(f"Phone {number:03}", ADA)
        site.phone(f"Bob's {number:03}", BOB)
    rows = table(site)[1:]
    assert [row[1] for row in rows] == [f"Phone {number:03}" for number in range(620)]


def test_the_filters_are_the_lists(site: MyAssetsSite) -> None:
    site.phone("Alpha", ADA)
    site.phone("Beta", ADA)
    assert [row[1] for row in table(site, search="alp")[1:]] == ["Alpha"]
    assert [row[1] for row in table(site, sort="-label")[1:]] == ["Beta", "Alpha"]
    assert table(site, schema="4711")[1:] == []


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "  =1",
        "\u00a0=1",
        "\uff1d1",
        "\ufeff=1",
        "\u200b@SUM(A1)",
        '"=1"',
        '=HYPERLINK("http://x.example")',
    ],
)
def test_b13_no_cell_is_a_formula(site: MyAssetsSite, cell: str) -> None:
    site.phone(cell, ADA, cell)
    content = io.StringIO(export(site).content, newline="")
    ((_, label, *_, owner),) = list(csv.reader(content))[1:]
    assert label == owner == f"'{cell}"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("a;=1", "a;'=1"),
        ("a; \u200b+1;-1", "a;' \u200b+1;'-1"),
        ("a\t@b", "a\t'@b"),
        ("a\r\n=1", "a\r\n'=1"),
        ('a;"=1"', 'a;\'"=1"'),
        ("a; b\tc-d", "a; b\tc-d"),
    ],
)
def test_b13_no_part_of_a_cell_is_a_formula_where_another_sign_separates_cells(
    site: MyAssetsSite, text: str, cell: str
) -> None:
    site.phone(text, ADA, text)
    content = io.StringIO(export(site).content, newline="")
    ((_, label, *_, owner),) = list(csv.reader(content))[1:]
    assert label == owner == cell


def test_b13_each_of_many_values_is_inert_and_they_stay_joined_the_same_way(
    site: MyAssetsSite,
) -> None:
    values = [Value("text", one, one) for one in ("plain", "=1+1", "b;@c", "\ufeff-1")]
    site.shelf.add_attribute(site.phone_type, "Note")
    site.shelf.add(site.phone_type, "Phone", Owner=account(ADA), Note=values)
    (names, row) = table(site)
    assert row[names.index("Note")] == "plain; '=1+1; b;'@c; '\ufeff-1"


def test_a_formula_in_an_attributes_name_is_inert_too(site: MyAssetsSite) -> None:
    site.shelf.add_attribute(site.phone_type, "=cmd")
    site.phone("Phone", ADA)
    assert "'=cmd" in table(site)[0]


def test_the_json_is_the_lists_rows(site: MyAssetsSite) -> None:
    site.phone("Phone", ADA)
    file = export(site, "json")
    told = json.loads(file.content)
    assert told["assets"] == site.page()["assets"]
    assert (told["total"], told["as_of"]) == (1, "2026-05-06T07:08:09Z")


@pytest.mark.parametrize("number", [0xD83D, 0xDC00])
def test_half_a_character_breaks_neither_file_nor_list(site: MyAssetsSite, number: int) -> None:
    half = chr(number)
    site.shelf.add_attribute(site.phone_type, f"Note{half}")
    site.shelf.add(site.phone_type, f"Phone {half}", Owner=account(ADA), Model=f"X{half}")
    for content in (export(site).content, export(site, "json").content):
        assert "Phone \ufffd" in content.encode().decode()
    (row,) = site.page()["assets"]
    assert json.dumps(row, ensure_ascii=False).encode()
    assert {"name": "Model", "values": ["X\ufffd"]} in row["attributes"]


def test_a_whole_character_of_two_halves_stays(site: MyAssetsSite) -> None:
    site.phone("Phone \U0001f4f1", ADA)
    assert table(site)[1][1] == "Phone \U0001f4f1"


def test_a_file_names_its_kind_and_day_and_nobody(site: MyAssetsSite) -> None:
    assert (export(site).filename, export(site).content_type) == (
        "my-assets-2026-05-06.csv",
        "text/csv; charset=utf-8",
    )
    assert export(site, "json").content_type == "application/json"
