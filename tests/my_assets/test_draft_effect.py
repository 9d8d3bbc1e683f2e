"""The effect of a draft is the difference of two lists, for everyone, on random small sites."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import NotAllowed
from app.inventory import AssetObject
from app.my_assets.who import SiteUser
from app.site_settings.documents import Visibility
from app.words import AccountId, Json
from tests.stand_ins.assets import account
from tests.stand_ins.my_assets_site import ADA, MyAssetsSite

VIEWERS = [AccountId(f"557058:{name}") for name in ("ada", "bob", "cyd", "dan")]
ADDRESSES = ["ada@example.com", "Ada@Example.com", "joada@example.com", "dan@example.com"]
RULES = [
    ("*", "Owner", "account"),
    ("phone", "Owner", "account"),
    ("*", "Assigned To", "person"),
    ("*", "Model", "email"),
    ("*", "Model", "account"),
    ("device", "Serial number", "entra_id"),
]
MODELS = ["X", "ADA@example.com", "joada@example.com", VIEWERS[1], "557058:nobody"]
SERIALS = ["S1", "E-0", "e-2"]
people = st.integers(0, len(VIEWERS) - 1)


@dataclass(frozen=True)
class Rules:
    mode: str
    groups: tuple[str, ...]
    customers: bool
    hidden: frozenset[str]
    hidden_schema: bool
    owner_rules: tuple[tuple[str, str, str], ...]
    columns: tuple[str, ...] | None

    def on(self, site: MyAssetsSite) -> Json:
        ids = {"phone": site.phone_type, "device": site.device_type, "*": "*"}
        columns = {} if self.columns is None else {site.device_type: list(self.columns)}
        return {
            "access": {
                "mode": self.mode, "groups": list(self.groups), "customers": self.customers
            },
            "hidden_schemas": [site.stock] * self.hidden_schema,
            "hidden_object_types": sorted(ids.get(one, site.person_type) for one in self.hidden),
            "owner_rules": [
                {"object_type": ids[kind], "attribute": name, "match": match}
                for kind, name, match in self.owner_rules
            ],
            "columns": columns,
        }  # fmt: skip


rules = st.builds(
    Rules,
    mode=st.sampled_from(["restrict", "restrict", "restrict", "allow"]),
    groups=st.sampled_from([(), (), ("g1",), ("g1", "g2"), ("gone",), ("g2", "gone")]),
    customers=st.booleans(),
    hidden=st.frozensets(st.sampled_from(["phone", "device", "person"]), max_size=1),
    hidden_schema=st.sampled_from([False, False, False, True]),
    owner_rules=st.just((RULES[0], RULES[2]))
    | st.lists(st.sampled_from(RULES), max_size=4, unique=True).map(tuple),
    columns=st.none()
    | st.lists(st.sampled_from(["Serial number", "Assigned To"]), max_size=2, unique=True).map(
        tuple
    ),
)


@dataclass(frozen=True)
class Plan:
    linked: tuple[bool, ...]
    addresses: tuple[int, ...]
    groups: tuple[frozenset[str], ...]
    customers: tuple[bool, ...]
    devices: tuple[tuple[frozenset[int], int], ...]
    phones: tuple[tuple[frozenset[int], int], ...]
    saved: Rules
    draft: Rules
    per_page: int = field(default=500)


def each(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(*[one] * len(VIEWERS))


def held(texts: list[str]) -> st.SearchStrategy[Any]:
    one = st.tuples(st.frozensets(people, max_size=2), st.integers(0, len(texts) - 1))
    return st.lists(one, max_size=5).map(tuple)


plans = st.builds(
    Plan,
    linked=each(st.booleans()),
    addresses=each(st.integers(0, len(ADDRESSES) - 1)),
    groups=each(st.frozensets(st.sampled_from(["g1", "g2"]))),
    customers=each(st.booleans()),
    devices=held(SERIALS),
    phones=held(MODELS),
    saved=rules,
    draft=rules,
    per_page=st.sampled_from([2, 500]),
)


def build(plan: Plan) -> MyAssetsSite:
    site = MyAssetsSite()
    site.shelf.most_per_page = plan.per_page
    site.directory.groups = {"g1", "g2"}
    persons: list[AssetObject] = []
    for number, viewer in enumerate(VIEWERS):
        address = ADDRESSES[plan.addresses[number]]
        linked_to = viewer if plan.linked[number] else ""
        persons.append(site.person(f"e-{number}", email=address, linked_to=linked_to))
        kind = "customer" if plan.customers[number] else "atlassian"
        site.directory.users[viewer] = SiteUser(address, kind)
        site.directory.memberships[viewer] = set(plan.groups[number])
    for holders, serial in plan.devices:
        refs = [site.shelf.to(persons[one]) for one in sorted(holders)]
        values = {"Assigned_To": refs, "Serial_number": SERIALS[serial]}
        site.shelf.add(site.device_type, "Device", **values)
    for holders, model in plan.phones:
        owners = [account(VIEWERS[one]) for one in sorted(holders)]
        site.shelf.add(site.phone_type, "Phone", Owner=owners, Model=MODELS[model])
    return site


def list_of(site: MyAssetsSite, viewer: AccountId, rules: Json) -> dict[str, Any] | None:
    """What the person's own request says under these rules; None: 403."""
    site.save(**rules)
    site.shelf.most_per_page = 500
    try:
        page = site.page(viewer, limit="200")
    except NotAllowed:
        return None
    return {one["object_key"]: one["attributes"] for one in page["assets"]}


