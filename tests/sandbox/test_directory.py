"""The invented directory: the same for the same seed, awkward on purpose, quick to make."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from sandbox.directory import (
    ADMINISTRATOR,
    CAST,
    CastMember,
    Directory,
    NotInDirectory,
    generate,
    load,
)
from sandbox.directory.groups import EVERYONE, RING
from sandbox.directory.managed_oddities import NO_DEVICE, SHARED_SERIAL, TWIN_SERIAL
from sandbox.directory.oddities import CYCLE_NAMES, TWINS_NAME

SAMPLE = Path(__file__).parents[3] / "shared/samples/graph/graph-docs-sample-directory.json"


def names_in(directory: Directory) -> list[str]:
    return [directory.users.value(one, "displayName") for one in directory.users]


def all_values(directory: Directory, name: str) -> list[object]:
    return [directory.users.value(one, name) for one in directory.users]


def test_the_same_seed_gives_the_same_directory() -> None:
    one, other = generate(80, 7), generate(80, 7)
    assert one.users.rows == other.users.rows
    assert one.devices.rows == other.devices.rows
    assert (one.owners, one.members, one.managers) == (other.owners, other.members, other.managers)


def test_another_seed_gives_other_people_but_the_same_cast() -> None:
    one, other = generate(80, 1), generate(80, 2)
    cast = [member.entra_id for member in CAST]
    assert [one.users.rows[c] for c in cast] == [other.users.rows[c] for c in cast]
    assert one.users.rows != other.users.rows


def test_it_has_as_many_people_as_asked_and_never_fewer_than_the_cast() -> None:
    assert len(generate(57, 1).users) == 57
    assert list(generate(0, 1).users) == [member.entra_id for member in CAST]


@pytest.mark.parametrize("member", CAST, ids=lambda member: member.display_name)
def test_a_cast_member_has_their_mail_and_exactly_their_devices(member: CastMember) -> None:
    directory = generate(60, 5)
    assert directory.users.value(member.entra_id, "mail") == member.email
    owned = [d for d in directory.devices if member.entra_id in directory.owners_of(d)]
    assert owned == [device.entra_id for device in member.devices]


def test_the_cast_is_one_administrator_and_three_employees() -> None:
    assert [member.role for member in CAST] == ["administrator", *["employee"] * 3]
    assert CAST[0] is ADMINISTRATOR
    assert all(member.email.endswith(".example") for member in CAST)


def test_every_address_lies_under_a_reserved_domain() -> None:
    addresses = [a for n in ("mail", "userPrincipalName") for a in all_values(generate(300, 3), n)]
    assert all(str(a).lower().endswith(".example") for a in addresses if a is not None)


def test_names_come_in_many_scripts_and_with_markup() -> None:
    text = "".join(names_in(generate(200, 1)))
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in text}
    assert {"LATIN", "ARABIC", "CJK", "PARTY"} <= scripts
    assert all(piece in text for piece in ("<b>", "'", '"', "\\", "ö", "ß", "\u202e"))


def test_two_people_share_one_display_name() -> None:
    assert names_in(generate(60, 9)).count(TWINS_NAME) == 2


def test_there_are_guests_disabled_people_and_people_without_mail_or_manager() -> None:
    directory = generate(400, 4)
    assert "Guest" in all_values(directory, "userType")
    assert False in all_values(directory, "accountEnabled")
    assert None in all_values(directory, "mail")
    assert None in [directory.manager_of(one) for one in directory.users]
    assert any("#EXT#" in str(name) for name in all_values(directory, "userPrincipalName"))


def test_two_people_manage_each_other() -> None:
    directory = generate(60, 4)
    first, second = (
        one for one in directory.users if directory.users.value(one, "displayName") in CYCLE_NAMES
    )
    assert (directory.manager_of(first), directory.manager_of(second)) == (second, first)


def test_devices_are_one_and_a_half_a_person_and_some_have_no_owner() -> None:
    directory = generate(400, 4)
    assert 590 <= len(directory.devices) <= 610
    ownerless = [one for one in directory.devices if not directory.owners_of(one)]
    assert 10 < len(ownerless) < 120


def test_two_devices_share_one_name_and_some_have_no_usable_serial() -> None:
    directory = generate(400, 4)
    names = [directory.devices.value(one, "displayName") for one in directory.devices]
    serials = [directory.managed.value(one, "serialNumber") for one in directory.managed]
    assert len(names) == len(set(names)) + 1
    assert {"", "0", None} <= set(serials)


def test_an_intune_record_joins_its_device_by_device_id() -> None:
    directory = generate(60, 4)
    device_ids = {directory.devices.value(one, "deviceId") for one in directory.devices}
    joined = [directory.managed.value(one, "azureADDeviceId") for one in directory.managed]
    homeless = [each for each in joined if each.lower() not in device_ids]
    assert len(homeless) == 2
    assert NO_DEVICE in homeless
    assert len({each.lower() for each in joined}) == len(joined) - 1  # one was left behind


def test_some_records_of_intune_are_odd() -> None:
    directory = generate(60, 4)
    serials = Counter(directory.managed.value(one, "serialNumber") for one in directory.managed)
    assert (serials[TWIN_SERIAL], serials[SHARED_SERIAL]) == (2, 6)
    by_id = {directory.devices.value(one, "deviceId"): one for one in directory.devices}
    users = Counter()
    for one in directory.managed:
        device = by_id.get(directory.managed.value(one, "azureADDeviceId"))
        owners = directory.owners_of(device) if device else ()
        user = directory.managed.value(one, "userId")
        users["shared" if owners and not user else "same" if user in owners else "other"] += 1
    assert users["shared"] >= 1
    assert users["other"] >= 2


def test_departments_and_locations_come_in_every_spelling() -> None:
    directory = generate(60, 4)
    departments = {str(each) for each in all_values(directory, "department")}
    assert {"Wind Tunnel", " WIND tunnel "} <= departments
    assert any(len(str(each)) > 255 for each in all_values(directory, "officeLocation"))


def test_a_device_is_handed_on_in_intune_and_stays_its_owner_s_in_entra() -> None:
    directory = generate(60, 4)
    device, person = CAST[1].devices[0].entra_id, CAST[3].entra_id
    directory.hand_over(device, person)
    record = next(
        one for one in directory.managed if directory.managed.value(one, "userId") == person
    )
    assert directory.owners_of(device) == (CAST[1].entra_id,)
    directory.hand_over(device, None)
    assert directory.managed.value(record, "userId") == ""
    unmanaged = next(one for one in directory.devices if not directory.devices.value(one, "model"))
    with pytest.raises(NotInDirectory):
        directory.hand_over(unmanaged, person)


def test_applications_come_and_go_and_are_renamed() -> None:
    directory = generate(0, 4)
    names = [directory.applications.value(one, "displayName") for one in directory.applications]
    assert names.count("Payroll") == 2
    assert len(directory.principals) > len(directory.applications)
    added = directory.add_application(id="new", displayName="New")
    directory.change_application(added, displayName="Newer")
    assert directory.applications.value(added, "displayName") == "Newer"
    directory.remove_application(added)
    with pytest.raises(NotInDirectory):
        directory.remove_application(added)


def test_groups_within_groups_and_in_a_ring_are_walked_once() -> None:
    directory = generate(60, 4)
    members = directory.transitive_members(RING[0])
    assert len(members) == len(set(members))
    assert RING[1] in members
    assert set(directory.users.order[:6]) <= set(members)
    assert RING[0] not in members


def test_some_people_lie_in_the_recycle_bin_and_own_nothing_visible() -> None:
    directory = generate(60, 4)
    assert len(directory.deleted_users) == 3
    for one in directory.deleted_users:
        upn = directory.deleted_users.value(one, "userPrincipalName")
        assert upn.startswith(one.replace("-", ""))
        assert directory.table_of(one) is None


def test_a_removed_person_comes_back_as_the_same_person() -> None:
    directory = generate(20, 4)
    one = CAST[1].entra_id
    before, devices = directory.users.as_dict(one), dict(directory.owners)
    directory.remove_person(one)
    assert one not in directory.users
    directory.restore_person(one)
    assert directory.users.as_dict(one) == before
    assert directory.owners == devices


def test_a_purged_person_leaves_no_link_behind() -> None:
    directory = generate(60, 4)
    boss = CAST[0].entra_id
    device = CAST[0].devices[0].entra_id
    directory.purge_person(boss)
    assert boss not in directory.managers.values()
    assert directory.owners_of(device) == ()
    assert boss not in directory.members_of(EVERYONE)
    assert boss not in directory.deleted_users


def test_a_deleted_person_stays_a_member_until_purged() -> None:
    directory = generate(20, 4)
    one = CAST[1].entra_id
    directory.remove_person(one)
    assert one in directory.members_of(EVERYONE)
    directory.purge_person(one)
    assert one not in directory.members_of(EVERYONE)


def test_reassigning_a_device_moves_its_intune_record_too() -> None:
    directory = generate(20, 4)
    device = CAST[1].devices[0]
    managed = next(
        one
        for one in directory.managed
        if directory.managed.value(one, "azureADDeviceId") == device.device_id
    )
    directory.assign_device(device.entra_id, CAST[3].entra_id)
    assert directory.managed.value(managed, "userId") == CAST[3].entra_id
    directory.unassign_device(device.entra_id)
    assert directory.managed.value(managed, "userId") == ""


def test_changing_what_is_not_there_is_an_error() -> None:
    directory = generate(5, 1)
    with pytest.raises(NotInDirectory):
        directory.rename_upn("nobody", "x@contoso.example")
    with pytest.raises(NotInDirectory):
        directory.restore_person(CAST[0].entra_id)


def test_a_directory_loads_from_graphs_own_json(tmp_path: Path) -> None:
    content = {
        "users": [
            {"id": "U1", "displayName": "One", "skills": ["x"], "manager": {"id": "U2"}},
            {"id": "U2", "displayName": "Two", "@odata.type": "#microsoft.graph.user"},
            {"displayName": "Without an id"},
        ],
        "groups": [{"id": "G1", "displayName": "Both", "members": ["U1", {"id": "U2"}]}],
        "devices": [{"id": "D1", "deviceId": "X", "registeredOwners": ["U1"]}],
    }
    path = tmp_path / "directory.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    directory = load(path)
    assert len(directory.users) == 3
    assert directory.manager_of("u1") == "u2"
    assert directory.owners_of("d1") == ("u1",)
    assert directory.members_of("g1") == ["u1", "u2"]
    assert directory.users.value("u1", "skills") == ["x"]
    assert load(path).users.order == directory.users.order


def test_a_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(TypeError):
        load(path)


def test_the_sample_directory_loads_where_it_is_present() -> None:
    if not SAMPLE.exists():
        return
    directory = load(SAMPLE)
    assert (len(directory.users), len(directory.groups)) == (34, 14)
