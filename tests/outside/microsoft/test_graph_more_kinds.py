"""Managed devices and applications at the wire."""

from __future__ import annotations

import pytest

from app.errors import NotAllowed, ServiceFailed, ServiceUnreachable
from app.imports.run.ports import NoIntune
from app.outside.credentials import Bearer
from app.outside.microsoft.graph import GraphReader
from app.words import Secret
from tests.stand_ins.wire import Reply, Wire

GRAPH = "https://graph.a.example"
MANAGED = f"{GRAPH}/v1.0/deviceManagement/managedDevices"
NEXT = f"{MANAGED}?$skiptoken=two"


def reader(wire: Wire) -> GraphReader:
    return GraphReader(wire.caller(), GRAPH, Bearer(Secret("canary-token")))


def test_managed_devices_are_listed_with_exactly_what_is_selected() -> None:
    row = {"id": "m", "azureADDeviceId": "j", "userId": "", "serialNumber": "SN"}
    wire = Wire(Reply({"value": [row], "@odata.nextLink": NEXT}), Reply({"value": [{"id": "n"}]}))
    graph = reader(wire)
    (first,) = graph.managed_devices(None, ["id", "azureADDeviceId"]).value
    (second,) = graph.managed_devices(NEXT, ["id", "azureADDeviceId"]).value
    assert (first.joins, first.user_id, first.serial_number) == ("j", "", "SN")
    assert (second.joins, second.user_id) == (None, None)
    assert [each.url for each in wire.sent] == [f"{MANAGED}?$select=id,azureADDeviceId", NEXT]


def test_a_bad_request_means_that_there_is_no_intune_but_only_for_the_first_page() -> None:
    error = {"error": {"code": "BadRequest", "message": "Request not applicable"}}
    with pytest.raises(NoIntune):
        reader(Wire(Reply(error, status=400))).managed_devices(None, ["id"])
    with pytest.raises(ServiceFailed) as raised:
        reader(Wire(Reply(error, status=400))).managed_devices(NEXT, ["id"])
    assert not isinstance(raised.value, NoIntune)


@pytest.mark.parametrize(
    ("call", "permission"),
    [
        ("managed_devices", "DeviceManagementManagedDevices.Read.All"),
        ("applications", "Application.Read.All"),
    ],
)
def test_a_missing_permission_is_named(call: str, permission: str) -> None:
    with pytest.raises(NotAllowed) as raised:
        getattr(reader(Wire(Reply(status=403))), call)(None, ["id"])
    assert [each.field for each in raised.value.problems] == [permission]


@pytest.mark.parametrize("call", ["managed_devices", "applications"])
@pytest.mark.parametrize("reply", [Reply({}), Reply(b"<html>"), Reply({"value": [{"id": 5}]})])
def test_an_answer_that_is_no_page_is_a_failure_never_nothing(call: str, reply: Reply) -> None:
    with pytest.raises(ServiceFailed):
        getattr(reader(Wire(reply)), call)(None, ["id"])


def test_a_link_to_another_host_ends_the_read() -> None:
    elsewhere = {"value": [], "@odata.nextLink": "https://evil.example/v1.0/applications"}
    for call in ("managed_devices", "applications"):
        with pytest.raises(ServiceFailed):
            getattr(reader(Wire(Reply(elsewhere))), call)(None, ["id"])


def test_intune_that_is_not_available_is_worth_another_try() -> None:
    with pytest.raises(ServiceUnreachable):
        reader(Wire(Reply(status=503))).managed_devices(None, ["id"])


def test_applications_are_the_registrations() -> None:
    wire = Wire(Reply({"value": [{"id": "a", "displayName": None}]}))
    (row,) = reader(wire).applications(None, ["id", "displayName"]).value
    assert (row.id, row.display_name) == ("a", None)
    url = f"{GRAPH}/v1.0/applications?$select=id,displayName&$top=999"
    assert wire.addresses() == [f"GET {url}"]
