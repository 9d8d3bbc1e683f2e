"""A draft looked at as one person: what their own list would say, and nothing happens by it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from app.errors import InputRefused, NotAllowed, NotConfigured, ServiceFailed, ServiceUnreachable
from app.my_assets.drafts.masking import MASK
from app.my_assets.who import SiteUser
from app.site_settings.documents import Visibility
from app.words import AccountId, Json
from tests.my_assets.test_draft_effect import VIEWERS, Plan, build, plans
from tests.stand_ins.my_assets_site import ADA, BOB, MyAssetsSite


def preview(
    site: MyAssetsSite, person: AccountId | None = BOB, by: AccountId = ADA, **draft: Any
) -> Json:
    rules = Visibility.model_validate(draft, strict=False) if draft else site.saved
    return site.desk.drafts.preview(site.instance, by, rules, person)


@pytest.fixture
def site() -> MyAssetsSite:
    """Bob has a laptop by his address and a phone by his account."""
    made = MyAssetsSite()
    for viewer, address in ((ADA, "ada@example.com"), (BOB, "bob@example.com")):
        made.directory.users[viewer] = SiteUser(address, "atlassian")
    made.device("Laptop", of=made.person("e-bob", email="BOB@example.com"), serial="S-77")
    made.phone("Phone", BOB)
    made.phone("Ada's phone", ADA)
    return made


def labels(rows: list[Json]) -> list[str]:
    return [one["label"] for one in rows]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans)
def test_with_the_saved_rules_it_is_the_persons_own_list(plan: Plan) -> None:
    site = build(plan)
    site.shelf.most_per_page = 500
    site.save(**plan.saved.on(site))
    for viewer in VIEWERS:
        told = preview(site, viewer, by=viewer)
        over = preview(site, viewer, by=AccountId("557058:admin"))
        assert (site.shelf.updates, site.alarms) == ([], [])
        try:
            own = site.page(viewer)
        except NotAllowed:
            assert (told["allowed"], told["assets"], told["leaving"]) == (False, [], [])
            continue
        finally:
            site.shelf.updates.clear()
            site.alarms.clear()
        assert told["allowed"]
        assert [without_remarks(one) for one in told["assets"]] == own["assets"]
        for name in ("total", "complete", "person"):
            assert told[name] == over[name] == own[name]
        assert set(told["effect"].values()) == {0}
        assert shape(over["assets"]) == shape(own["assets"])


def without_remarks(row: Json) -> Json:
    return {name: one for name, one in row.items() if name not in ("change", "reasons")}


def shape(rows: list[Json]) -> list[Any]:
    """All but the values, of which it tells how many there are."""
    return [
        [one["object_key"], one["label"], one["object_type"], one["schema"]]
        + [(each["name"], len(each["values"])) for each in one["attributes"]]
        for one in rows
    ]


def test_it_is_the_persons_and_the_reasons_are_told(site: MyAssetsSite) -> None:
    told = preview(site)
    assert labels(told["assets"]) == ["Laptop", "Phone"]
    assert [one["change"] for one in told["assets"]] == ["stays", "stays"]
    assert told["assets"][0]["reasons"] == [
        {"rule": "owner", "outcome": "yours_by_person"},
        {"rule": "access", "outcome": "allowed"},
        {"rule": "hidden_schema", "outcome": "not_hidden"},
        {"rule": "hidden_object_type", "outcome": "not_hidden"},
    ]


def test_somebody_elses_values_are_covered_and_ones_own_are_not(site: MyAssetsSite) -> None:
    covered = {one["name"]: one["values"] for one in preview(site)["assets"][0]["attributes"]}
    assert covered == {"Serial number": [MASK], "Assigned To": [MASK]}
    mine = preview(site, BOB, by=BOB)
    assert (mine["masked"], mine["assets"][0]["attributes"][0]["values"]) == (False, ["S-77"])
    nobody_named = preview(site, None, by=BOB)
    assert nobody_named["assets"] == mine["assets"]


def test_nothing_is_written_nor_is_anybody_woken(site: MyAssetsSite) -> None:
    """The person's own page would link them; a draft only finds them."""
    site.phone("The twin's", AccountId("557058:twin"), name=BOB)
    assert preview(site)["person"] == "matched"
    site.person("e-bob2", email="bob@example.com")
    two = preview(site)
    assert (two["person"], two["two_persons"]) == ("unmatched", True)
    assert (site.shelf.updates, site.alarms) == ([], [])
    site.desk.drafts.effect(site.instance, ADA, Visibility(hidden_schemas=(site.stock,)))
    assert (site.shelf.updates, site.alarms) == ([], [])


