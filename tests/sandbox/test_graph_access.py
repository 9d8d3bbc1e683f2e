"""Graph asks for a good token first, then for the permission of each resource."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.directory import CAST
from sandbox.directory.groups import EVERYONE
from tests.stand_ins.microsoft import Side, running

DEVICE = CAST[0].devices[0].entra_id


@pytest.fixture
def side() -> Iterator[Side]:
    with running(12) as started:
        yield started


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer ", "Bearer not.a.token"])
def test_a_missing_or_unreadable_token_is_refused(side: Side, header: str) -> None:
    status, code, _ = side.refused("users", Authorization=header)
    assert (status, code) == (401, "InvalidAuthenticationToken")


@pytest.mark.parametrize(
    "change",
    [{"aud": "https://graph.microsoft.com"}, {"exp": 0}, {"nbf": 1e12}],
    ids=["audience", "expired", "not yet"],
)
def test_a_signed_token_for_another_time_or_place_is_refused(
    side: Side, change: dict[str, object]
) -> None:
    claims = {"aud": side.graph_url, "exp": 1e12, "nbf": 0, "roles": ["User.Read.All"]}
    good = side.microsoft.sign(claims)
    bad = side.microsoft.sign(claims | change)
    assert side.get("users", Authorization=f"Bearer {good}").status_code == 200
    assert side.refused("users", Authorization=f"Bearer {bad}")[0] == 401


def test_a_token_with_a_changed_claim_is_refused(side: Side) -> None:
    head, claims, mark = side.bearer["Authorization"].split(".")
    broken = f"{head}.{claims[:-2]}AA.{mark}"
    assert side.refused("users", Authorization=broken)[0] == 401


def test_a_token_stops_working_when_it_expires(side: Side) -> None:
    held = side.bearer["Authorization"]
    side.later(seconds=3598)
    assert side.get("users", Authorization=held).status_code == 200
    side.later(seconds=2)
    assert side.refused("users", Authorization=held)[0] == 401


@pytest.mark.parametrize(
    ("role", "paths"),
    [
        ("User.Read.All", ["users", "users/delta", "directory/deletedItems/microsoft.graph.user"]),
        ("Group.Read.All", ["groups", "groups/delta", f"groups/{EVERYONE}/transitiveMembers"]),
        ("GroupMember.Read.All", ["groups", f"groups/{EVERYONE}/transitiveMembers"]),
        ("Device.Read.All", ["devices", "devices/delta", f"devices/{DEVICE}/registeredOwners"]),
        ("DeviceManagementManagedDevices.Read.All", ["deviceManagement/managedDevices"]),
        ("Application.Read.All", ["applications", "servicePrincipals"]),
    ],
)
def test_each_resource_needs_its_own_permission(side: Side, role: str, paths: list[str]) -> None:
    side.register()
    for path in paths:
        status, code, message = side.refused(path)
        assert (status, code) == (403, "Authorization_RequestDenied")
        assert message == "Insufficient privileges to complete the operation."
    side.register(role)
    assert [side.get(path).status_code for path in paths] == [200] * len(paths)


def test_one_permission_does_not_open_another_resource(side: Side) -> None:
    side.register("User.Read.All")
    assert side.refused("devices")[0] == 403
    side.register("Device.Read.All")
    assert side.refused("users")[0] == 403


def test_the_basic_permission_shows_basic_properties_only(side: Side) -> None:
    side.register("User.ReadBasic.All")
    assert side.get("users?$select=id,displayName,mail").status_code == 200
    for path in ("users", "users?$select=department", "users/delta?$select=id,manager"):
        assert side.refused(path)[0] == 403


def test_related_people_show_only_type_and_id_without_the_permission(side: Side) -> None:
    side.register("Device.Read.All")
    owner = side.json(f"devices/{DEVICE}/registeredOwners?$select=id,displayName")["value"][0]
    assert owner == {
        "@odata.type": "#microsoft.graph.user",
        "id": CAST[0].entra_id,
        "displayName": None,
    }


@pytest.mark.parametrize(
    "path", ["me", "users/x/manager", "groups/x/members", "subscriptions", "devices/x"]
)
def test_what_is_not_played_is_named_in_a_501(side: Side, path: str) -> None:
    status, code, message = side.refused(path)
    assert (status, code) == (501, "NotImplemented")
    assert path in message


def test_a_tenant_without_intune_is_told_so(side: Side) -> None:
    side.behaviour.intune_licensed = False
    status, _, message = side.refused("deviceManagement/managedDevices")
    assert (status, message) == (400, "Request not applicable to target tenant.")
