"""The API by Forge invocation token: the same features, administrators by their own token."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest

from app.errors import CredentialRefused, NotThere, ServiceUnreachable
from tests.doors.conftest import World
from tests.doors.forge_side import USER, ask, headers, system_token
from tests.doors.test_every_route import without_id
from tests.stand_ins.atlassian import AT, context_token
from tests.stand_ins.forge_tokens import CLOUD, OTHER_CLOUD, OTHER_INSTALLATION, ForgeSigner


def test_a_call_of_a_site_never_seen_makes_its_empty_instance(world: World) -> None:
    assert ask(world, "/api/settings").status_code == 200
    (made,) = world.table.all()
    assert (made.door, made.state, made.cloud_id) == ("forge", "installed", CLOUD)
    assert (made.connect_secret, dict(made.part_keys)) == (None, {})


def test_the_feature_is_handed_the_instance_and_the_person(world: World) -> None:
    ask(world, "/api/my-assets", account="account-7")
    ((name, (instance, account, _query), _),) = world.feature.calls
    assert (name, account, instance.door) == ("page", "account-7", "forge")


def test_a_token_serves_any_number_of_calls_until_it_expires(world: World) -> None:
    sent = headers(world.forge_keys.token())
    for _ in range(3):
        assert world.client.get("/api/my-assets", headers=sent).status_code == 200
    world.clock.pass_(minutes=2)
    assert world.client.get("/api/my-assets", headers=sent).status_code == 401


def test_C5_nobody_in_session_is_refused_and_makes_nothing(world: World) -> None:
    for claims in ({"from_page": True}, {"from_page": False}):
        assert ask(world, "/api/my-assets", account=None, claims=claims).status_code == 401
    assert list(world.table.all()) == []


def test_the_scheme_picks_the_door_whatever_the_token_is(world: World) -> None:
    world.install()
    fit, context = world.forge_keys.token(principal="admin-1"), context_token(sub="admin-1")
    crossed = {"Authorization": f"JWT {fit}"}, {"Authorization": f"Bearer {context}"}
    for sent in crossed:
        assert world.client.get("/api/settings", headers=sent).status_code == 401


def test_a_forge_token_in_another_case_or_place_is_none(world: World) -> None:
    fit = world.forge_keys.token()
    for scheme in ("bearer", "BEARER", "Bearer  ", "Basic", ""):
        sent = {"Authorization": f"{scheme} {fit}".strip()}
        assert world.client.get("/api/my-assets", headers=sent).status_code == 401
    assert world.client.get(f"/api/my-assets?jwt={fit}").status_code == 401


def test_without_a_forge_app_id_the_door_is_shut(world: World, log_lines: io.StringIO) -> None:
    shut = World(world.settings, forge_app=None)
    shut.install()
    refused = [
        ask(shut, "/api/settings"),
        shut.client.post("/forge/tick", headers=headers(shut.forge_keys.event())),
        shut.client.get("/api/settings"),
    ]
    assert [response.status_code for response in refused] == [401] * 3
    assert without_id(refused[0]) == without_id(refused[1]) == without_id(refused[2])
    assert shut.forge_keys.asked == []


def test_unreachable_keys_are_503_not_401(world: World) -> None:
    class Down(ForgeSigner):
        def key(self, key_id: str) -> Any:
            raise ServiceUnreachable

    assert ask(World(world.settings, forge_keys=Down()), "/api/settings").status_code == 503


def test_an_administrator_is_asked_with_the_persons_own_token(world: World) -> None:
    assert ask(world, "/api/settings", account="admin-1").status_code == 200
    assert world.jira.user_tokens == [f"{USER}admin-1"]
    assert ask(world, "/api/settings", account="employee").status_code == 403


@pytest.mark.parametrize("token", ["", "a b", "a,b", "ä", "x" * 8193])
def test_B11_without_a_user_token_nobody_is_an_administrator(world: World, token: str) -> None:
    sent = headers(world.forge_keys.token(principal="admin-1"), system=system_token())
    if token:
        sent["x-forge-oauth-user"] = token
    assert world.client.get("/api/settings", headers=sent).status_code == 403
    assert world.jira.user_tokens == []


def test_a_token_is_opaque(world: World) -> None:
    odd = 'person:"7"|{x}'
    sent = headers(world.forge_keys.token(principal="admin-1"), system=system_token())
    world.client.get("/api/settings", headers=sent | {"x-forge-oauth-user": odd})
    assert world.jira.user_tokens == [odd]


def test_a_user_token_is_asked_anew_each_time_and_kept_nowhere(
    world: World, log_lines: io.StringIO
) -> None:
    ask(world, "/api/settings")
    assert ask(world, "/api/settings", user="").status_code == 403
    assert USER not in repr(list(world.table.all()))
    assert USER not in log_lines.getvalue()


@pytest.mark.parametrize(
    ("fault", "status"),
    [(ServiceUnreachable("down"), 503), (CredentialRefused("expired"), 403), (NotThere(), 403)],
)
def test_jira_giving_no_answer_is_never_a_yes(world: World, fault: Exception, status: int) -> None:
    world.jira.fault = fault
    assert ask(world, "/api/settings").status_code == status


def test_an_explanation_knows_whether_an_administrator_asks(world: World) -> None:
    for account, user in (("admin-1", "admin-1"), ("admin-1", ""), ("employee", "employee")):
        ask(world, "/api/my-assets/explanation?object_key=HW-1", account=account, user=user)
    asked = [named["is_administrator"] for _, _, named in world.feature.calls]
    assert asked == [True, False, False]


def test_an_export_is_told_as_json_for_the_page_to_make_a_file_of(world: World) -> None:
    world.feature.answer = SimpleNamespace(
        filename="my-assets.csv", content_type="text/csv; charset=utf-8", content="ä,b\r\n"
    )
    response = ask(world, "/api/my-assets/export?format=csv")
    assert response.content_type == "application/json"
    assert response.get_json() == {
        "filename": "my-assets.csv",
        "content_type": "text/csv; charset=utf-8",
        "content": "ä,b\r\n",
    }


def test_the_first_system_token_is_tried_and_then_kept_sealed(world: World) -> None:
    token = system_token()
    ask(world, "/api/my-assets", system=token)
    assert world.tried.asked == [token]
    (reference,) = world.table.all()
    assert world.site_tokens.token(reference).reveal_text() == token


def test_the_same_or_an_older_token_is_neither_tried_nor_written(world: World) -> None:
    ask(world, "/api/my-assets", system=system_token())
    written = world.table.calls.copy()
    ask(world, "/api/my-assets", system=system_token())
    ask(world, "/api/my-assets", system=system_token("older", AT + 3600))
    assert len(world.tried.asked) == 1
    assert world.table.calls["change"] == written["change"]


def test_a_newer_token_replaces_the_stored_one(world: World) -> None:
    ask(world, "/api/my-assets", system=system_token("first", AT + 3600))
    newer = system_token("second", AT + 2 * 3600)
    ask(world, "/api/my-assets", system=newer)
    (reference,) = world.table.all()
    assert world.site_tokens.token(reference).reveal_text() == newer


@pytest.mark.parametrize("answer", [False, ServiceUnreachable("down")])
def test_a_token_that_a_person_may_have_put_there_is_not_kept_untried(
    world: World, answer: bool | Exception, log_lines: io.StringIO
) -> None:
    """A person can send a page's invocation token from the browser, with any header beside it."""
    good = system_token("first", AT + 3600)
    ask(world, "/api/my-assets", system=good)
    world.tried.answer = answer
    forged = system_token("forged")
    assert ask(world, "/api/my-assets", system=forged).status_code == 200
    (reference,) = world.table.all()
    assert world.site_tokens.token(reference).reveal_text() == good
    assert ('"alarm"' in log_lines.getvalue()) is (answer is False)
    assert forged not in log_lines.getvalue()


