"""A problem reported over real sockets: in the viewer's name, once, and only about one's own."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.administrator import Member
from sandbox.site.desks import ASSET_FIELD
from tests.end_to_end.conftest import Life

pytestmark = pytest.mark.live

SAID = {"summary": "The screen stays black", "description": "Since this morning."}


def report(member: Member, object_id: str, key: str, life: Life, account: str) -> Any:
    headers = {**life.world.door.headers(account), "Idempotency-Key": key}
    return member.ask_with(headers, "POST", f"/api/my-assets/{object_id}/report", SAID)


def test_a_report_becomes_one_request_of_the_viewer(life: Life, admin: Member) -> None:
    desk = life.world.site.desk
    employee, customer = life.member(1), life.member(4)
    account = life.world.site.cast.employees[0]
    mine = employee.call("GET", "/api/my-assets")
    asset = mine["assets"][0]
    assert mine["reporting"] is False
    assert report(employee, asset["object_id"], "a", life, account).status_code == 409
    chosen = {"service_desk_id": "1", "request_type_id": "1", "asset_field_id": ASSET_FIELD}
    admin.call("PUT", "/api/settings/requests", chosen)
    try:
        made = [report(employee, asset["object_id"], "b", life, account) for _ in range(2)]
        assert [one.status_code for one in made] == [201, 201]
        assert made[0].json() == made[1].json()
        (raised,) = desk.raised
        assert made[0].json()["request_key"] == raised.key
        assert made[0].json()["url"] == f"{life.world.site.base_url}/browse/{raised.key}"
        assert raised.reporter == account
        assert [one["objectId"] for one in raised.fields[ASSET_FIELD]] == [asset["object_id"]]
        others = customer.call("GET", "/api/my-assets")["assets"][0]
        assert report(employee, others["object_id"], "c", life, account).status_code == 404
        desk.desks["1"].open_to_all = False
        assert report(employee, asset["object_id"], "d", life, account).status_code == 409
        assert len(desk.raised) == 1
    finally:
        desk.desks["1"].open_to_all = True
        desk.raised.clear()
        admin.call("DELETE", "/api/settings/requests")
        employee.close()
        customer.close()
