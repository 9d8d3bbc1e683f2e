"""Saving a part: probed first, sealed at once, shown without its secret."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import pytest

from app.errors import (
    Clash,
    CredentialRefused,
    InputRefused,
    NotThere,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
    SlowDown,
)
from app.instances.reference import InstanceReference
from app.site_settings.clouds import CloudAddresses
from app.site_settings.desk import SettingsDesk
from app.site_settings.documents import PARTS
from app.site_settings.short import at_length
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import BODIES, CLIENT, SECRETS, TENANT, body
from tests.stand_ins.settings_outside import INSTANCE, LoginInMemory, ShelfInMemory, World

DEFAULT_IMPORT = {
    "objects": {
        "users": True, "groups": True, "devices": True, "managed_devices": False,
        "departments": False, "locations": False, "applications": False,
    },
    "memberships": [],
    "filter": {"enabled_only": False, "include_guests": False, "groups": []},
    "leavers": "keep",
    "brake": {"percent": 10, "count": 500},
    "missing_objects": "unknown",
    "schedule": None,
}  # fmt: skip


def test_before_anything_is_saved_every_part_is_not_set(administrator: Administrator) -> None:
    assert administrator.overview() == {part: {"set": False} for part in PARTS}


def test_assets_access_shows_all_but_the_token(administrator: Administrator) -> None:
    shown = administrator.save("assets-access", BODIES["assets-access"])
    assert shown == {
        "set": True,
        "mode": "api_token",
        "email": "ada@a.example",
        "api_token": {"set": True, "hint": "…wxyz", "changed_at": "2026-03-01T12:00:00Z"},
    }


def test_entra_shows_all_but_the_secret(administrator: Administrator) -> None:
    given = body("entra", secret_expires_on="2027-01-31", cloud="usgov")
    assert administrator.save("entra", given) == {
        "set": True,
        "tenant_id": TENANT,
        "client_id": CLIENT,
        "secret_expires_on": "2027-01-31",
        "cloud": "usgov",
        "client_secret": {"set": True, "hint": "…wxyz", "changed_at": "2026-03-01T12:00:00Z"},
        "secret_expiry": {
            "expires_on": "2027-01-31",
            "days_left": 336,
            "warning": None,
            "read_from": "settings",
        },
    }


def test_an_import_is_saved_with_the_defaults_of_the_contract(
    administrator: Administrator,
) -> None:
    shown = administrator.save("import", BODIES["import"])
    assert shown.pop("container_token")["hint"] == "…wxyz"
    assert shown == {"set": True, **DEFAULT_IMPORT}


def test_an_encryption_string_has_no_hint(administrator: Administrator) -> None:
    shown = administrator.save("encryption-string", BODIES["encryption-string"])
    assert shown == {
        "set": True,
        "encryption_string": {"set": True, "changed_at": "2026-03-01T12:00:00Z"},
    }


@pytest.mark.parametrize("part", PARTS)
def test_the_overview_shows_what_saving_showed(administrator: Administrator, part: str) -> None:
    shown = administrator.save(part, BODIES[part])
    assert administrator.overview()[part] == shown


@pytest.mark.parametrize("order", [*itertools.permutations(["assets-access", "entra", "import"])])
def test_any_order_of_saving_works(administrator: Administrator, order: tuple[str, ...]) -> None:
    for part in order:
        administrator.save(part, BODIES[part])
    assert all(administrator.overview()[part]["set"] for part in order)


def test_a_short_secret_has_no_hint(administrator: Administrator) -> None:
    shown = administrator.save("entra", body("entra", client_secret="elevenchars"))
    assert shown["client_secret"]["hint"] is None


def test_a_hint_needs_twelve_characters(administrator: Administrator) -> None:
    shown = administrator.save("entra", body("entra", client_secret="twelve-chars"))
    assert shown["client_secret"]["hint"] == "…hars"


def test_rules_and_secret_are_sealed_in_one_save_and_apart(
    administrator: Administrator, world: World
) -> None:
    administrator.save("entra", BODIES["entra"])
    assert world.shelf.saves == 1
    rules = at_length(world.shelf.kept["entra"].reveal()).decode()
    secret = json.loads(world.shelf.kept["entra-secret"].reveal())
    assert BODIES["entra"]["client_secret"] not in rules
    assert secret["value"] == BODIES["entra"]["client_secret"]
    assert secret["given_for"] == {"tenant_id": TENANT, "client_id": CLIENT, "cloud": "global"}


def test_a_body_may_come_as_bytes(administrator: Administrator) -> None:
    assert administrator.save("consent", b'{"entra_import":true}')["entra_import"] is True


def test_an_unknown_part_is_not_there(administrator: Administrator) -> None:
    for call in (administrator.save, administrator.check):
        with pytest.raises(NotThere):
            call("entra-secret", {})
    with pytest.raises(NotThere):
        administrator.forget("nothing")


@pytest.mark.parametrize("part", PARTS)
def test_a_forgotten_part_is_not_set(administrator: Administrator, part: str) -> None:
    administrator.save(part, BODIES[part])
    administrator.forget(part)
    assert administrator.overview()[part] == {"set": False}


def test_forgetting_takes_the_secret_along(administrator: Administrator, world: World) -> None:
    administrator.save("import", BODIES["import"])
    administrator.forget("import")
    assert not world.shelf.kept


def test_what_another_administrator_saved_meanwhile_is_not_overwritten(
    administrator: Administrator, world: World
) -> None:
    administrator.save("entra", BODIES["entra"])

    def login(address: CloudAddresses) -> LoginInMemory:
        administrator.save("entra", body("entra", client_id="99999999-aaaa"))
        return world.login

    slow = SettingsDesk(replace(world.outside, login=login))
    with pytest.raises(Clash):
        slow.save(INSTANCE, "entra", BODIES["entra"])
    assert administrator.overview()["entra"]["client_id"] == "99999999-aaaa"


def test_a_part_that_does_not_open_says_so_and_is_saved_anew(
    administrator: Administrator, world: World
) -> None:
    administrator.save("entra", BODIES["entra"])
    world.shelf.broken.add("entra")
    assert administrator.overview()["entra"] == {"set": True, "readable": False}
    administrator.save("entra", BODIES["entra"])
    assert administrator.overview()["entra"]["tenant_id"] == TENANT


def test_a_secret_that_is_gone_from_the_site_says_so_and_has_to_be_entered_again(
    administrator: Administrator, world: World
) -> None:
    administrator.save("entra", BODIES["entra"])
    world.shelf.broken.add("entra-secret")
    assert administrator.overview()["entra"] == {"set": True, "readable": False}
    with pytest.raises(InputRefused):
        administrator.save("entra", body("entra", client_secret=None))
    administrator.save("entra", BODIES["entra"])
    assert administrator.overview()["entra"]["tenant_id"] == TENANT


def test_one_part_that_does_not_open_hides_no_other(
    administrator: Administrator, world: World
) -> None:
    administrator.save("entra", BODIES["entra"])
    administrator.save("consent", BODIES["consent"])
    world.shelf.broken.add("entra")
    assert administrator.overview()["consent"]["entra_import"] is True


def test_a_part_of_an_unknown_form_counts_as_one_that_does_not_open(
    administrator: Administrator, world: World
) -> None:
    administrator.save("visibility", BODIES["visibility"])
    world.shelf.kept["visibility"] = type(world.shelf.kept["visibility"])('{"of":"tomorrow"}')
    assert administrator.overview()["visibility"] == {"set": True, "readable": False}


DOWN = [ServiceUnreachable, ServiceFailed, SlowDown]


@pytest.mark.parametrize("error", DOWN)
@pytest.mark.parametrize("part", ["assets-access", "entra", "import", "visibility", "requests"])
def test_a_service_that_is_down_stores_nothing_and_loses_nothing(
    world: World, part: str, error: type[Exception]
) -> None:
    administrator = Administrator(world)
    administrator.save("assets-access", BODIES["assets-access"])
    before = administrator.overview(), world.shelf.saves
    world.site.account = world.login.error = world.imports.found = error()
    for call in (administrator.save, administrator.check):
        with pytest.raises(error):
            call(part, BODIES[part])
    assert (administrator.overview(), world.shelf.saves) == before


def test_a_service_that_takes_too_long_counts_as_unreachable(
    administrator: Administrator, world: World
) -> None:
    world.login.error = ServiceTimedOut("A service did not answer in time.")
    with pytest.raises(ServiceUnreachable):
        administrator.save("entra", BODIES["entra"])


def test_a_check_stores_nothing(administrator: Administrator, world: World) -> None:
    for part in PARTS:
        assert administrator.check(part, BODIES[part])["ok"] is True
    assert not world.shelf.kept


@pytest.mark.parametrize("part", SECRETS)
def test_the_first_save_needs_the_secret(administrator: Administrator, part: str) -> None:
    for left_out in (..., None):
        with pytest.raises(InputRefused) as refused:
            administrator.save(part, body(part, **{SECRETS[part]: left_out}))
        assert [problem.field for problem in refused.value.problems] == [SECRETS[part]]


def test_the_instance_given_is_the_one_that_is_asked_for(world: World) -> None:
    seen: list[InstanceReference] = []

    def shelf(instance: InstanceReference) -> ShelfInMemory:
        seen.append(instance)
        return world.shelf

    SettingsDesk(replace(world.outside, shelf=shelf)).overview(INSTANCE)
    assert seen == [INSTANCE]


def test_a_new_encryption_string_seals_the_rest_anew(
    administrator: Administrator, world: World
) -> None:
    administrator.save("consent", BODIES["consent"])
    assert world.shelf.reseals == 0
    administrator.save("encryption-string", BODIES["encryption-string"])
    assert world.shelf.reseals == 1
    administrator.forget("encryption-string")
    assert world.shelf.reseals == 2


def test_what_cannot_be_sealed_anew_at_once_does_not_undo_the_save(
    administrator: Administrator, world: World
) -> None:
    world.shelf.reseal_error = ServiceUnreachable()
    assert administrator.save("encryption-string", BODIES["encryption-string"])["set"] is True


def test_each_part_that_was_saved_or_forgotten_is_told(
    administrator: Administrator, world: World
) -> None:
    administrator.save("import", BODIES["import"])
    administrator.forget("import")
    administrator.check("consent", BODIES["consent"])
    assert world.saved == ["import", "import"]


def test_when_an_import_is_due_changes_in_the_very_write_that_saves_or_forgets_it(
    administrator: Administrator, world: World
) -> None:
    administrator.save("consent", BODIES["consent"])
    assert world.shelf.beside == {}
    administrator.save("import", {**BODIES["import"], "schedule": {"every": "day", "at": "03:00"}})
    assert world.shelf.beside == {"import_due_at": "03:00"}
    administrator.forget("import")
    assert world.shelf.beside == {"import_due_at": None}


def test_a_refused_part_is_not_told(administrator: Administrator, world: World) -> None:
    world.imports.found = CredentialRefused()
    with pytest.raises(InputRefused):
        administrator.save("import", BODIES["import"])
    assert world.saved == []


def test_the_overview_opens_all_parts_side_by_side(
    administrator: Administrator, world: World
) -> None:
    administrator.overview()
    assert world.shelf.prepared == PARTS
