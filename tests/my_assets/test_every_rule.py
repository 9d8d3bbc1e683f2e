"""Random sites, rules and holders: the decision against a second reading of the contract."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from app.inventory import AssetObject, Attribute, AttributeType, ObjectType, Schema, Value
from app.my_assets.catalogue import Catalogue
from app.my_assets.decision import Decision
from app.my_assets.who import Person, Viewer
from app.site_settings.documents import Visibility
from app.words import AccountId

ME, MY_ADDRESS, MY_ENTRA = "557058:me", "me@example.com", "0f-me"
PERSON = Person("900", "PD-900", MY_ENTRA)
KINDS = {
    "Owner": AttributeType.USER,
    "Note": AttributeType.DEFAULT,
    "Assigned To": AttributeType.REFERENCE,
}
NAMES = [*KINDS, "Missing"]
TYPES = ["10", "11", "12", "13"]
SCHEMAS = ["1", "2"]
# What an attribute may hold: mine in three ways, or somebody's who looks like me.
HELD: dict[str, Value] = {
    "account": Value("user", "Me", ME),
    "twin": Value("user", "Me", "557058:twin"),
    "account as text": Value("text", ME, ME),
    "address": Value("text", "ME@example.com", "ME@example.com"),
    "longer address": Value("text", "come@example.com", "come@example.com"),
    "entra": Value("text", "0F-ME", "0F-ME"),
    "me": Value("reference", "Me", "PD-900", "900"),
    "not me": Value("reference", "Me", "PD-900", "901"),
}
FITS = {
    ("account", "Owner"): {"account"},
    ("account", "Note"): {"account as text"},
    ("email", "Note"): {"address"},
    ("entra_id", "Note"): {"entra"},
    ("person", "Assigned To"): {"me"},
}
CAN_HOLD = {
    "Owner": ["account", "twin"],
    "Note": ["account as text", "address", "longer address", "entra"],
    "Assigned To": ["me", "not me"],
}


@dataclass(frozen=True)
class Site:
    parents: tuple[int, ...]  # of each type: an earlier type, or itself for none
    schemas: tuple[str, ...]
    hidden_types: frozenset[str]
    hidden_schemas: frozenset[str]
    rules: tuple[tuple[str, str, str], ...]
    columns: tuple[str, ...] | None
    of_type: str
    holds: tuple[str | None, ...]  # for Owner, Note, Assigned To
    known: bool
    enters: bool


sites = st.builds(
    Site,
    parents=st.tuples(*(st.integers(0, number) for number in range(len(TYPES)))),
    schemas=st.tuples(*[st.sampled_from(SCHEMAS)] * len(TYPES)),
    hidden_types=st.frozensets(st.sampled_from(TYPES), max_size=2),
    hidden_schemas=st.frozensets(st.sampled_from(SCHEMAS), max_size=1),
    rules=st.lists(
        st.tuples(
            st.sampled_from(["*", *TYPES]),
            st.sampled_from(NAMES),
            st.sampled_from(["account", "email", "entra_id", "person"]),
        ),
        max_size=4,
    ).map(tuple),
    columns=st.none() | st.lists(st.sampled_from(NAMES), max_size=4).map(tuple),
    of_type=st.sampled_from(TYPES),
    holds=st.tuples(*(st.none() | st.sampled_from(CAN_HOLD[name]) for name in KINDS)),
    known=st.booleans(),
    enters=st.booleans(),
)


def line(site: Site, type_id: str) -> list[str]:
    """The type and everything above it."""
    number, found = TYPES.index(type_id), [type_id]
    while site.parents[number] != number:
        number = site.parents[number]
        found.append(TYPES[number])
    return found


def expected(site: Site) -> tuple[bool, bool]:
    """(owned, visible), from the contract's sentences."""
    up = line(site, site.of_type)
    held = dict(zip(KINDS, site.holds, strict=True))
    owned = any(
        held.get(name) in FITS.get((match, name), set())
        for reach, name, match in site.rules
        if (reach == "*" or reach in up) and (site.known or match in ("account", "email"))
    )
    schema = site.schemas[TYPES.index(site.of_type)]
    hidden = schema in site.hidden_schemas or bool(site.hidden_types & set(up))
    return owned, owned and site.enters and not hidden


IDS = {name: str(number) for number, name in enumerate(KINDS)}


def build(site: Site) -> tuple[Decision, AssetObject]:
    return decision_of(site), asset_of(site)


def asset_of(site: Site) -> AssetObject:
    held = zip(KINDS, site.holds, strict=True)
    values = {IDS[name]: (HELD[one],) for name, one in held if one}
    return AssetObject("5", "X-5", "Thing", site.of_type, values)


def decision_of(site: Site) -> Decision:
    catalogue = Catalogue(
        {one: Schema(one, one, one) for one in SCHEMAS},
        {
            one: ObjectType(one, one, site.schemas[at], None if up == at else TYPES[up])
            for at, (one, up) in enumerate(zip(TYPES, site.parents, strict=True))
        },
        {one: tuple(Attribute(IDS[n], n, one, int(k)) for n, k in KINDS.items()) for one in TYPES},
    )
    visibility = Visibility.model_validate(
        {
            "access": {"customers": site.enters},
            "hidden_schemas": sorted(site.hidden_schemas),
            "hidden_object_types": sorted(site.hidden_types),
            "columns": {} if site.columns is None else {site.of_type: list(site.columns)},
            "owner_rules": [
                {"object_type": reach, "attribute": name, "match": match}
                for reach, name, match in site.rules
            ],
        },
        strict=False,
    )
    viewer = Viewer(AccountId(ME), MY_ADDRESS, frozenset(), is_customer=True)
    return Decision(visibility, viewer, PERSON if site.known else None, catalogue)


@settings(max_examples=400, deadline=None)
@given(sites)
def test_the_decision_is_the_contracts_whatever_the_site_looks_like(site: Site) -> None:
    decision, asset = build(site)
    verdict = decision.judge(asset)
    assert (verdict.owned, verdict.visible) == expected(site)
    types = {one for among in decision.asked(lambda _: True).values() for one in among}
    if verdict.visible:
        assert site.of_type in types  # what is visible is asked for
    for one in types:  # and what is hidden never is
        assert not site.hidden_types & set(line(site, one))
        assert site.schemas[TYPES.index(one)] not in site.hidden_schemas


@settings(max_examples=200, deadline=None)
@given(sites)
def test_columns_are_exact_and_ordered_and_never_decide_whose_it_is(site: Site) -> None:
    decision, asset = build(site)
    names = [name for name, _ in decision.shown(asset)]
    if site.columns is None:
        assert names == list(KINDS)
    else:
        assert names == [one for one in dict.fromkeys(site.columns) if one in KINDS]
