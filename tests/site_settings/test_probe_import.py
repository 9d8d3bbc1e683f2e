"""The probe of import: whose import a container token opens, and what will hinder a run."""

from __future__ import annotations

import pytest

from app.errors import CredentialRefused, InputRefused, NotAllowed, NotThere, ServiceFailed
from app.inventory import Schema
from app.site_settings.probes import import_source as probe
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import BODIES, CONTAINER_TOKEN, body
from tests.stand_ins.settings_outside import INSTANCE, ImportSeen, World


@pytest.fixture
def with_account(administrator: Administrator) -> Administrator:
    administrator.save("assets-access", BODIES["assets-access"])
    return administrator


def found(administrator: Administrator, **changes: object) -> list[tuple[str, str, str]]:
    findings = administrator.check("import", body("import", **changes))["findings"]
    return [(one["severity"], one["field"], one["message"]) for one in findings]


def test_a_good_token_has_no_findings(with_account: Administrator, world: World) -> None:
    assert found(with_account) == []
    assert world.imports.tokens == [CONTAINER_TOKEN.encode()]


@pytest.mark.parametrize("error", [CredentialRefused(), NotAllowed(), NotThere()])
def test_a_token_that_was_renewed_or_revoked_is_an_error(
    administrator: Administrator, world: World, error: Exception
) -> None:
    world.imports.found = error
    assert found(administrator) == [("error", "container_token", probe.NOT_ACCEPTED())]
    with pytest.raises(InputRefused):
        administrator.save("import", BODIES["import"])
    assert not world.shelf.kept


def test_links_to_another_host_store_nothing(administrator: Administrator, world: World) -> None:
    world.imports.found = ServiceFailed("The import in Assets pointed to another host.")
    with pytest.raises(ServiceFailed):
        administrator.save("import", BODIES["import"])
    assert not world.shelf.kept


def test_an_import_of_another_site_is_an_error(with_account: Administrator, world: World) -> None:
    world.imports.found = ImportSeen(workspace_id="w-of-somebody-else")
    assert found(with_account) == [("error", "container_token", probe.OTHER_SITE())]


def test_without_an_account_the_site_is_not_compared_and_the_check_says_so(
    administrator: Administrator, world: World
) -> None:
    world.imports.found = ImportSeen(workspace_id="w-of-somebody-else")
    ((severity, field, message),) = found(administrator)
    assert (severity, field) == ("warning", "container_token")
    assert "assets-access is not set up yet" in message
    administrator.save("import", BODIES["import"])


def test_with_a_dead_account_the_site_is_not_compared(
    with_account: Administrator, world: World
) -> None:
    world.site.account = CredentialRefused()
    ((severity, _, message),) = found(with_account)
    assert severity == "warning"
    assert "no longer accepts" in message


@pytest.mark.parametrize("status", ["DISABLED", "RUNNING", "disabled"])
def test_an_import_that_is_off_or_busy_is_told(
    with_account: Administrator, world: World, status: str
) -> None:
    world.imports.found = ImportSeen(status=status)
    said = probe.STATUS_WARNINGS[status.upper()]()
    assert found(with_account) == [("warning", "container_token", said)]


@pytest.mark.parametrize("status", ["IDLE", "MISSING_MAPPING", "SOMETHING_NEW"])
def test_any_other_status_is_not_spoken_of(
    with_account: Administrator, world: World, status: str
) -> None:
    world.imports.found = ImportSeen(status=status)
    assert found(with_account) == []


@pytest.mark.parametrize(
    ("claimed", "choices"),
    [("ignore", {"remove"}), ("ignore", {"ignore", "remove"}), ("ignore", {"update"})],
)
def test_another_choice_for_missing_objects_in_jira_is_a_warning(
    with_account: Administrator, world: World, claimed: str, choices: set[str]
) -> None:
    world.imports.choices = frozenset(choices)
    ((severity, field, message),) = found(with_account, missing_objects=claimed)
    assert (severity, field) == ("warning", "missing_objects")
    assert all(choice in message for choice in choices)


@pytest.mark.parametrize(
    ("claimed", "choices"),
    [
        ("unknown", frozenset({"update"})),
        ("ignore", frozenset({"ignore"})),
        ("ignore", frozenset()),
        ("ignore", NotAllowed()),
        ("ignore", NotThere()),
    ],
)
def test_the_same_choice_or_none_to_read_is_not_spoken_of(
    with_account: Administrator,
    world: World,
    claimed: str,
    choices: frozenset[str] | Exception,
) -> None:
    world.imports.choices = choices
    assert found(with_account, missing_objects=claimed) == []