def expected(site: MyAssetsSite, saved: Json, draft: Json) -> dict[str, Any]:
    """The difference of two lists, for everybody who has something by either set of rules."""
    counts = dict.fromkeys(("gain", "lose", "changed", "gain_access", "lose_access"), 0)
    assets: dict[str, set[str]] = {"appear": set(), "disappear": set(), "changed": set()}
    for viewer in VIEWERS:
        before, after = (list_of(site, viewer, rules) for rules in (saved, draft))
        has = any(list_of(site, viewer, {**rules, "access": {}}) for rules in (saved, draft))
        new, old = after or {}, before or {}
        appear, disappear = new.keys() - old.keys(), old.keys() - new.keys()
        changed = {key for key in new.keys() & old.keys() if new[key] != old[key]}
        counts["gain"] += bool(appear)
        counts["lose"] += bool(disappear)
        counts["changed"] += bool(changed)
        counts["gain_access"] += has and before is None and after is not None
        counts["lose_access"] += has and before is not None and after is None
        assets["appear"] |= appear
        assets["disappear"] |= disappear
        assets["changed"] |= changed
    return {**counts, **{f"assets {name}": len(keys) for name, keys in assets.items()}}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans)
def test_the_effect_is_the_difference_of_two_lists(plan: Plan) -> None:
    site = build(plan)
    saved, draft = plan.saved.on(site), plan.draft.on(site)
    site.save(**saved)
    told = site.desk.drafts.effect(
        site.instance, ADA, Visibility.model_validate(draft, strict=False)
    )
    assert "look_ups" not in told["not_counted"]
    found = {name: told["people"][name] for name in told["people"]}
    found |= {f"assets {name}": told["assets"][name] for name in told["assets"]}
    assert site.shelf.updates == []
    wanted = expected(site, saved, draft)
    if {"assets", "persons"} & set(told["not_counted"]):
        assert all(found[name] <= wanted[name] for name in wanted)
    else:
        assert {name: found[name] for name in wanted} == wanted


def effect(site: MyAssetsSite, **draft: Any) -> Json:
    return site.desk.drafts.effect(
        site.instance, ADA, Visibility.model_validate(draft, strict=False)
    )


def test_a_draft_that_changes_nothing_asks_nothing() -> None:
    site = MyAssetsSite()
    site.phone("Phone", VIEWERS[0])
    told = effect(site)
    assert {told["people"][name] for name in told["people"]} == {0}
    assert (told["object_types"], told["not_counted"]) == ([], [])
    assert site.shelf.aql_calls() == 0


def test_types_are_told_with_their_counts_and_their_attributes() -> None:
    site = MyAssetsSite()
    for number in range(3):
        site.phone(f"Phone {number}", VIEWERS[number % 2])
    site.device("Laptop", of=site.person("e-1", linked_to=VIEWERS[0]))
    columns = {site.device_type: ["Assigned To", "Serial number"]}
    told = effect(site, hidden_schemas=[site.stock], columns=columns)
    device, phone = told["object_types"]
    assert phone["object_type"]["name"] == "Phone"
    assert (phone["seen"], phone["disappear"]) == ({"before": True, "after": False}, 3)
    assert phone["known"] == 3
    assert device["attributes"] == {"appear": [], "disappear": [], "reordered": True}
    assert (device["changed"], told["people"]["changed"], told["people"]["lose"]) == (1, 1, 2)


def test_more_than_is_read_is_told_as_at_least_with_what_there_is() -> None:
    site = MyAssetsSite()
    site.shelf.most_per_page = 2
    for number in range(20):
        site.phone(f"Phone {number:02}", VIEWERS[number % 2])
    told = effect(site, hidden_object_types=[site.phone_type])
    assert told["not_counted"] == ["assets"]
    assert told["assets"] == {
        "appear": 0, "disappear": 12, "changed": 0, "looked_at": 12, "known": 20
    }  # fmt: skip
    assert told["object_types"][0]["known"] == 20
    assert site.shelf.aql_calls() == 7  # of these, one for the people


