"""The probe of an import named by its source: it is there, and it is one of this site's Assets."""

from __future__ import annotations

import pytest

from app.errors import CredentialRefused, InputRefused, NotAllowed, NotThere, ServiceUnreachable
from app.site_settings.documents import OWN_ACCESS
from app.site_settings.probes import import_source, named_import
from app.site_settings.short import at_length
from app.words import Json
from tests.site_settings.administrator import Administrator
from tests.stand_ins.settings_outside import INSTANCE, ImportSeen, World

NAMED: Json = {"import_source_id": "m-1", "workspace_id": "w-1"}


@pytest.fixture(autouse=True)
def _own(world: World) -> None:
    world.own_access = True


def found(administrator: Administrator, **changes: object) -> list[tuple[str, str, str]]:
    findings = administrator.check("import", {**NAMED, **changes})["findings"]
    return [(one["severity"], one["field"], one["message"]) for one in findings]


def test_an_import_that_is_there_has_no_findings(
    administrator: Administrator, world: World
) -> None:
    assert found(administrator) == []
    assert world.sources == [("m-1", "w-1")]
    assert world.accounts == [OWN_ACCESS]


def test_an_import_that_is_not_there_is_an_error(
    administrator: Administrator, world: World
) -> None:
    world.imports.found = NotThere()
    assert found(administrator) == [("error", "import_source_id", named_import.NO_SUCH_IMPORT())]
    with pytest.raises(InputRefused):
        administrator.save("import", NAMED)
    assert not world.shelf.kept


@pytest.mark.parametrize("answer", [NotAllowed(), CredentialRefused()])
def test_an_import_that_the_app_may_not_use_is_an_error(
    administrator: Administrator, world: World, answer: Exception
) -> None:
    world.imports.found = answer
    assert found(administrator) == [("error", "import_source_id", named_import.NOT_ALLOWED())]


def test_another_sites_workspace_is_an_error_and_is_not_asked(
    administrator: Administrator, world: World
) -> None:
    findings = found(administrator, workspace_id="w-of-somebody-else")
    assert findings == [("error", "workspace_id", named_import.OTHER_WORKSPACE())]
    assert world.sources == []


@pytest.mark.parametrize("answer", [None, NotAllowed(), NotThere()])
def test_a_site_without_assets_is_an_error(
    administrator: Administrator, world: World, answer: Exception | None
) -> None:
    world.site.workspace = answer
    ((severity, field, _),) = found(administrator)
    assert (severity, field) == ("error", "workspace_id")


def test_a_service_that_is_down_stores_nothing(administrator: Administrator, world: World) -> None:
    world.imports.found = ServiceUnreachable()
    with pytest.raises(ServiceUnreachable):
        administrator.save("import", NAMED)
    assert not world.shelf.kept


def test_an_import_that_is_off_is_told(administrator: Administrator, world: World) -> None:
    world.imports.found = ImportSeen(status="DISABLED")
    said = import_source.STATUS_WARNINGS["DISABLED"]()
    assert found(administrator) == [("warning", "import_source_id", said)]


def test_another_choice_for_missing_objects_in_jira_is_a_warning(
    administrator: Administrator, world: World
) -> None:
    world.imports.choices = frozenset({"remove"})
    ((severity, field, _),) = found(administrator, missing_objects="ignore")
    assert (severity, field) == ("warning", "missing_objects")


def test_what_is_learned_names_the_import(administrator: Administrator, world: World) -> None:
    administrator.save("import", NAMED)
    stored = at_length(world.shelf.kept["import"].reveal())
    assert b'"learned":{"workspace_id":"w-1","import_source_id":"m-1"}' in stored
    assert administrator.desk.overview(INSTANCE)["import"]["set"] is True
