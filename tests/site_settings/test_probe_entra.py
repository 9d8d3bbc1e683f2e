"""The probe of entra: each refusal as a sentence, each missing permission by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.errors import CredentialRefused, InputRefused
from app.site_settings.entra_refusals import BY_CODE, BY_ERROR, OTHERWISE
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import BODIES, CLIENT, CLIENT_SECRET, TENANT, body
from tests.stand_ins.settings_outside import World

SAMPLES = Path(__file__).parents[3] / "shared/samples/graph/entra-token-errors.json"
READ_ALL = {"User.Read.All", "GroupMember.Read.All", "Device.Read.All"}


def found(administrator: Administrator, **changes: object) -> list[tuple[str, str, str]]:
    findings = administrator.check("entra", body("entra", **changes))["findings"]
    return [(one["severity"], one["field"], one["message"]) for one in findings]


def named(administrator: Administrator, severity: str) -> list[str]:
    """The permissions that findings of this severity name."""
    words = [m.split() for s, _, m in found(administrator) if s == severity]
    return [w.strip(".,") for each in words for w in each if w.count(".") >= 1 and "Read" in w]


def test_enough_permissions_have_no_findings(administrator: Administrator) -> None:
    assert administrator.check("entra", BODIES["entra"]) == {"ok": True, "findings": []}


@pytest.mark.parametrize("cloud", ["global", "usgov", "usgov-dod", "china"])
def test_only_the_token_address_of_the_cloud_is_asked_with_its_own_scope(
    administrator: Administrator, world: World, cloud: str
) -> None:
    administrator.save("entra", body("entra", cloud=cloud))
    assert world.login.asked == [
        (
            f"https://login.{cloud}.example",
            TENANT,
            CLIENT,
            CLIENT_SECRET.encode(),
            f"https://graph.{cloud}.example/.default",
        )
    ]


@pytest.mark.parametrize("code", BY_CODE)
def test_each_refusal_of_entra_is_an_error_that_says_what_to_do(
    administrator: Administrator, world: World, code: int
) -> None:
    world.login.error = CredentialRefused(code=code, error="whatever")
    ((severity, field, message),) = found(administrator)
    assert (severity, field) == ("error", BY_CODE[code][0])
    assert message == BY_CODE[code][1](number=f" (AADSTS{code})")
    with pytest.raises(InputRefused) as refused:
        administrator.save("entra", BODIES["entra"])
    assert refused.value.problems[0].field == field
    assert not world.shelf.kept


@pytest.mark.parametrize("error", [*BY_ERROR, "something_new"])
def test_without_a_known_number_the_error_itself_decides(
    administrator: Administrator, world: World, error: str
) -> None:
    world.login.error = CredentialRefused(code=123456, error=error)
    ((_, field, message),) = found(administrator)
    known = BY_ERROR.get(error, OTHERWISE)
    assert (field, message) == (known[0], known[1](number=" (AADSTS123456)"))


def test_a_wrong_and_an_expired_secret_read_differently() -> None:
    assert "wrong" in BY_CODE[7000215][1].english
    assert "expired" in BY_CODE[7000222][1].english


def test_the_id_of_a_secret_is_recognised_as_that(
    administrator: Administrator, world: World
) -> None:
    world.login.error = CredentialRefused(code=7000215, error="invalid_client")
    an_id = "0c6ad9ab-2c54-4c8b-9b0a-6a1f6f1f7d7e"
    ((_, field, message),) = found(administrator, client_secret=an_id)
    assert field == "client_secret"
    assert message.startswith("This is the id of a client secret")
    assert an_id not in message


def test_every_published_refusal_has_its_sentence() -> None:
    published = json.loads(SAMPLES.read_text())["cases"] if SAMPLES.exists() else []
    assert {case["code"] for case in published} <= set(BY_CODE)


def test_a_token_without_roles_lacks_every_permission(
    administrator: Administrator, world: World
) -> None:
    world.login.roles = frozenset()
    assert named(administrator, "error") == [
        "User.Read.All",
        "GroupMember.Read.All",
        "Device.Read.All",
    ]
    with pytest.raises(InputRefused) as refused:
        administrator.save("entra", BODIES["entra"])
    assert len(refused.value.problems) == 3
    assert not world.shelf.kept


def test_what_the_saved_import_reads_is_needed(administrator: Administrator, world: World) -> None:
    objects = {"users": False, "groups": False, "devices": False, "managed_devices": True}
    administrator.save("import", body("import", objects=objects))
    world.login.roles = frozenset()
    assert named(administrator, "error") == [
        "Device.Read.All", "DeviceManagementManagedDevices.Read.All",
    ]  # fmt: skip


def test_an_import_that_does_not_open_counts_as_the_default(
    administrator: Administrator, world: World
) -> None:
    administrator.save("import", BODIES["import"])
    world.shelf.broken.add("import")
    assert administrator.check("entra", BODIES["entra"])["ok"] is True


@pytest.mark.parametrize("wider", ["Directory.Read.All", "Group.Read.All", "Group.ReadWrite.All"])
def test_a_wider_permission_is_accepted_for_group_members(
    administrator: Administrator, world: World, wider: str
) -> None:
    world.login.roles = frozenset({"User.Read.All", "Device.Read.All", wider})
    assert named(administrator, "error") == []


def test_the_basic_profile_of_people_is_not_enough(
    administrator: Administrator, world: World
) -> None:
    world.login.roles = frozenset(READ_ALL - {"User.Read.All"} | {"User.ReadBasic.All"})
    assert named(administrator, "error") == ["User.Read.All"]


@pytest.mark.parametrize(
    "role",
    ["User.ReadWrite.All", "Mail.Send", "User.EnableDisableAccount.All", "full_access_as_app"],
)
def test_a_permission_to_do_more_than_read_is_a_warning(
    administrator: Administrator, world: World, role: str
) -> None:
    world.login.roles = frozenset(READ_ALL | {role})
    ((severity, field, message),) = found(administrator)
    assert (severity, field) == ("warning", "client_id")
    assert role in message
    administrator.save("entra", BODIES["entra"])


@pytest.mark.parametrize("role", ["AuditLog.Read.All", "Member.Read.Hidden"])
def test_further_permissions_to_read_are_not_spoken_of(
    administrator: Administrator, world: World, role: str
) -> None:
    world.login.roles = frozenset(READ_ALL | {role})
    assert found(administrator) == []


@pytest.mark.parametrize(
    ("expires_on", "said"),
    [
        ("2026-02-28", "passed"),
        ("2026-03-01", "passed"),
        ("2026-03-02", "1 day."),
        ("2026-04-30", "60 days"),
    ],
)
def test_a_secret_that_expires_soon_is_a_warning(
    administrator: Administrator, expires_on: str, said: str
) -> None:
    ((severity, field, message),) = found(administrator, secret_expires_on=expires_on)
    assert (severity, field) == ("warning", "secret_expires_on")
    assert said in message


def test_a_secret_that_lives_long_is_not_spoken_of(administrator: Administrator) -> None:
    assert found(administrator, secret_expires_on="2026-05-01") == []
