"""Delta queries as awkward as the real ones: what a client may rely on, and what it may not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.directory import CAST
from sandbox.directory.groups import EVERYONE
from sandbox.graph import Behaviour
from tests.stand_ins.microsoft import Side, running, values

BOSS, ONE, TWO, THREE = (member.entra_id for member in CAST)
PEOPLE = "users/delta?$select=displayName,jobTitle,faxNumber,userPrincipalName,manager"


@pytest.fixture
def side() -> Iterator[Side]:
    with running(60, Behaviour(delta_page=10, members_per_page=25)) as started:
        yield started


def link_after(side: Side, path: str = PEOPLE) -> str:
    link: str = side.pages(path)[-1]["@odata.deltaLink"]
    return link


def changes(side: Side, link: str, **headers: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in values(side.pages(link, **headers))}


def test_the_first_round_is_everybody_and_ends_in_a_delta_link(side: Side) -> None:
    pages = side.pages(PEOPLE)
    living = {one["id"] for one in values(pages) if "@removed" not in one}
    assert living == set(side.directory.users)
    assert ["@odata.deltaLink" in page for page in pages] == [False] * (len(pages) - 1) + [True]


def test_empty_pages_objects_twice_and_removals_come_in_the_first_round(side: Side) -> None:
    pages = side.pages(PEOPLE)
    assert any(not page["value"] and "@odata.nextLink" in page for page in pages)
    ids = [one["id"] for one in values(pages)]
    assert len(ids) > len(set(ids))
    removed = [one for one in values(pages) if "@removed" in one]
    assert removed[0] == {"id": removed[0]["id"], "@removed": {"reason": "changed"}}


def test_the_moods_can_be_switched_off(side: Side) -> None:
    side.behaviour.empty_pages = side.behaviour.repeated_objects = False
    side.behaviour.removed_in_first_round = False
    ids = [one["id"] for one in values(side.pages(PEOPLE))]
    assert ids == list(side.directory.users)


def test_a_property_that_was_never_set_is_absent_and_a_cleared_one_is_null(side: Side) -> None:
    link = link_after(side)
    side.directory.change_person(ONE, jobTitle=None)
    one = changes(side, link)[ONE]
    assert one["jobTitle"] is None
    assert "faxNumber" not in one
    assert one["displayName"] == CAST[1].display_name


def test_a_delta_shows_only_what_was_selected(side: Side) -> None:
    for one in values(side.pages("users/delta?$select=mail")):
        assert set(one) <= {"id", "mail", "@removed"}


def test_managers_come_as_ids(side: Side) -> None:
    people = changes(side, PEOPLE)
    boss = [{"@odata.type": "#microsoft.graph.user", "id": BOSS}]
    assert people[ONE]["manager@delta"] == boss
    assert "manager@delta" not in people[BOSS]


def test_without_being_selected_no_manager_comes(side: Side) -> None:
    assert not any("manager@delta" in one for one in values(side.pages("users/delta")))


def test_a_new_manager_and_a_lost_one_are_told(side: Side) -> None:
    link = link_after(side)
    side.directory.set_manager(ONE, TWO)
    side.directory.set_manager(THREE, None)
    found = changes(side, link)
    assert [m["id"] for m in found[ONE]["manager@delta"]] == [TWO]
    gone = {"@odata.type": "#microsoft.graph.user", "id": BOSS, "@removed": {"reason": "deleted"}}
    assert found[THREE]["manager@delta"] == [gone]


def test_a_later_round_tells_only_what_changed(side: Side) -> None:
    link = link_after(side)
    assert changes(side, link) == {}
    side.directory.rename_upn(ONE, "renamed@contoso.example")
    found = changes(side, link)
    assert set(found) == {ONE}
    assert found[ONE]["userPrincipalName"] == "renamed@contoso.example"


def test_a_change_of_what_was_not_selected_is_not_told(side: Side) -> None:
    link = link_after(side)
    side.directory.change_person(ONE, officeLocation="elsewhere")
    assert changes(side, link) == {}


def test_a_removed_person_is_changed_then_deleted_and_a_restored_one_is_whole(side: Side) -> None:
    link = link_after(side)
    side.directory.remove_person(ONE)
    assert changes(side, link)[ONE] == {"id": ONE, "@removed": {"reason": "changed"}}
    side.directory.purge_person(ONE)
    assert changes(side, link)[ONE] == {"id": ONE, "@removed": {"reason": "deleted"}}
    side.directory.remove_person(TWO)
    side.directory.restore_person(TWO)
    back = changes(side, link)[TWO]
    assert back["displayName"] == CAST[2].display_name
    assert back["manager@delta"][0]["id"] == BOSS


def test_a_delta_link_may_be_used_again_and_each_round_gives_a_new_one(side: Side) -> None:
    link = link_after(side)
    side.directory.change_person(ONE, jobTitle="A")
    page = side.json(link)
    assert set(changes(side, link)) == {ONE}
    assert changes(side, page["@odata.deltaLink"]) == {}


def test_what_changes_while_the_pages_are_read_comes_in_the_next_round(side: Side) -> None:
    page = side.json(PEOPLE)
    side.directory.change_person(BOSS, jobTitle="Changed meanwhile")
    rest = side.pages(page["@odata.nextLink"])
    assert set(changes(side, rest[-1]["@odata.deltaLink"])) == {BOSS}


def test_changes_may_come_again_in_a_later_round(side: Side) -> None:
    link = link_after(side)
    side.directory.change_person(ONE, jobTitle="A")
    link = side.pages(link)[-1]["@odata.deltaLink"]
    side.behaviour.replayed_changes = 1
    assert changes(side, link)[ONE]["jobTitle"] == "A"


def test_minimal_answers_hold_only_what_changed(side: Side) -> None:
    link = link_after(side)
    side.directory.change_person(ONE, jobTitle="New")
    assert changes(side, link, Prefer="return=minimal")[ONE] == {"id": ONE, "jobTitle": "New"}


def test_latest_gives_nothing_but_a_link_from_now_on(side: Side) -> None:
    page = side.json(f"{PEOPLE}&$deltatoken=latest")
    assert page["value"] == []
    side.directory.change_person(ONE, jobTitle="New")
    assert set(changes(side, page["@odata.deltaLink"])) == {ONE}


@pytest.mark.parametrize(
    "query", ["$top=5", "$expand=manager", "$orderby=displayName", "$search=x", "$count=true"]
)
def test_list_options_are_refused_in_a_delta(side: Side, query: str) -> None:
    assert side.refused(f"users/delta?{query}")[0] == 400


def test_the_selection_cannot_be_changed_on_the_way(side: Side) -> None:
    link = side.json(PEOPLE)["@odata.nextLink"]
    assert side.refused(f"{link}&$select=mail")[0] == 400


def test_a_delta_filters_by_at_most_fifty_ids(side: Side) -> None:
    both = f"id eq '{ONE}' or id eq '{TWO}'"
    assert set(changes(side, f"users/delta?$filter={both}")) == {ONE, TWO}
    assert side.refused("users/delta?$filter=userType eq 'Guest'")[0] == 400
    many = " or ".join(f"id eq '{n}'" for n in range(51))
    assert side.refused(f"users/delta?$filter={many}")[0] == 400


def test_a_link_older_than_seven_days_is_gone_and_says_where_to_start_again(side: Side) -> None:
    link = link_after(side)
    side.later(days=6, hours=23)
    assert side.get(link).status_code == 200
    side.later(hours=2)
    reply = side.get(link)
    assert reply.status_code == 410
    people = changes(side, reply.headers["Location"])
    assert set(side.directory.users) <= set(people)
    assert "manager@delta" in people[ONE]


def test_an_old_link_may_also_be_a_lost_sync_state(side: Side) -> None:
    link = link_after(side)
    side.behaviour.expired_delta = 400
    side.behaviour.delta_generation += 1
    assert side.refused(link)[:2] == (400, "syncStateNotFound")


def test_a_link_of_another_resource_or_an_edited_one_is_refused(side: Side) -> None:
    link = link_after(side)
    assert side.refused(link.replace("/users/", "/groups/"))[0] == 400
    assert side.refused(link[:-6] + "AAAAAA")[0] == 400


def test_a_large_group_comes_in_pieces_under_one_id(side: Side) -> None:
    pages = side.pages("groups/delta?$select=displayName,members")
    pieces = [one for one in values(pages) if one["id"] == EVERYONE and "members@delta" in one]
    assert len(pieces) > 1
    assert all(len(piece["members@delta"]) <= 25 for piece in pieces)
    ids = [member["id"] for piece in pieces for member in piece["members@delta"]]
    assert set(ids) == set(side.directory.members_of(EVERYONE))


def test_joining_and_leaving_a_group_are_told_by_the_last_word(side: Side) -> None:
    link = link_after(side, "groups/delta?$select=displayName,members")
    side.directory.remove_member(EVERYONE, ONE)
    side.directory.remove_member(EVERYONE, TWO)
    side.directory.add_member(EVERYONE, TWO)
    members = changes(side, link)[EVERYONE]["members@delta"]
    gone = {"@odata.type": "#microsoft.graph.user", "id": ONE, "@removed": {"reason": "deleted"}}
    assert members == [gone, {"@odata.type": "#microsoft.graph.user", "id": TWO}]


def test_members_that_were_not_selected_do_not_come(side: Side) -> None:
    assert not any(
        "members@delta" in one for one in values(side.pages("groups/delta?$select=displayName"))
    )


def test_a_reassigned_a_new_and_a_removed_device_are_told(side: Side) -> None:
    link = link_after(side, "devices/delta?$select=displayName")
    first, second = CAST[1].devices
    side.directory.assign_device(first.entra_id, TWO)
    side.directory.remove_device(second.entra_id)
    side.directory.add_device(ONE, id="d-new", displayName="New")
    found = changes(side, link)
    assert found[first.entra_id] == {"id": first.entra_id, "displayName": first.name}
    assert found[second.entra_id]["@removed"] == {"reason": "deleted"}
    assert found["d-new"] == {"id": "d-new", "displayName": "New"}


def test_a_new_owner_alone_need_not_be_told(side: Side) -> None:
    link = link_after(side, "devices/delta?$select=displayName")
    side.behaviour.owners_tell_devices = False
    side.directory.assign_device(CAST[1].devices[0].entra_id, TWO)
    assert changes(side, link) == {}


def test_there_is_no_delta_of_managed_devices(side: Side) -> None:
    assert side.refused("deviceManagement/managedDevices/delta")[0] == 501
