"""What other features read of the settings: typed, with defaults, and never a guess."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.errors import SettingsUnreadable
from app.site_settings.documents import (
    Consent,
    EntraRules,
    ImportRules,
    Requests,
    Visibility,
)
from app.site_settings.reading import SettingsReader
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import (
    API_TOKEN,
    BODIES,
    CLIENT,
    CLIENT_SECRET,
    CONTAINER_TOKEN,
    TENANT,
    body,
)
from tests.stand_ins.settings_outside import INSTANCE, WebMayNotOpen, World

Reading = Callable[[SettingsReader], object]
READINGS: dict[str, Reading] = {
    "visibility": lambda reader: reader.visibility(INSTANCE),
    "consent": lambda reader: reader.consent(INSTANCE),
    "requests": lambda reader: reader.requests(INSTANCE),
    "import": lambda reader: reader.import_rules(INSTANCE),
    "entra": lambda reader: reader.entra_rules(INSTANCE),
    "assets-access": lambda reader: reader.assets_access(INSTANCE),
    "entra-secret": lambda reader: reader.entra_secret(INSTANCE),
    "import-secret": lambda reader: reader.container_token(INSTANCE),
}


@pytest.fixture
def web(world: World) -> SettingsReader:
    return SettingsReader(world.outside.shelf)


@pytest.fixture
def worker(world: World) -> SettingsReader:
    return SettingsReader(lambda instance: world.shelf.for_worker())


def test_nothing_saved_reads_as_the_defaults_or_none(worker: SettingsReader) -> None:
    assert [read(worker) for read in READINGS.values()] == [
        Visibility(), Consent(), None, None, None, None, None, None,
    ]  # fmt: skip
    assert worker.consent(INSTANCE).entra_import is False


def test_rules_read_as_they_were_saved(administrator: Administrator, web: SettingsReader) -> None:
    schedule = {"every": "day", "at": "03:00", "time_zone": "Europe/Berlin"}
    administrator.save("import", body("import", leavers="mark", schedule=schedule))
    administrator.save("entra", body("entra", cloud="china"))
    for part in ("visibility", "requests", "consent"):
        administrator.save(part, BODIES[part])
    rules = web.import_rules(INSTANCE)
    assert isinstance(rules, ImportRules)
    assert rules.leavers == "mark"
    assert rules.schedule is not None
    assert web.entra_rules(INSTANCE) == EntraRules(
        tenant_id=TENANT, client_id=CLIENT, cloud="china"
    )
    assert web.visibility(INSTANCE).access.mode == "allow"
    assert web.requests(INSTANCE) == Requests(service_desk_id="4", request_type_id="17")
    assert web.consent(INSTANCE).entra_import is True


def test_the_account_is_read_with_its_token(
    administrator: Administrator, web: SettingsReader
) -> None:
    administrator.save("assets-access", BODIES["assets-access"])
    access = web.assets_access(INSTANCE)
    assert access is not None
    assert (access.email, access.api_token.reveal_text()) == ("ada@a.example", API_TOKEN)
    assert "ada" not in repr(access)


def test_the_worker_reads_the_secrets_with_what_they_were_given_for(
    administrator: Administrator, worker: SettingsReader
) -> None:
    administrator.save("entra", BODIES["entra"])
    administrator.save("import", BODIES["import"])
    secret, token = worker.entra_secret(INSTANCE), worker.container_token(INSTANCE)
    assert secret is not None
    assert token is not None
    assert (secret.tenant_id, secret.client_id, secret.cloud) == (TENANT, CLIENT, "global")
    assert secret.client_secret.reveal_text() == CLIENT_SECRET
    assert (token.workspace_id, token.import_source_id) == ("w-1", "m-1")
    assert token.container_token.reveal_text() == CONTAINER_TOKEN


def test_the_web_reads_no_secret_of_the_worker(
    administrator: Administrator, web: SettingsReader
) -> None:
    administrator.save("entra", BODIES["entra"])
    administrator.save("import", BODIES["import"])
    for read in (web.entra_secret, web.container_token):
        with pytest.raises(WebMayNotOpen):
            read(INSTANCE)


@pytest.mark.parametrize("document", READINGS)
def test_what_is_set_and_does_not_open_is_never_taken_for_not_set(
    administrator: Administrator, world: World, worker: SettingsReader, document: str
) -> None:
    for part in ("assets-access", "entra", "import", "visibility", "requests", "consent"):
        administrator.save(part, BODIES[part])
    world.shelf.broken.add(document)
    with pytest.raises(SettingsUnreadable):
        READINGS[document](worker)


def test_a_secret_beside_rules_of_another_tenant_is_not_given_out(
    administrator: Administrator, world: World, worker: SettingsReader
) -> None:
    administrator.save("entra", BODIES["entra"])
    secret = world.shelf.kept["entra-secret"]
    administrator.save("entra", body("entra", tenant_id="another.example"))
    world.shelf.kept["entra-secret"] = secret
    with pytest.raises(SettingsUnreadable):
        worker.entra_secret(INSTANCE)


def test_each_part_that_an_import_needs_is_named(
    administrator: Administrator, web: SettingsReader
) -> None:
    assert web.missing_for_import(INSTANCE) == ["assets-access", "entra", "import"]
    administrator.save("entra", BODIES["entra"])
    assert web.missing_for_import(INSTANCE) == ["assets-access", "import"]
    administrator.save("assets-access", BODIES["assets-access"])
    administrator.save("import", BODIES["import"])
    assert web.missing_for_import(INSTANCE) == []


@pytest.mark.parametrize(
    "document", ["assets-access", "entra", "entra-secret", "import", "import-secret", "visibility"]
)
def test_what_an_import_needs_and_does_not_open_is_said_without_opening_a_secret(
    administrator: Administrator, world: World, web: SettingsReader, document: str
) -> None:
    for part in BODIES:
        administrator.save(part, BODIES[part])
    web.require_readable_for_import(INSTANCE)
    world.shelf.broken = {document}
    if document == "visibility":
        return web.require_readable_for_import(INSTANCE)
    with pytest.raises(SettingsUnreadable):
        web.require_readable_for_import(INSTANCE)
    return None


@pytest.mark.parametrize("part", ["entra", "import"])
def test_rules_whose_secret_lost_its_pointer_are_a_part_that_does_not_open(
    administrator: Administrator, world: World, web: SettingsReader, part: str
) -> None:
    for each in BODIES:
        administrator.save(each, BODIES[each])
    del world.shelf.kept[f"{part}-secret"]
    unreadable = {"set": True, "readable": False}
    assert [name for name, told in administrator.overview().items() if told == unreadable] == [part]
    with pytest.raises(SettingsUnreadable):
        web.require_readable_for_import(INSTANCE)
    administrator.save(part, BODIES[part])
    assert administrator.overview()[part] != unreadable


@pytest.mark.parametrize("part", ["entra", "import"])
def test_a_secret_whose_rules_lost_their_pointer_is_no_part_that_is_set(
    administrator: Administrator, world: World, web: SettingsReader, part: str
) -> None:
    for each in BODIES:
        administrator.save(each, BODIES[each])
    del world.shelf.kept[part]
    assert administrator.overview()[part] == {"set": False}
    assert web.missing_for_import(INSTANCE) == [part]
