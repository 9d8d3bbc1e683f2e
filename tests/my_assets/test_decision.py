"""The decision, held against a second reading of the contract on every small world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import pytest

from app.inventory import AssetObject, Attribute, AttributeType, ObjectType, Schema, Value
from app.my_assets.catalogue import Catalogue
from app.my_assets.decision import Decision
from app.my_assets.who import Person, Viewer
from app.site_settings.documents import Visibility
from app.words import AccountId

ACCOUNT, ADDRESS, ENTRA = "557058:ada", "Ada@example.com", "0f-ADA"
PERSON = Person("900", "PEOPLE-900", ENTRA)
# Device is the parent of Laptop, both in schema 1; Phone stands alone in schema 2.
PARENTS = {"device": None, "laptop": "device", "phone": None}
SCHEMA_OF = {"device": "1", "laptop": "1", "phone": "2"}
CARRIED_BY = {
    "account": AttributeType.USER,
    "email": AttributeType.DEFAULT,
    "entra_id": AttributeType.DEFAULT,
    "person": AttributeType.REFERENCE,
}


@dataclass(frozen=True)
class World:
    """One asset, one owner rule, one viewer."""

    type: str
    hidden_schema: str
    hidden_type: str
    rule_type: str
    match: str
    holder: str  # "viewer", "other" or "nobody"
    known_person: bool
    enters: bool


EVERY_WORLD = [
    World(*parts)
    for parts in product(
        PARENTS,
        ["", "1", "2"],
        ["", "device", "laptop", "phone"],
        ["*", "device", "laptop", "phone"],
        CARRIED_BY,
        ["viewer", "other", "nobody"],
        [True, False],
        [True, False],
    )
]


def second_reading(world: World) -> tuple[bool, bool]:
    """(owned, visible), from the contract's sentences and nothing of the app."""
    up = [world.type, PARENTS[world.type]]
    reached = world.rule_type == "*" or world.rule_type in up
    person_there = world.known_person or world.match in ("account", "email")
    owned = reached and person_there and world.holder == "viewer"
    hidden = SCHEMA_OF[world.type] == world.hidden_schema or world.hidden_type in up
    return owned, owned and world.enters and not hidden


def said_by(match: str, holder: str) -> tuple[Value, ...]:
    if holder == "nobody":
        return ()
    mine = holder == "viewer"
    return {
        "account": (Value("user", "Ada", ACCOUNT if mine else "557058:bob"),),
        "email": (Value("text", "x", "aDA@example.com" if mine else "bob@example.com"),),
        "entra_id": (Value("text", "x", "0f-ada" if mine else "0f-bob"),),
        "person": (Value("reference", "Ada", "P", PERSON.object_id if mine else "901"),),
    }[match]


def build(world: World) -> tuple[Decision, AssetObject]:
    visibility = Visibility.model_validate(
        {
            "access": {"customers": world.enters},
            "hidden_schemas": [world.hidden_schema] if world.hidden_schema else [],
            "hidden_object_types": [world.hidden_type] if world.hidden_type else [],
            "owner_rules": [
                {"object_type": world.rule_type, "attribute": "Holder", "match": world.match}
            ],
        },
        strict=False,
    )
    viewer = Viewer(AccountId(ACCOUNT), ADDRESS, frozenset(), is_customer=True)
    catalogue = catalogue_with(CARRIED_BY[world.match])
    person = PERSON if world.known_person else None
    asset = AssetObject("5", "X-5", "Thing", world.type, {"7": said_by(world.match, world.holder)})
    return Decision(visibility, viewer, person, catalogue), asset


def catalogue_with(kind: int) -> Catalogue:
    return Catalogue(
        schemas={one: Schema(one, f"S{one}", "X") for one in ("1", "2")},
        types={
            name: ObjectType(name, name.title(), SCHEMA_OF[name], parent)
            for name, parent in PARENTS.items()
        },
        attributes={name: (Attribute("7", "Holder", name, kind),) for name in PARENTS},
    )


def test_every_small_world_is_decided_as_the_contract_says() -> None:
    for world in EVERY_WORLD:
        decision, asset = build(world)
        verdict = decision.judge(asset)
        assert (verdict.owned, verdict.visible) == second_reading(world), world


