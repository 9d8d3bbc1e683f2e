"""Invents groups: by department and office, nested, one ring, one empty, one with devices."""

from random import Random
from typing import Any

from sandbox.directory.people import new_id
from sandbox.directory.table import Table

GROUP_COLUMNS = (
    "id", "displayName", "description", "mail", "mailEnabled", "mailNickname", "securityEnabled",
    "groupTypes", "visibility", "createdDateTime", "membershipRule", "deletedDateTime",
)  # fmt: skip
EVERYONE = "a11e7e00-0000-4000-8000-000000000001"  # all members, no guests
EVERY_DEPARTMENT = "a11e7e00-0000-4000-8000-000000000002"  # holds the groups of departments
RING = ("a11e7e00-0000-4000-8000-000000000003", "a11e7e00-0000-4000-8000-000000000004")
EMPTY = "a11e7e00-0000-4000-8000-000000000005"
WITH_DEVICES = "a11e7e00-0000-4000-8000-000000000006"

Members = dict[str, dict[str, bool]]


def invent_groups(groups: Table, users: Table, devices: Table, random: Random) -> Members:
    """Fill `groups` and give the members by group; False stands for a member who left."""
    members: Members = {}
    _found(groups, members, EVERYONE, "All Company", mail="all@contoso.example")
    _found(groups, members, EVERY_DEPARTMENT, "Every <i>department</i>")
    _found(groups, members, RING[0], "Ring A")
    _found(groups, members, RING[1], "Ring B")
    _found(groups, members, EMPTY, "Nobody's group")
    _found(groups, members, WITH_DEVICES, "Kiosks & people")
    by_department = _by_property(groups, members, users, "department", random)
    _by_property(groups, members, users, "officeLocation", random)
    members[EVERYONE].update(
        dict.fromkeys((one for one in users if users.value(one, "userType") == "Member"), True)
    )
    members[EVERY_DEPARTMENT].update(dict.fromkeys(by_department.values(), True))
    members[RING[0]].update(dict.fromkeys((RING[1], *users.order[:3]), True))
    members[RING[1]].update(dict.fromkeys((RING[0], *users.order[2:6]), True))
    mixed = (*devices.order[:3], *users.order[:2], RING[0])
    members[WITH_DEVICES].update(dict.fromkeys(mixed, True))
    return members


def _found(
    groups: Table, members: Members, group_id: str, name: str, mail: str | None = None
) -> None:
    groups.add(_group(group_id, name, mail))
    members[group_id] = {}


def _by_property(
    groups: Table, members: Members, users: Table, name: str, random: Random
) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in users.order:
        value = users.value(one, name)
        if value is None:
            continue
        if value not in found:
            found[value] = new_id(random)
            _found(groups, members, found[value], f"{name}: {value}")
        members[found[value]][one] = True
    return found


def _group(group_id: str, name: str, mail: str | None) -> dict[str, Any]:
    return {
        "id": group_id,
        "displayName": name,
        "description": f"Everything about {name}" if mail else None,
        "mail": mail,
        "mailEnabled": mail is not None,
        "mailNickname": group_id[-4:],
        "securityEnabled": mail is None,
        "groupTypes": ["Unified"] if mail else [],
        "visibility": "Public" if mail else None,
        "createdDateTime": "2020-01-07T10:00:00Z",
    }
