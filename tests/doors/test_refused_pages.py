"""A refused page: one text for every cause, framed by the site that signed its token or nobody."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.doors.problem_page import problem_page
from app.errors import AppError
from tests.doors.conftest import World
from tests.stand_ins.atlassian import AT, SITE, context_token, page_token

PAGES = ["/my-assets", "/portal/my-assets", "/admin"]
BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
NOBODY = "frame-ancestors 'none'"


def show(world: World, path: str, token: str | None, query: str = "") -> Any:
    jwt = "" if token is None else f"jwt={token}"
    return world.client.get(f"{path}?{query}{jwt}", headers=BROWSER)


def unvarying(response: Any) -> str:
    text: str = response.get_data(as_text=True)
    return re.sub(r"<code>[0-9a-f]{16}</code>", "<code></code>", text)


def signed_but_refused(path: str) -> dict[str, str]:
    return {
        "too old": page_token(path, exp=AT - 1),
        "from the future": page_token(path, iat=AT + 60),
        "of another address": page_token("/other"),
        "a context token": context_token(),
        "for nobody": page_token(path, sub=None),
    }


def signed_by_nobody(path: str) -> dict[str, str | None]:
    return {
        "no token": None,
        "no token's shape": "a.b.c",
        "of an unknown instance": page_token(path, iss="client-x"),
        "by another secret": page_token(path, secret="another" * 9),
        "by no secret": page_token(path, secret="\0" * 64),
        "by no secret, unknown": page_token(path, secret="\0" * 64, iss="client-x", exp=AT - 1),
    }


@pytest.mark.parametrize("path", PAGES)
def test_every_refusal_is_one_page_that_says_what_to_do(world: World, path: str) -> None:
    world.install()
    pages = []
    for token in (signed_but_refused(path) | signed_by_nobody(path)).values():
        response = show(world, path, token)
        assert (response.status_code, response.mimetype) == (401, "text/html")
        pages.append(unvarying(response))
    assert set(pages) == {pages[0]}
    assert "Reload this page in Jira" in pages[0]
    assert "acme" not in pages[0]
    assert "{{" not in pages[0]


@pytest.mark.parametrize(
    ("loc", "spoken"), [("de-DE", "de"), ("de_AT", "de"), ("DE", "de"), ("fr-FR", "en"), ("", "en")]
)
def test_a_refusal_speaks_the_readers_language(world: World, loc: str, spoken: str) -> None:
    text = unvarying(show(world, "/my-assets", None, f"loc={loc}"))
    assert f'<html lang="{spoken}">' in text
    said = {"de": "Laden Sie diese Seite in Jira neu", "en": "Reload this page in Jira"}
    assert [language for language, words in said.items() if words in text] == [spoken]


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503, 504, 405])
def test_no_german_page_of_trouble_has_an_english_word(world: World, status: int) -> None:
    class Trouble(AppError):
        pass

    Trouble.status = status
    with world.app.test_request_context("/admin?loc=de"):
        page = problem_page(Trouble("Only a Jira administrator may do this."), "0" * 16)
    text = page.get_data(as_text=True)
    assert (page.status_code, Trouble.title in text, "administrator" in text) == (
        status,
        False,
        False,
    )
    assert "Referenz: <code>" in text
    assert "Jira" in text  # where to go with it


@pytest.mark.parametrize("path", PAGES)
def test_the_site_that_signed_an_old_token_may_frame_it(world: World, path: str) -> None:
    world.install()
    for cause, token in signed_but_refused(path).items():
        policy = show(world, path, token).headers["Content-Security-Policy"]
        assert policy.endswith(f"frame-ancestors {SITE}"), cause


@pytest.mark.parametrize("path", PAGES)
def test_B12_nobody_else_frames_it_whatever_the_query_says(world: World, path: str) -> None:
    world.install()
    for cause, token in signed_by_nobody(path).items():
        response = show(world, path, token, "xdm_e=https%3A%2F%2Facme.atlassian.net&")
        assert NOBODY in response.headers["Content-Security-Policy"], cause


def test_the_site_of_an_uninstalled_instance_frames_nothing(world: World) -> None:
    world.install()
    world.uninstall()
    response = show(world, "/my-assets", page_token("/my-assets", exp=AT - 1))
    assert response.status_code == 401
    assert NOBODY in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("accept", [None, "*/*", "application/json"])
def test_who_asks_for_no_page_gets_the_refusal_of_every_other_route(
    world: World, accept: str | None
) -> None:
    world.install()
    headers = {} if accept is None else {"Accept": accept}
    for token in signed_but_refused("/my-assets").values():
        response = world.client.get(f"/my-assets?jwt={token}", headers=headers)
        assert response.status_code == 401
        assert response.content_type == "application/problem+json"
        assert NOBODY in response.headers["Content-Security-Policy"]


def test_an_api_refusal_is_no_page_even_in_a_browser(world: World) -> None:
    response = world.client.get("/api/settings", headers=BROWSER)
    assert (response.status_code, response.content_type) == (401, "application/problem+json")
