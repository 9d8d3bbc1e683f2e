"""The probe of assets-access: whose token it is, and what it may read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import CredentialRefused, InputRefused, NotAllowed, NotThere, ServiceUnreachable
from app.site import Account
from app.site_settings.probes import assets_access as probe
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import BODIES, body
from tests.stand_ins.settings_outside import World

GOOD = BODIES["assets-access"]


def found(administrator: Administrator) -> set[tuple[str, str, str]]:
    findings = administrator.check("assets-access", GOOD)["findings"]
    return {(one["severity"], one["field"], one["message"]) for one in findings}


def refused_fields(administrator: Administrator) -> list[str]:
    with pytest.raises(InputRefused) as refused:
        administrator.save("assets-access", GOOD)
    return [problem.field for problem in refused.value.problems]


def account(world: World) -> Account:
    assert isinstance(world.site.account, Account)
    return world.site.account


def test_a_good_token_has_no_findings(administrator: Administrator) -> None:
    assert administrator.check("assets-access", GOOD) == {"ok": True, "findings": []}


def test_a_token_that_jira_refuses_is_an_error(administrator: Administrator, world: World) -> None:
    world.site.account = CredentialRefused()
    assert found(administrator) == {("error", "api_token", probe.NOT_ACCEPTED())}
    assert refused_fields(administrator) == ["api_token"]
    assert not world.shelf.kept


def test_a_dead_token_never_passes_for_a_site_without_assets(
    administrator: Administrator, world: World
) -> None:
    world.site.account, world.site.workspace = CredentialRefused(), None
    assert found(administrator) == {("error", "api_token", probe.NOT_ACCEPTED())}
    assert world.site.asked[0] == "myself"


def test_a_token_that_dies_between_two_calls_is_an_error(
    administrator: Administrator, world: World
) -> None:
    world.site.workspace = CredentialRefused()
    assert found(administrator) == {("error", "api_token", probe.NOT_ACCEPTED())}


@pytest.mark.parametrize("email", ["eve@a.example", None])
def test_a_token_of_another_account_is_an_error(
    administrator: Administrator, world: World, email: str | None
) -> None:
    world.site.account = replace(account(world), email=email)
    assert refused_fields(administrator) == ["email"]


def test_the_address_is_compared_ignoring_case(administrator: Administrator, world: World) -> None:
    world.site.account = replace(account(world), email="Ada@A.example")
    assert not found(administrator)


def test_an_account_that_is_not_active_is_an_error(
    administrator: Administrator, world: World
) -> None:
    world.site.account = replace(account(world), active=False)
    assert ("error", "api_token", probe.INACTIVE()) in found(administrator)


def test_an_account_that_is_no_administrator_is_a_warning(
    administrator: Administrator, world: World
) -> None:
    world.site.administrator = False
    assert found(administrator) == {("warning", "api_token", probe.NOT_ADMINISTRATOR())}
    administrator.save("assets-access", GOOD)


@pytest.mark.parametrize("answer", [None, NotAllowed(), NotThere()])
def test_a_site_without_jsm_premium_is_told_so(
    administrator: Administrator, world: World, answer: Exception | None
) -> None:
    world.site.workspace = answer
    assert found(administrator) == {("error", "api_token", probe.NO_ASSETS())}
    assert "Premium" in probe.NO_ASSETS()
    assert refused_fields(administrator) == ["api_token"]


def test_an_account_that_may_not_read_assets_is_an_error(
    administrator: Administrator, world: World
) -> None:
    world.assets.listed = NotAllowed()
    assert found(administrator) == {("error", "api_token", probe.MAY_NOT_READ())}


def test_each_schema_it_may_not_read_is_named(administrator: Administrator, world: World) -> None:
    world.assets.closed = {"s-2": NotAllowed()}
    ((severity, field, message),) = found(administrator)
    assert (severity, field) == ("warning", "api_token")
    assert "“Finance”" in message
    administrator.save("assets-access", GOOD)


def test_a_schema_that_the_list_leaves_out_is_named_too(
    administrator: Administrator, world: World
) -> None:
    world.assets.hidden = {"s-9": "Payroll"}
    ((severity, _, message),) = found(administrator)
    assert severity == "warning"
    assert "“Payroll”" in message


def test_only_schemas_that_are_left_out_is_an_error(
    administrator: Administrator, world: World
) -> None:
    world.assets.listed, world.assets.hidden = [], {"s-9": "Payroll"}
    assert refused_fields(administrator) == ["api_token"]
    assert any("Payroll" in message for _, _, message in found(administrator))


@pytest.mark.parametrize("answer", [NotAllowed(), NotThere(), ServiceUnreachable()])
def test_a_count_that_is_not_given_stands_in_nobodys_way(
    administrator: Administrator, world: World, answer: Exception
) -> None:
    world.assets.hidden = answer
    assert not found(administrator)


def test_no_readable_schema_at_all_is_an_error_that_names_them(
    administrator: Administrator, world: World
) -> None:
    world.assets.closed = {"s-1": NotAllowed(), "s-2": NotThere()}
    messages = [message for _, _, message in found(administrator)]
    assert probe.MAY_NOT_READ() in messages
    assert any("Hardware" in message for message in messages)
    assert any("Finance" in message for message in messages)
    assert refused_fields(administrator) == ["api_token"]


def test_no_schema_to_see_is_a_warning(administrator: Administrator, world: World) -> None:
    world.assets.listed = []
    assert found(administrator) == {("warning", "api_token", probe.NO_SCHEMA())}


def test_one_schema_that_does_not_answer_stores_nothing(
    administrator: Administrator, world: World
) -> None:
    world.assets.closed = {"s-2": ServiceUnreachable()}
    with pytest.raises(ServiceUnreachable):
        administrator.save("assets-access", GOOD)
    assert not world.shelf.kept


def test_every_problem_of_an_account_is_named_at_once(
    administrator: Administrator, world: World
) -> None:
    world.site.account = replace(account(world), email="eve@a.example", active=False)
    world.site.workspace = None
    assert refused_fields(administrator) == ["email", "api_token", "api_token"]


def test_a_refused_save_leaves_the_account_saved_before(
    administrator: Administrator, world: World
) -> None:
    before = administrator.save("assets-access", GOOD)
    world.site.account = CredentialRefused()
    with pytest.raises(InputRefused):
        administrator.save("assets-access", body("assets-access", api_token="another-token-here"))
    assert administrator.overview()["assets-access"] == before
