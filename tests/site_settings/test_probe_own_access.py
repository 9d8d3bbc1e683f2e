"""The probe of mode app: whether the app's own token may read Assets, schema by schema."""

from __future__ import annotations

import pytest

from app.errors import CredentialRefused, InputRefused, NotAllowed, NotThere, ServiceUnreachable
from app.site_settings.documents import OWN_ACCESS
from app.site_settings.probes import own_reach as probe
from tests.site_settings.administrator import Administrator
from tests.stand_ins.settings_outside import INSTANCE, World


@pytest.fixture(autouse=True)
def _own(world: World) -> None:
    world.own_access = True


def found(administrator: Administrator) -> set[tuple[str, str, str]]:
    findings = administrator.check("assets-access", {})["findings"]
    return {(one["severity"], one["field"], one["message"]) for one in findings}


def refused(administrator: Administrator, world: World) -> None:
    with pytest.raises(InputRefused):
        administrator.save("assets-access", {})
    assert not world.shelf.kept


def test_an_app_that_may_read_everything_has_no_findings(
    administrator: Administrator, world: World
) -> None:
    assert found(administrator) == set()
    assert world.accounts == [OWN_ACCESS]
    assert world.site.asked == ["workspace_id"]


@pytest.mark.parametrize("answer", [None, NotAllowed(), NotThere()])
def test_a_site_without_assets_is_an_error(
    administrator: Administrator, world: World, answer: Exception | None
) -> None:
    world.site.workspace = answer
    assert found(administrator) == {("error", "mode", probe.NO_ASSETS())}
    refused(administrator, world)


@pytest.mark.parametrize("where", ["site", "assets"])
def test_a_token_that_is_refused_is_an_error(
    administrator: Administrator, world: World, where: str
) -> None:
    if where == "site":
        world.site.workspace = CredentialRefused()
    else:
        world.assets.listed = CredentialRefused()
    assert found(administrator) == {("error", "mode", probe.NOT_ACCEPTED())}
    refused(administrator, world)


def test_without_any_token_nothing_is_saved(administrator: Administrator, world: World) -> None:
    world.site.workspace = ServiceUnreachable()
    with pytest.raises(ServiceUnreachable):
        administrator.save("assets-access", {})
    assert not world.shelf.kept


def test_each_schema_that_the_app_may_not_read_is_named(
    administrator: Administrator, world: World
) -> None:
    world.assets.closed = {"s-2": NotAllowed()}
    world.assets.hidden = {"s-9": "{Payroll}"}
    findings = found(administrator)
    assert {(severity, field) for severity, field, _ in findings} == {("warning", "mode")}
    said = " ".join(message for _, _, message in findings)
    assert "“Finance”" in said
    assert "“{Payroll}”" in said
    administrator.save("assets-access", {})


def test_an_app_that_may_read_no_schema_is_an_error(
    administrator: Administrator, world: World
) -> None:
    world.assets.closed = {"s-1": NotAllowed(), "s-2": NotAllowed()}
    assert ("error", "mode", probe.WORDS.nothing()) in found(administrator)
    refused(administrator, world)


def test_choices_are_read_with_the_apps_own_token(
    administrator: Administrator, world: World
) -> None:
    administrator.save("assets-access", {})
    chosen = administrator.desk.choices
    assert [each["id"] for each in chosen(INSTANCE, "schemas")["choices"]] == ["s-2", "s-1"]
    assert world.accounts[-1] is OWN_ACCESS
    assert "myself" not in world.site.asked