def test_time_ends_the_count_and_that_is_told() -> None:
    site = MyAssetsSite()
    site.phone("Phone", VIEWERS[0])
    owner_rules = [{"object_type": "*", "attribute": "Owner", "match": "account"}]
    site.save(owner_rules=owner_rules)
    search = site.shelf.search

    def slow(aql: str, start_at: int, limit: int) -> Any:
        site.later(16)
        page = search(aql, start_at, limit)
        return type(page)(page.objects, last=False, attributes={})

    site.shelf.search = slow  # type: ignore[method-assign]
    told = effect(site, owner_rules=owner_rules, access={"mode": "allow", "groups": ["g1"]})
    assert {"assets", "look_ups", "people_without_assets"} <= set(told["not_counted"])
    assert told["people"] == dict.fromkeys(told["people"], 0) | {"known": 1}
    assert "groups_of" not in site.directory.calls


def test_a_later_count_of_the_same_administrator_ends_an_earlier_one() -> None:
    """The browser has gone; nobody waits for the answer, so no more is asked for it."""
    site = MyAssetsSite()
    site.shelf.most_per_page = 2
    for number in range(9):
        site.phone(f"Phone {number}", VIEWERS[0])
    search, again = site.shelf.search, [True]

    def interrupted(aql: str, start_at: int, limit: int) -> Any:
        if start_at == 2 and again:
            again.clear()
            site.later(1)
            effect(site)
        return search(aql, start_at, limit)

    site.shelf.search = interrupted  # type: ignore[method-assign]
    told = effect(site, hidden_object_types=[site.phone_type])
    assert (told["assets"]["looked_at"], told["assets"]["known"]) == (4, None)
    assert told["not_counted"] == ["assets"]
    full = effect(site, hidden_object_types=[site.phone_type])
    assert (full["assets"]["looked_at"], full["not_counted"]) == (9, [])


def test_jira_is_asked_about_so_many_people_and_the_rest_is_told() -> None:
    site = MyAssetsSite()
    site.directory.groups = {"g1"}
    for number in range(100):
        viewer = AccountId(f"557058:p{number:03}")
        site.directory.users[viewer] = SiteUser(None, "atlassian")
        site.phone(f"Phone {number:03}", viewer)
    told = effect(site, access={"mode": "allow", "groups": ["g1"]})
    assert told["people"]["lose_access"] == told["people"]["looked_at"] == 40
    assert told["people"]["known"] == 100
    assert told["not_counted"] == ["look_ups", "people_without_assets"]
    assert site.directory.calls.count("groups_of") == 40
    assert site.directory.calls.count("known_groups") == 0


def test_people_without_an_account_yet_are_counted_as_themselves() -> None:
    site = MyAssetsSite()
    for number in range(100):
        address = f"p{number}@example.com"
        site.device("Laptop", of=site.person(f"e-{number}", email=address))
        site.directory.users[AccountId(f"557058:{number}")] = SiteUser(address, "atlassian")
    told = effect(site, hidden_object_types=[site.device_type])
    assert (told["people"]["lose"], told["not_counted"]) == (100, ["not_linked"])
    assert site.directory.calls.count("found_by") == 40
    told = effect(site, access={"mode": "allow", "groups": ["g1"]})
    assert told["people"]["lose_access"] == 0
    assert "look_ups" in told["not_counted"]


def test_where_the_rules_name_nobody_everybody_is_counted_without_a_look_up() -> None:
    site = MyAssetsSite()
    for number in range(100):
        site.phone(f"Phone {number:03}", AccountId(f"557058:p{number:03}"))
    told = effect(site, access={"mode": "allow", "groups": [], "customers": False})
    assert told["people"]["lose_access"] == 100
    assert site.directory.calls == []


def test_an_owner_nobody_has_an_account_for_is_told() -> None:
    site = MyAssetsSite()
    site.device("Laptop", of=site.person("e-1", email="nobody@example.com"))
    site.shelf.add(site.phone_type, "Phone", Model="somebody@example.com")
    site.save(owner_rules=[{"object_type": "*", "attribute": "Model", "match": "email"}])
    told = effect(site, hidden_object_types=[site.phone_type])
    assert (told["people"]["lose"], told["not_counted"]) == (0, ["unknown_owners"])
    site.save()
    told = effect(site, hidden_object_types=[site.device_type])
    assert (told["people"]["lose"], told["not_counted"]) == (0, ["unknown_owners"])


def test_an_attribute_that_is_gone_is_read_anew() -> None:
    site = MyAssetsSite()
    site.phone("Phone", VIEWERS[0])
    site.device("Laptop", of=site.person("e-1", linked_to=VIEWERS[0]))
    site.page(VIEWERS[0])
    site.shelf.attributes_[site.phone_type] = []
    told = effect(site, hidden_object_types=[site.phone_type, site.device_type])
    assert told["assets"]["disappear"] == 1
