"""The query of the list: strict, every problem named at once."""

from __future__ import annotations

import pytest

from app.errors import InputRefused
from app.my_assets.query import Query


def problems(**args: str | list[str]) -> list[str]:
    given = {name: [one] if isinstance(one, str) else one for name, one in args.items()}
    with pytest.raises(InputRefused) as refused:
        Query.parse(given)
    return [one.field for one in refused.value.problems]


def test_nothing_given_means_the_defaults() -> None:
    assert Query.parse({}) == Query("", None, None, "label", 50, None)


def test_everything_given_is_taken() -> None:
    given = {
        "search": ["Mac"],
        "object_type": ["12"],
        "schema": ["3"],
        "sort": ["-updated_at"],
        "limit": ["200"],
        "cursor": ["abc"],
    }
    assert Query.parse(given) == Query("Mac", "12", "3", "-updated_at", 200, "abc")


def test_an_empty_filter_is_no_filter() -> None:
    assert Query.parse({"search": [""], "object_type": [""], "schema": [""]}) == Query()


@pytest.mark.parametrize("limit", ["0", "201", "-1", "1.5", "ten", "", "\u0661", "1e2", "9" * 50])
def test_a_limit_out_of_range_is_named(limit: str) -> None:
    assert problems(limit=limit) == ["limit"]


@pytest.mark.parametrize("sort", ["owner", "", "--label", "LABEL", "label,updated_at"])
def test_a_sort_out_of_range_is_named(sort: str) -> None:
    assert problems(sort=sort) == ["sort"]


def test_every_problem_is_named_at_once_unknown_names_too() -> None:
    found = problems(
        account_id="557058:bob",
        limit="0",
        sort="x",
        object_type="1 OR 2",
        schema="../3",
        cursor="%%",
        search="x" * 256,
    )
    assert sorted(found) == [
        "account_id", "cursor", "limit", "object_type", "schema", "search", "sort",
    ]  # fmt: skip


def test_b10_no_name_of_a_person_or_site_is_accepted() -> None:
    for name in ("accountId", "account_id", "instance_id", "clientKey", "owner", "objectId"):
        assert problems(**{name: "x"}) == [name]


def test_a_name_given_twice_is_a_problem() -> None:
    assert problems(search=["a", "b"]) == ["search"]


def test_the_export_takes_the_filters_and_a_format_but_no_page() -> None:
    query, wanted = Query.parse_export({"schema": ["3"], "format": ["json"]})
    assert (query.schema, wanted) == ("3", "json")
    assert Query.parse_export({})[1] == "csv"
    for wrong in ({"format": ["xlsx"]}, {"limit": ["5"]}, {"cursor": ["x"]}):
        with pytest.raises(InputRefused):
            Query.parse_export(wrong)
