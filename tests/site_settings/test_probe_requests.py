"""The probe of requests: desk, request type and asset field are there."""

from __future__ import annotations

import pytest

from app.errors import CredentialRefused, InputRefused, NotAllowed
from app.site import RequestField
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import BODIES, body
from tests.stand_ins.settings_outside import World


@pytest.fixture
def with_account(administrator: Administrator) -> Administrator:
    administrator.save("assets-access", BODIES["assets-access"])
    return administrator


@pytest.mark.parametrize("field_id", [None, "customfield_10042"])
def test_what_is_there_has_no_findings(with_account: Administrator, field_id: str | None) -> None:
    checked = with_account.check("requests", body("requests", asset_field_id=field_id))
    assert checked == {"ok": True, "findings": []}


@pytest.mark.parametrize(
    ("field", "value"),
    [("service_desk_id", "9"), ("request_type_id", "9"), ("asset_field_id", "customfield_1")],
)
def test_what_is_not_there_is_an_error(with_account: Administrator, field: str, value: str) -> None:
    with pytest.raises(InputRefused) as refused:
        with_account.save("requests", body("requests", **{field: value}))
    assert [problem.field for problem in refused.value.problems] == [field]
    assert with_account.overview()["requests"] == {"set": False}


@pytest.mark.parametrize("written", ["summary", "description"])
def test_a_field_that_a_report_writes_itself_is_no_asset_field(
    with_account: Administrator, world: World, written: str
) -> None:
    world.site.fields = (RequestField(written, "Theirs", required=True),)
    checked = with_account.check("requests", body("requests", asset_field_id=written))
    (finding,) = checked["findings"]
    assert (checked["ok"], finding["field"]) == (False, "asset_field_id")
    assert "fills this field itself" in finding["message"]


def test_without_an_account_it_is_saved_unchecked(administrator: Administrator) -> None:
    checked = administrator.check("requests", BODIES["requests"])
    assert checked["ok"] is True
    assert "not checked" in checked["findings"][0]["message"]
    administrator.save("requests", BODIES["requests"])


def test_a_dead_account_never_makes_a_desk_look_gone(
    with_account: Administrator, world: World
) -> None:
    world.site.account, world.site.desks = CredentialRefused(), ()
    assert with_account.check("requests", BODIES["requests"])["ok"] is True


def test_an_account_that_may_not_look_is_told(with_account: Administrator, world: World) -> None:
    world.site.desks = NotAllowed()  # type: ignore[assignment]
    checked = with_account.check("requests", BODIES["requests"])
    assert "may not look it up" in checked["findings"][0]["message"]