def test_what_is_asked_of_assets_covers_what_is_visible_and_nothing_hidden() -> None:
    for world in EVERY_WORLD:
        decision, asset = build(world)
        types = {one for among in decision.asked(lambda _: True).values() for one in among}
        if decision.judge(asset).visible:
            assert world.type in types, world
        assert not types or world.enters, world
        assert not any(SCHEMA_OF[one] == world.hidden_schema for one in types), world
        assert not {world.hidden_type} & {up for one in types for up in (one, PARENTS[one])}, world


def test_the_reasons_are_the_verdict() -> None:
    for world in EVERY_WORLD:
        decision, asset = build(world)
        verdict = decision.judge(asset)
        assert verdict.visible is all(one.passes for one in verdict.reasons)
        assert [one.rule for one in verdict.reasons] == [
            "owner", "access", "hidden_schema", "hidden_object_type",
        ]  # fmt: skip


@pytest.mark.parametrize("match", list(CARRIED_BY))
@pytest.mark.parametrize("kind", [0, 1, 2, 4, 7, 6])
def test_a_rule_reaches_only_attributes_that_can_carry_it(match: str, kind: int) -> None:
    decision, asset = build(World("phone", "", "", "*", match, "viewer", True, True))
    decision._catalogue = catalogue_with(kind)
    can = kind in {"account": (0, 2), "person": (1,)}.get(match, (0,))
    assert decision.judge(asset).owned is can
    assert bool(decision.asked(lambda _: True)) is can


@pytest.mark.parametrize(
    ("match", "value"),
    [
        ("account", Value("user", ACCOUNT, "557058:bob")),
        ("account", Value("user", "Ada", ACCOUNT.upper())),
        ("account", Value("text", "x", f" {ACCOUNT}")),
        ("account", Value("reference", ACCOUNT, ACCOUNT)),
        ("email", Value("text", "x", "ada@example.com.evil.example")),
        ("email", Value("text", "x", "joada@example.com")),
        ("email", Value("user", ADDRESS, ADDRESS)),
        ("email", Value("text", "x", "ada@e\u0445ample.com")),
        ("entra_id", Value("text", "x", "0f-ad")),
        ("person", Value("reference", "Ada", "PEOPLE-900", "901")),
        ("person", Value("reference", "PEOPLE-900", "OTHER-1", None)),
        ("person", Value("text", "PEOPLE-900", "PEOPLE-900")),
    ],
)
def test_what_only_looks_like_the_viewer_is_not_the_viewer(match: str, value: Value) -> None:
    decision, asset = build(World("phone", "", "", "*", match, "viewer", True, True))
    assert decision.judge(asset).owned
    assert not decision.judge(replace(asset, values={"7": (value,)})).owned


def test_letters_that_fold_into_others_are_not_the_same_address() -> None:
    decision, asset = build(World("phone", "", "", "*", "email", "viewer", True, True))
    decision._viewer = replace(decision._viewer, email="mike@example.com")
    kelvin = Value("text", "x", "mi\u212ae@example.com")
    assert not decision.judge(replace(asset, values={"7": (kelvin,)})).owned


def test_a_reference_that_tells_no_id_is_compared_by_its_key() -> None:
    decision, asset = build(World("phone", "", "", "*", "person", "viewer", True, True))
    by_key = Value("reference", "Ada", PERSON.object_key)
    assert decision.judge(replace(asset, values={"7": (by_key,)})).owned


def test_a_person_without_an_entra_id_owns_nothing_by_it() -> None:
    world = World("phone", "", "", "*", "entra_id", "viewer", True, True)
    decision, asset = build(world)
    decision._person = replace(PERSON, entra_id="")
    empty = replace(asset, values={"7": (Value("text", "", ""),)})
    assert not decision.judge(empty).owned
    assert decision.asked(lambda _: True) == {}


def test_types_that_are_each_others_parents_do_not_hang() -> None:
    types = {
        "a": ObjectType("a", "A", "1", "b"),
        "b": ObjectType("b", "B", "1", "a"),
    }
    catalogue = Catalogue({}, types, {})
    assert catalogue.lineage("a") == ("a", "b")