def test_missing_objects_removed_by_jira_are_told_as_unsafe_unless_leavers_are_deleted(
    with_account: Administrator, world: World
) -> None:
    world.imports.choices = frozenset({"remove"})
    ((severity, field, message),) = found(with_account, missing_objects="unknown")
    assert (severity, field) == ("warning", "missing_objects")
    assert "“remove”" in message
    assert "“ignore”" in message
    assert found(with_account, missing_objects="unknown", leavers="delete") == []


def test_a_kept_token_is_still_compared_with_the_choice_in_jira(
    with_account: Administrator, world: World
) -> None:
    with_account.save("import", BODIES["import"])
    world.imports.choices = frozenset({"remove"})
    fields = [field for _, field, _ in found(with_account, container_token=None,
                                             missing_objects="ignore")]  # fmt: skip
    assert fields == ["container_token", "missing_objects"]


def test_a_kept_token_of_another_site_is_an_error_once_there_is_an_account(
    administrator: Administrator, world: World
) -> None:
    world.imports.found = ImportSeen(workspace_id="w-of-somebody-else")
    administrator.save("import", BODIES["import"])
    administrator.save("assets-access", BODIES["assets-access"])
    findings = found(administrator, container_token=None)
    assert ("error", "container_token", probe.OTHER_SITE()) in findings


def test_a_kind_that_the_entra_app_may_not_read_is_a_warning(with_account: Administrator) -> None:
    with_account.save("entra", BODIES["entra"])
    ((severity, field, message),) = found(with_account, objects={"applications": True})
    assert (severity, field) == ("warning", "objects")
    assert "Application.Read.All" in message


def test_what_was_learned_of_the_entra_app_stays_with_its_kept_secret(
    with_account: Administrator,
) -> None:
    with_account.save("entra", BODIES["entra"])
    with_account.save("entra", body("entra", client_secret=None))
    assert len(found(with_account, objects={"applications": True})) == 1


@pytest.mark.parametrize("kind", ["managed_devices", "departments", "locations", "applications"])
def test_every_kind_can_be_imported(with_account: Administrator, kind: str) -> None:
    assert found(with_account, objects={kind: True}) == []


def test_managed_devices_alone_are_told_what_comes_of_it(with_account: Administrator) -> None:
    chosen = {"devices": False, "managed_devices": True}
    told = ("warning", "objects.managed_devices", probe.MANAGED_ALONE())
    assert found(with_account, objects=chosen) == [told]


def test_a_role_that_is_missing_is_named_with_the_place_to_grant_it(
    with_account: Administrator, world: World
) -> None:
    world.assets.listed = [Schema("s-1", "People & things", "P", managed=False)]
    ((severity, field, message),) = found(with_account)
    assert (severity, field) == ("warning", "container_token")
    for part in ("“People & things”", "object schema manager", "Jira account", "Roles"):
        assert part in message
    assert found(with_account, objects={"users": False}) == []


@pytest.mark.parametrize("refused", [NotAllowed(), NotThere()])
def test_an_import_that_the_account_may_not_read_is_told_so(
    with_account: Administrator, world: World, refused: Exception
) -> None:
    world.imports.schema = refused
    ((severity, field, message),) = found(with_account)
    assert (severity, field) == ("warning", "container_token")
    assert "object schema manager" in message


@pytest.mark.parametrize("managed", [True, None])
def test_a_manager_and_an_answer_that_does_not_say_are_not_spoken_of(
    with_account: Administrator, world: World, managed: bool | None
) -> None:
    world.assets.listed = [
        Schema("s-1", "Mine", "M", managed=managed), Schema("s-2", "Other", "O", managed=False),
    ]  # fmt: skip
    assert found(with_account) == []


def test_memberships_without_groups_are_a_warning(with_account: Administrator) -> None:
    findings = found(with_account, objects={"groups": False}, memberships=["g-1"])
    assert ("warning", "memberships", probe.NO_GROUPS()) in findings


def test_a_save_tells_its_warnings_when_asked(with_account: Administrator) -> None:
    desk = with_account.desk
    wanted = body("import", objects={"users": False, "groups": False, "devices": False})
    told = desk.save(INSTANCE, "import", wanted, with_findings=True)["findings"]
    assert probe.NOTHING() in [one["message"] for one in told]
    assert "findings" not in desk.save(INSTANCE, "import", wanted)
