"""AQL that holds whatever is put into it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.my_assets import aql
from tests.stand_ins.aql import Both, Node, Term, read_aql

ATTACKS = [
    'x" OR objectTypeId IN (1, 2) OR "a" = "',
    "x\\",
    'x\\" OR "a" = "b',
    '"',
    "\\",
    "",
    " x",
    "x\n",
    "x\r\nORDER BY label",
    "x\x00",
    "x\u2028",
    "x\u0085",
    "\ud800",
    "x" * 256,
]


def terms(node: Node) -> list[Term]:
    if isinstance(node, Term):
        return [node]
    return [term for part in node.parts for term in terms(part)]


@pytest.mark.parametrize("attack", ATTACKS)
def test_b14_an_identity_that_could_break_out_is_refused(attack: str) -> None:
    for make in (
        aql.identity,
        aql.with_key,
        lambda text: aql.equals("Owner", text),
        lambda text: aql.refers_to("Owner", text),
    ):
        with pytest.raises(aql.Unspeakable) as refused:
            make(attack)
        assert str(refused.value) == ""


@pytest.mark.parametrize("name", ["x\n", "x\x00", "\u2029", "x" * 256])
def test_b14_an_attribute_name_with_control_characters_is_refused(name: str) -> None:
    with pytest.raises(aql.Unspeakable):
        aql.equals(name, "a")


@given(st.text(max_size=60), st.text(max_size=60))
def test_b14_whatever_is_said_stays_one_comparison(name: str, value: str) -> None:
    try:
        said = aql.equals(name, value)
    except aql.Unspeakable:
        return
    question = read_aql(f"objectTypeId IN (1) AND {said}")
    first, second = terms(question.where)
    assert (first.path, second.path) == (("objectTypeId",), (name,))
    assert second.test is not None
    assert second.test(value)


@given(st.text(max_size=40).filter(lambda text: text not in ("a", "A")))
def test_b14_a_value_matches_itself_and_nothing_else(other: str) -> None:
    (term,) = terms(read_aql(aql.equals("Owner", "a")).where)
    assert term.test is not None
    assert not term.test(other)


@given(st.sets(st.integers(1, 10**6).map(str), min_size=1, max_size=350))
def test_no_in_names_more_than_a_hundred_values(ids: set[str]) -> None:
    said = aql.one_of("objectTypeId", ids)
    parts = terms(read_aql(said).where)
    assert all(part.count(",") < 100 for part in said.split(" OR "))
    for one in ids:
        assert any(part.test is not None and part.test(one) for part in parts)


def test_ids_that_are_no_numbers_are_quoted_or_refused() -> None:
    assert aql.one_of("objectTypeId", ["a-1", "2"]) == 'objectTypeId IN (2, "a-1")'
    with pytest.raises(aql.Unspeakable):
        aql.one_of("objectTypeId", ['1) OR ("x" = "y"'])


def test_conditions_of_the_same_types_share_their_list() -> None:
    asked = {
        '"Owner" = "a"': frozenset({"1", "2"}),
        '"Keeper" = "a"': frozenset({"1", "2"}),
        '"Assigned To".Key = "P-1"': frozenset({"3"}),
    }
    assert aql.owned(asked, {"1": "8", "2": "8", "3": "9"}, "label ASC") == (
        '((objectTypeId IN (1, 2) AND ("Owner" = "a" OR "Keeper" = "a"))'
        ' OR (objectTypeId IN (3) AND "Assigned To".Key = "P-1")) ORDER BY label ASC'
    )


def test_too_many_types_are_named_by_their_schemas_and_then_not_at_all() -> None:
    types = frozenset(str(10_000_000 + number) for number in range(1000))
    few_schemas = dict.fromkeys(types, "7")
    asked = {'"Owner" = "a"': types}
    assert aql.owned(asked, few_schemas, "label ASC") == (
        '(objectSchemaId IN (7) AND "Owner" = "a") ORDER BY label ASC'
    )
    many_schemas = {one: one for one in types}
    assert aql.owned(asked, many_schemas, "label ASC") == '"Owner" = "a" ORDER BY label ASC'


def test_a_question_that_cannot_be_short_is_not_asked() -> None:
    asked = {f'"{"x" * 200}{number}" = "a"': frozenset({"1"}) for number in range(50)}
    with pytest.raises(aql.Unspeakable):
        aql.owned(asked, {"1": "1"}, "label ASC")


def test_the_reader_of_the_tests_refuses_what_assets_refuses() -> None:
    node = read_aql('"A" = "b" AND ("C" = "d" OR label LIKE "e")').where
    assert isinstance(node, Both)
    assert len(terms(node)) == 3