def test_before_anything_is_saved_only_an_administrators_call_brings_a_token(world: World) -> None:
    world.tried.answer = None
    foreign = system_token("of an app of my own")
    ask(world, "/api/my-assets", account="somebody", system=foreign)
    ask(world, "/api/my-assets", account="nobody", user="", system=foreign)
    (reference,) = world.table.all()
    assert reference.site_token is None
    ask(world, "/api/my-assets", account="admin-1", system=foreign)
    (reference,) = world.table.all()
    assert world.site_tokens.token(reference).reveal_text() == foreign


def test_B3_a_second_token_in_the_query_is_refused(world: World) -> None:
    assert ask(world, "/api/my-assets?jwt=x").status_code == 401


@pytest.mark.parametrize("token", ["a b", "a,b", "ä", "x" * 8193, ""])
def test_what_has_no_tokens_shape_is_no_system_token(world: World, token: str) -> None:
    assert ask(world, "/api/my-assets", system=token).status_code == 200
    (reference,) = world.table.all()
    assert reference.site_token is None
    assert world.tried.asked == []


def test_a_refused_call_brings_no_token(world: World) -> None:
    ask(world, "/api/my-assets")
    for claims in ({"life": -1}, {"app_id": "ari:cloud:ecosystem::app/other"}):
        assert ask(world, "/api/my-assets", system="t", claims=claims).status_code == 401
    (reference,) = world.table.all()
    assert reference.site_token is None


def test_C4_an_installation_of_another_site_is_refused(world: World) -> None:
    ask(world, "/api/my-assets")
    mixed = {"cloud_id": OTHER_CLOUD, "at": AT + 1}
    world.clock.pass_(seconds=5)
    assert ask(world, "/api/my-assets", claims=mixed).status_code == 401
    assert [each.cloud_id for each in world.table.all()] == [CLOUD]


def test_two_sites_are_two_instances(world: World) -> None:
    ask(world, "/api/my-assets")
    ask(
        world,
        "/api/my-assets",
        claims={"cloud_id": OTHER_CLOUD, "installation_id": OTHER_INSTALLATION},
    )
    (one, _, _), (two, _, _) = (parts for _, parts, _ in world.feature.calls)
    assert one.instance_id != two.instance_id


def test_B17_no_token_of_forge_reaches_a_log_line(world: World, log_lines: io.StringIO) -> None:
    ask(world, "/api/my-assets", system=system_token())
    text = log_lines.getvalue()
    assert text.count('"event": "request"') == 1
    for canary in ("eyJ", USER, "admin-1"):
        assert canary not in text
    assert '"door": "forge"' in text
