"""Where the app has a token of its own it may stand for a secret; elsewhere that is refused."""

from __future__ import annotations

import pytest

from app.errors import InputRefused
from app.site_settings import own_access
from app.site_settings.documents import OWN_ACCESS
from app.site_settings.reading import SettingsReader
from app.site_settings.short import at_length
from app.words import Json
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import BODIES, CONTAINER_TOKEN, body
from tests.stand_ins.settings_outside import INSTANCE, World

NAMED: Json = {"import_source_id": "m-1", "workspace_id": "w-1"}


@pytest.fixture
def own(world: World) -> World:
    world.own_access = True
    return world


def problems(administrator: Administrator, part: str, sent: Json) -> set[tuple[str, str]]:
    with pytest.raises(InputRefused) as refused:
        administrator.save(part, sent)
    with pytest.raises(InputRefused):
        administrator.check(part, sent)
    return {(each.field, each.message) for each in refused.value.problems}


def reader(world: World) -> SettingsReader:
    return SettingsReader(lambda instance: world.shelf)


def for_worker(world: World) -> SettingsReader:
    return SettingsReader(lambda instance: world.shelf.for_worker())


@pytest.mark.parametrize("sent", [{}, {"mode": "app"}, {"mode": "app", "email": None}])
def test_an_empty_body_means_the_apps_own_access(
    administrator: Administrator, own: World, sent: Json
) -> None:
    assert administrator.save("assets-access", sent) == {"set": True, "mode": "app"}
    assert administrator.overview()["assets-access"] == {"set": True, "mode": "app"}
    assert reader(own).assets_access(INSTANCE) is OWN_ACCESS


def test_an_account_can_be_given_there_too(administrator: Administrator, own: World) -> None:
    for sent in (BODIES["assets-access"], body("assets-access", mode=...)):
        state = administrator.save("assets-access", sent)
        assert (state["mode"], state["email"]) == ("api_token", "ada@a.example")


def test_elsewhere_mode_app_is_refused_with_a_plain_sentence(
    administrator: Administrator, world: World
) -> None:
    said = problems(administrator, "assets-access", {"mode": "app"})
    assert said == {("mode", own_access.NO_OWN_ACCESS())}
    assert not world.shelf.kept


def test_elsewhere_an_empty_body_lacks_an_account(administrator: Administrator) -> None:
    fields = {field for field, _ in problems(administrator, "assets-access", {})}
    assert fields == {"email", "api_token"}


def test_an_account_beside_mode_app_is_refused(administrator: Administrator, own: World) -> None:
    said = problems(administrator, "assets-access", body("assets-access", mode="app"))
    assert said == {("email", own_access.NO_ACCOUNT()), ("api_token", own_access.NO_ACCOUNT())}


def test_the_account_saved_before_is_forgotten(administrator: Administrator, own: World) -> None:
    administrator.save("assets-access", BODIES["assets-access"])
    administrator.save("assets-access", {})
    assert b"canary" not in at_length(own.shelf.kept["assets-access"].reveal())
    said = problems(administrator, "assets-access", body("assets-access", api_token=None))
    assert said == {("api_token", "Enter the API token.")}


def test_what_was_shown_can_be_sent_back(administrator: Administrator, own: World) -> None:
    for part, sent in (("assets-access", {}), ("import", NAMED)):
        shown = administrator.save(part, sent)
        again = {name: value for name, value in shown.items() if name != "set"}
        assert administrator.save(part, again) == shown


def test_an_import_can_be_named_by_its_source(administrator: Administrator, own: World) -> None:
    state = administrator.save("import", NAMED)
    assert {name: state[name] for name in NAMED} == NAMED
    assert "container_token" not in state
    rules = reader(own).import_rules(INSTANCE)
    assert rules is not None
    assert (rules.import_source_id, rules.workspace_id) == ("m-1", "w-1")
    assert for_worker(own).container_token(INSTANCE) is None
    assert "import" not in reader(own).missing_for_import(INSTANCE)


def test_an_import_by_token_does_not_speak_of_a_source(administrator: Administrator) -> None:
    state = administrator.save("import", BODIES["import"])
    assert not set(NAMED) & set(state)
    administrator.save("import", {**BODIES["import"], **dict.fromkeys(NAMED)})


@pytest.mark.parametrize("name", list(NAMED))
def test_source_and_workspace_come_together(
    administrator: Administrator, own: World, name: str
) -> None:
    (lacking,) = set(NAMED) - {name}
    said = problems(administrator, "import", {name: NAMED[name]})
    assert said == {(lacking, own_access.NEEDED())}


def test_a_source_and_a_token_are_not_given_together(
    administrator: Administrator, own: World
) -> None:
    said = problems(administrator, "import", {**NAMED, "container_token": CONTAINER_TOKEN})
    assert said == {("container_token", own_access.NOT_BOTH())}


def test_elsewhere_a_source_is_refused_with_a_plain_sentence(
    administrator: Administrator, world: World
) -> None:
    said = problems(administrator, "import", NAMED)
    assert said == {(name, own_access.NO_NAMED_IMPORT()) for name in NAMED}
    assert not world.shelf.kept


@pytest.mark.parametrize("odd", ["../x", "a b", "x" * 65, "", 7])
def test_ids_of_another_shape_are_refused(
    administrator: Administrator, own: World, odd: object
) -> None:
    fields = {field for field, _ in problems(administrator, "import", dict.fromkeys(NAMED, odd))}
    assert fields == set(NAMED)
    assert own.sources == []


def test_the_container_token_saved_before_is_forgotten_in_the_same_move(
    administrator: Administrator, own: World
) -> None:
    administrator.save("import", BODIES["import"])
    before = own.shelf.saves
    administrator.save("import", NAMED)
    assert own.shelf.saves == before + 1
    assert all(b"canary" not in each.reveal() for each in own.shelf.kept.values())
    assert for_worker(own).container_token(INSTANCE) is None
    said = problems(administrator, "import", {})
    assert said == {("container_token", "Enter the container token.")}


def test_a_token_takes_the_place_of_a_source(administrator: Administrator, own: World) -> None:
    administrator.save("import", NAMED)
    state = administrator.save("import", BODIES["import"])
    assert not set(NAMED) & set(state)
    assert state["container_token"]["set"] is True
    token = for_worker(own).container_token(INSTANCE)
    assert token is not None
    assert token.container_token.reveal() == CONTAINER_TOKEN.encode()