def test_what_the_draft_hides_is_told_with_the_rule_that_hides_it(site: MyAssetsSite) -> None:
    told = preview(site, hidden_schemas=[site.stock])
    assert labels(told["assets"]) == ["Laptop"]
    assert [(one["label"], one["reasons"]) for one in told["leaving"]] == [
        ("Phone", [{"rule": "hidden_schema", "outcome": "hidden"}])
    ]
    assert told["effect"] == {"appear": 0, "disappear": 1, "changed": 0}
    assert told["saved"] == {"allowed": True, "person": "matched", "total": 2}


def test_what_appears_and_what_is_shown_otherwise_is_told(site: MyAssetsSite) -> None:
    site.save(hidden_schemas=[site.stock])
    told = preview(site, columns={site.device_type: ["Serial number"]})
    assert [(one["label"], one["change"]) for one in told["assets"]] == [
        ("Laptop", "changed"), ("Phone", "appears")
    ]  # fmt: skip
    assert told["effect"] == {"appear": 1, "disappear": 0, "changed": 1}


def test_whoever_the_draft_refuses_would_lose_everything(site: MyAssetsSite) -> None:
    site.directory.groups = {"g1"}
    site.directory.memberships[BOB] = {"g1"}
    told = preview(site, access={"mode": "restrict", "groups": ["g1"]})
    assert (told["allowed"], told["assets"], told["saved"]["allowed"]) == (False, [], True)
    assert labels(told["leaving"]) == ["Laptop", "Phone"]
    assert told["leaving"][0]["reasons"] == [{"rule": "access", "outcome": "refused"}]


def test_a_person_whom_jira_does_not_show_is_refused_as_on_their_own_page(
    site: MyAssetsSite,
) -> None:
    site.directory.fails["groups_of"] = NotAllowed()
    told = preview(site, access={"mode": "allow", "groups": ["g1"]})
    assert told["allowed"] is False
    assert told["leaving"][0]["reasons"] == [{"rule": "access", "outcome": "look_up_refused"}]


def test_a_failing_look_up_is_a_failure_and_no_preview(site: MyAssetsSite) -> None:
    site.directory.fails["groups_of"] = ServiceUnreachable()
    with pytest.raises(ServiceUnreachable):
        preview(site, access={"mode": "allow", "groups": ["g1"]})


def test_no_group_named_is_no_group_look_up(site: MyAssetsSite) -> None:
    preview(site, hidden_schemas=[site.stock])
    site.desk.drafts.effect(site.instance, ADA, Visibility(hidden_schemas=(site.stock,)))
    assert {"groups_of", "known_groups"}.isdisjoint(site.directory.calls)


def test_each_list_takes_three_questions_at_most_and_the_same_is_asked_once(
    site: MyAssetsSite,
) -> None:
    preview(site)
    assert site.shelf.aql_calls() == 3
    site.shelf.calls.clear()
    preview(site, owner_rules=[{"object_type": "*", "attribute": "Owner", "match": "account"}])
    assert site.shelf.aql_calls() <= 4


@pytest.mark.parametrize("account_id", ["557058:nobody", "../../x", "*"])
def test_an_account_that_jira_does_not_know_is_named(site: MyAssetsSite, account_id: str) -> None:
    with pytest.raises(InputRefused) as refused:
        preview(site, AccountId(account_id))
    assert [one.field for one in refused.value.problems] == ["person"]
    assert account_id not in str(refused.value.problems)
    assert site.shelf.aql_calls() == 0


def test_people_are_found_and_apps_are_none(site: MyAssetsSite) -> None:
    site.directory.users[AccountId("557058:bot")] = SiteUser(None, "app")
    site.directory.users[AccountId("557058:bo")] = SiteUser(None, "customer")
    told = site.desk.drafts.people(site.instance, " bo ")
    assert [(one["account_id"], one["customer"]) for one in told["people"]] == [
        (BOB, False), ("557058:bo", True)
    ]  # fmt: skip
    for query in ("", "  ", "b" * 101):
        with pytest.raises(InputRefused):
            site.desk.drafts.people(site.instance, query)


def test_where_people_may_not_be_looked_up_it_says_so(site: MyAssetsSite) -> None:
    site.directory.fails["found_by"] = NotAllowed()
    with pytest.raises(ServiceFailed):
        site.desk.drafts.people(site.instance, "bo")


def test_before_assets_is_connected_nothing_is_asked(site: MyAssetsSite) -> None:
    site.connected = False
    for ask in (
        lambda: preview(site),
        lambda: site.desk.drafts.effect(site.instance, ADA, Visibility()),
        lambda: site.desk.drafts.people(site.instance, "bo"),
    ):
        with pytest.raises(NotConfigured):
            ask()
    assert (site.shelf.calls, site.directory.calls) == ([], [])
