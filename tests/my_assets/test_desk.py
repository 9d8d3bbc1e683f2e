"""The list of My Assets, from the caller to the rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import (
    InputRefused,
    NotAllowed,
    NotConfigured,
    ServiceFailed,
    ServiceUnreachable,
    SlowDown,
)
from app.inventory import Page
from app.my_assets.who import SiteUser
from tests.stand_ins.my_assets_site import ADA, BOB, MyAssetsSite


@pytest.fixture
def site() -> MyAssetsSite:
    return MyAssetsSite()


def test_a_row_tells_what_the_contract_names(site: MyAssetsSite) -> None:
    ada = site.person("e-ada", linked_to=ADA)
    laptop = site.device("Laptop", of=ada)
    page = site.page()
    assert page == {
        "assets": [
            {
                "object_id": laptop.id,
                "object_key": laptop.key,
                "label": "Laptop",
                "object_type": {"id": site.device_type, "name": "Device"},
                "schema": {"id": site.schema, "name": "ENTRA schema"},
                "attributes": [
                    {"name": "Serial number", "values": ["S1"]},
                    {"name": "Assigned To", "values": ["Person e-ada"]},
                ],
                "updated_at": "2026-01-02T03:04:05.000Z",
            }
        ],
        "total": 1,
        "complete": True,
        "next_cursor": None,
        "as_of": "2026-05-06T07:08:09Z",
        "person": "matched",
        "counts": [
            {
                "object_type": {"id": site.device_type, "name": "Device"},
                "schema": {"id": site.schema, "name": "ENTRA schema"},
                "count": 1,
            }
        ],
        "reporting": False,
    }


def test_two_hundred_own_assets_take_at_most_three_aql_calls(site: MyAssetsSite) -> None:
    ada = site.person("e-ada", email="ada@example.com")
    site.directory.users[ADA] = SiteUser("Ada@example.com", "atlassian")
    for number in range(200):
        site.device(f"Laptop {number:03}", of=ada)
    site.shelf.most_per_page = 500
    first = site.page(limit="200")
    assert (len(first["assets"]), first["total"], first["next_cursor"]) == (200, 200, None)
    assert site.shelf.aql_calls() <= 3
    site.shelf.calls.clear()
    site.page()
    assert site.shelf.aql_calls() == 2


def test_no_group_named_means_no_look_up_at_all(site: MyAssetsSite) -> None:
    site.person("e-ada", linked_to=ADA)
    site.page()
    assert site.directory.calls == []


def test_without_assets_access_the_list_is_not_configured(site: MyAssetsSite) -> None:
    site.connected = False
    with pytest.raises(NotConfigured):
        site.page()
    assert site.shelf.calls == []


def test_pages_follow_each_other_without_gap_or_repeat(site: MyAssetsSite) -> None:
    for number in range(23):
        site.phone(f"Phone {number:02}", ADA)
    seen, cursor = [], None
    while True:
        args = {"limit": "5"} | ({"cursor": cursor} if cursor else {})
        page = site.page(**args)
        assert page["total"] == 23
        seen += [one["label"] for one in page["assets"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [f"Phone {number:02}" for number in range(23)]


def test_a_row_that_goes_away_between_pages_hides_no_other(site: MyAssetsSite) -> None:
    phones = [site.phone(f"Phone {number}", ADA) for number in range(6)]
    first = site.page(limit="3")
    del site.shelf.objects[phones[2].id]
    rest = site.page(limit="3", cursor=first["next_cursor"])
    assert {"Phone 3", "Phone 4"} <= {one["label"] for one in rest["assets"]}


def test_more_than_one_request_reads_is_reached_page_by_page(site: MyAssetsSite) -> None:
    site.save(owner_rules=[{"object_type": "*", "attribute": "Owner", "match": "account"}])
    site.shelf.most_per_page = 10
    for number in range(75):
        site.phone(f"Phone {number:02}", ADA)
    seen, cursor, totals = [], None, []
    while True:
        site.shelf.calls.clear()
        page = site.page(**({"cursor": cursor} if cursor else {}))
        assert site.shelf.aql_calls() <= 3
        seen += [one["label"] for one in page["assets"]]
        totals.append((page["total"], page["complete"]))
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [f"Phone {number:02}" for number in range(75)]
    assert totals == [(30, False), (60, False), (75, True)]


def test_where_assets_gives_little_at_once_its_own_number_is_the_total(site: MyAssetsSite) -> None:
    site.save(owner_rules=[{"object_type": "*", "attribute": "Owner", "match": "account"}])
    site.shelf.most_per_page, site.shelf.tells_total = 10, True
    for number in range(75):
        site.phone(f"Phone {number:02}", ADA)
    page = site.page()
    assert (page["total"], page["complete"]) == (75, False)
    assert site.page(search="phone")["total"] == 30  # what was searched is known only when read


def test_assets_number_is_no_total_where_a_row_was_not_the_viewers(site: MyAssetsSite) -> None:
    site.save(owner_rules=[{"object_type": "*", "attribute": "Owner", "match": "account"}])
    site.shelf.most_per_page, site.shelf.tells_total = 10, True
    for number in range(75):
        site.phone(f"Phone {number:02}", ADA)
    found = site.shelf.search

    def with_a_stranger(aql: str, start_at: int, limit: int) -> Page:
        given = found(aql, start_at, limit)
        strange = replace(given.objects[0], id="9999", values={})
        return replace(given, objects=(strange, *given.objects[1:]))

    site.shelf.search = with_a_stranger  # type: ignore[method-assign]
    assert site.page()["total"] < 30


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("label", ["alpha", "Beta", "gamma"]),
        ("-label", ["gamma", "Beta", "alpha"]),
        ("object_type", ["alpha", "gamma", "Beta"]),
        ("-object_type", ["Beta", "alpha", "gamma"]),
    ],
)
def test_rows_stand_in_the_order_asked_for(
    site: MyAssetsSite, sort: str, expected: list[str]
) -> None:
    ada = site.person("e-ada", linked_to=ADA)
    site.phone("Beta", ADA)
    site.device("gamma", of=ada)
    site.device("alpha", of=ada)
    assert site.labels(sort=sort) == expected


def test_search_finds_parts_of_label_key_and_shown_values(site: MyAssetsSite) -> None:
    ada = site.person("e-ada", linked_to=ADA)
    laptop = site.device("Laptop", of=ada, serial="XYZ-9")
    site.phone("Phone", ADA, "Ada L.")
    assert site.labels(search="LAPT") == ["Laptop"]
    assert site.labels(search=laptop.key.lower()) == ["Laptop"]
    assert site.labels(search="xyz") == ["Laptop"]
    assert site.labels(search="ada l") == ["Phone"]
    assert site.page(search="nothing like it")["total"] == 0


def test_b14_search_text_never_reaches_aql(site: MyAssetsSite) -> None:
    site.phone("Phone", ADA)
    site.phone("Not hers", BOB)
    for text in ('" OR objectTypeId IN (1) OR "a" = "', "\\", "Phone\n", "x' OR 1=1"):
        site.page(search=text)
        assert all(text not in query for query in site.shelf.queries)


def test_filters_are_ids_and_an_unknown_one_looks_like_a_hidden_one(site: MyAssetsSite) -> None:
    ada = site.person("e-ada", linked_to=ADA)
    site.device("Laptop", of=ada)
    site.phone("Phone", ADA)
    assert site.labels(object_type=site.device_type) == ["Laptop"]
    assert site.labels(schema=site.stock) == ["Phone"]
    site.save(hidden_object_types=[site.device_type])
    hidden, unknown = site.page(object_type=site.device_type), site.page(object_type="4711")
    assert hidden == unknown
    assert hidden["total"] == 0


def test_a_cursor_of_another_site_viewer_or_filter_is_refused(site: MyAssetsSite) -> None:
    other = MyAssetsSite("two")
    for one in (site, other):
        for caller in (ADA, BOB):
            for number in range(3):
                one.phone(f"Phone {number}", caller)
    cursor = site.page(limit="1")["next_cursor"]
    assert site.page(limit="2", cursor=cursor)["assets"]
    for ask in (
        lambda: other.page(cursor=cursor),
        lambda: site.page(BOB, cursor=cursor),
        lambda: site.page(search="x", cursor=cursor),
        lambda: site.page(cursor="bm90IG91cnM"),
        lambda: site.page(cursor="____"),
    ):
        with pytest.raises(InputRefused) as refused:
            ask()
        assert [one.field for one in refused.value.problems] == ["cursor"]


def test_b10_another_site_or_viewer_sees_nothing_of_it(site: MyAssetsSite) -> None:
    other = MyAssetsSite("two")
    phone = site.phone("Phone", ADA)
    assert other.page()["total"] == 0
    assert site.page(BOB)["total"] == 0
    assert site.page(BOB, search=phone.key)["total"] == 0


def test_display_name_twins_never_mix_and_raise_an_alarm(site: MyAssetsSite) -> None:
    # The twin chose our viewer's account id as a display name: Assets finds both.
    site.phone("Ada's", ADA, "Ada")
    site.phone("The twin's", BOB, name=ADA)
    page = site.page()
    assert ([one["label"] for one in page["assets"]], page["total"]) == (["Ada's"], 1)
    assert site.alarms == [("row_not_the_viewers", "one")]


def test_two_people_of_one_name_keep_their_own(site: MyAssetsSite) -> None:
    site.phone("Ada's", ADA, "Sam Smith")
    site.phone("Bob's", BOB, "Sam Smith")
    assert (site.labels(ADA), site.labels(BOB)) == (["Ada's"], ["Bob's"])
    assert all("Sam" not in query for query in site.shelf.queries)


def test_identity_is_never_asked_by_part(site: MyAssetsSite) -> None:
    ann = site.person("e-ann", email="ann@example.com", linked_to="")
    site.person("e-joann", email="joann@example.com")
    site.directory.users[ADA] = SiteUser("ann@example.com", "atlassian")
    site.device("Ann's", of=ann)
    assert site.labels() == ["Ann's"]
    assert all("LIKE" not in query and "STARTSWITH" not in query for query in site.shelf.queries)


def test_a_refusal_of_assets_is_not_told_as_the_viewers(site: MyAssetsSite) -> None:
    site.shelf.fails_with = NotAllowed()
    with pytest.raises(ServiceFailed):
        site.page()


@pytest.mark.parametrize("lookup", ["groups_of", "known_groups", "user"])
def test_a_failing_look_up_lets_nobody_in(site: MyAssetsSite, lookup: str) -> None:
    site.directory.users[ADA] = SiteUser(None, "atlassian")
    site.directory.groups = {"g1"}
    site.save(access={"mode": "restrict", "groups": ["g1"]})
    site.phone("Phone", ADA)
    assert site.labels() == ["Phone"]
    site.directory.fails = {lookup: ServiceFailed("down")}
    with pytest.raises(ServiceUnreachable):
        site.page()
    site.directory.fails = {lookup: NotAllowed()}
    with pytest.raises(NotAllowed):
        site.page()


def test_where_jira_asks_to_wait_before_it_says_who_it_is_the_viewer_waits(
    site: MyAssetsSite,
) -> None:
    site.save(access={"mode": "restrict", "groups": ["g1"]})
    site.directory.fails = {"user": SlowDown("", retry_after=7)}
    with pytest.raises(SlowDown) as asked:
        site.page()
    assert asked.value.retry_after == 7
    site.directory.fails = {"groups_of": SlowDown("", retry_after=7)}
    with pytest.raises(ServiceUnreachable) as closed:
        site.page()
    assert closed.value.retry_after == 7


def test_a_saved_change_of_visibility_holds_for_the_next_request(site: MyAssetsSite) -> None:
    site.phone("Phone", ADA)
    assert site.labels() == ["Phone"]
    site.save(hidden_schemas=[site.stock])
    assert site.labels() == []
    site.save(access={"mode": "allow", "groups": [], "customers": False})
    before, asked = len(site.shelf.calls), len(site.directory.calls)
    with pytest.raises(NotAllowed):
        site.page()
    assert (len(site.shelf.calls), len(site.directory.calls)) == (before, asked)


def test_types_the_saved_account_may_not_read_are_absent(site: MyAssetsSite) -> None:
    site.phone("Phone", ADA)
    site.shelf.unreadable = {site.phone_type}
    assert site.page()["total"] == 0
    later = MyAssetsSite("two")
    later.phone("Phone", ADA)
    later.shelf.unreadable = {later.stock}
    assert later.page()["total"] == 0


def test_the_catalogue_is_kept_a_short_while_and_then_asked_anew(site: MyAssetsSite) -> None:
    site.page()
    asked = site.shelf.calls.count("schemas")
    site.later(29)
    site.page()
    assert site.shelf.calls.count("schemas") == asked
    site.later(31)
    site.page()
    assert site.shelf.calls.count("schemas") == asked + 1


def test_every_query_stays_within_the_subset_and_its_limits(site: MyAssetsSite) -> None:
    for number in range(320):
        made = site.shelf.add_type(site.stock, f"Kind {number}")
        site.shelf.add_attribute(made, "Owner")
        site.shelf.add(made, f"Thing {number:03}", Owner=str(ADA))
    page = site.page(limit="200")
    assert page["total"] == 320
    assert all(len(query.encode()) < 4096 for query in site.shelf.queries)
