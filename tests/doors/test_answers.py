"""Headers on every answer, problems as RFC 9457, pages framed by their own site only."""

from __future__ import annotations

import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app import files
from app.errors import (
    AppError,
    Clash,
    InputRefused,
    NotAllowed,
    NotConfigured,
    NotThere,
    Problem,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
    SettingsUnreadable,
    SlowDown,
)
from app.files import ui_release
from tests.doors.conftest import World
from tests.stand_ins.atlassian import APP, SITE, context_token, page_token


def api(world: World, path: str, method: str = "GET", sub: str = "admin-1", **more: Any) -> Any:
    headers = {"Authorization": f"JWT {context_token(sub=sub)}"}
    return world.client.open(path, method=method, headers=headers, **more)


def fetch(world: World, path: str) -> Any:
    """A GET whose body is read and closed: a static file is an open file."""
    with world.client.get(path) as response:
        response.get_data()
        return response


def page(world: World, path: str, query: str = "", **claims: Any) -> Any:
    token = page_token(path, query, **claims)
    return world.client.get(f"{path}?{query}{'&' if query else ''}jwt={token}")


def test_B15_every_answer_carries_the_headers(world: World) -> None:
    world.install()
    world.feature.answer = {"runs": []}
    for response in (
        api(world, "/api/settings"),
        api(world, "/api/settings", sub="employee"),
        page(world, "/my-assets"),
        world.client.get("/nothing"),
        world.client.get("/connect/installed"),
        world.client.get("/my-assets"),
        fetch(world, "/static/door.js"),
        world.client.get("/atlassian-connect.json"),
        world.client.get("/trust.json"),
        world.client.get("/health/live"),
    ):
        headers = response.headers
        assert int(headers["Strict-Transport-Security"].split("=")[1].split(";")[0]) >= 31_536_000
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors" in headers["Content-Security-Policy"]
        assert "Set-Cookie" not in headers
        assert "X-Frame-Options" not in headers


def test_answers_are_not_kept_by_browsers_but_for_public_files(world: World) -> None:
    world.install()
    kept = ["/static/door.js", "/atlassian-connect.json", "/trust.json", "/health/live"]
    for path in kept:
        assert fetch(world, path).headers.get("Cache-Control") != "no-cache, no-store"
    passing = [
        api(world, "/api/settings"),
        page(world, "/my-assets"),
        world.client.get("/nothing"),
        world.client.get("/static/nothing.js"),
    ]
    for response in passing:
        assert response.headers["Cache-Control"] == "no-cache, no-store"


def test_a_page_names_its_files_so_that_browsers_keep_them_until_they_change(
    world: World,
) -> None:
    world.install()
    text = page(world, "/my-assets").get_data(as_text=True)
    links = re.findall(r'(?:href|src)="(/[^"]*)"', text)
    assert len(links) > 6
    for link in links:
        assert fetch(world, link).headers["Cache-Control"] == (
            "public, max-age=31536000, immutable"
        )


def test_what_is_asked_for_by_another_releases_name_is_there_but_not_kept(world: World) -> None:
    other = fetch(world, "/static/v0123456789abcdef/door.js")
    assert other.get_data() == fetch(world, "/static/door.js").get_data()
    assert other.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["nothing.js", "../page.html", "..%2fpage.html", ""])
def test_what_no_release_has_is_not_there(world: World, name: str) -> None:
    missing = fetch(world, f"/static/{ui_release()}/{name}")
    assert missing.status_code == 404
    assert missing.headers["Cache-Control"] == "no-cache, no-store"


def test_another_content_is_another_release(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "ui_folder", lambda: tmp_path)
    names = set()
    for content in ({"a.js": "1"}, {"a.js": "2"}, {"b.js": "1"}, {"a.js": "1", "b/c.js": ""}):
        for file in tmp_path.rglob("*.js"):
            file.unlink()
        for name, text in content.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        names.add(files.ui_release.__wrapped__())
    assert len(names) == 4


def test_B12_a_page_may_be_framed_by_its_own_site_only(world: World) -> None:
    world.install()
    query = "xdm_e=https%3A%2F%2Fevil.test%3B&lic=none"
    policy = page(world, "/my-assets", query).headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors {SITE}")
    assert "evil" not in policy
    assert "unsafe" not in policy
    refused = world.client.get("/my-assets")
    assert "frame-ancestors 'none'" in refused.headers["Content-Security-Policy"]


def test_a_page_names_its_script_and_language(world: World) -> None:
    world.install()
    text = page(world, "/my-assets", "loc=de-DE").get_data(as_text=True)
    assert "https://connect.example.com/all.js" in text
    assert 'lang="de"' in text
    assert "{{" not in text
    assert 'lang="en"' in page(world, "/my-assets", "loc=%22%3E%3Cscript").get_data(as_text=True)


def test_the_portal_page_is_my_assets_too(world: World) -> None:
    world.install()
    response = page(world, "/portal/my-assets")
    assert response.status_code == 200
    assert "my-assets" in response.get_data(as_text=True)


def test_B9_a_page_for_nobody_is_refused(world: World) -> None:
    world.install()
    assert page(world, "/my-assets", sub=None).status_code == 401
    assert api(world, "/api/my-assets", sub=None).status_code == 401  # type: ignore[arg-type]


def test_the_administrators_page_is_403_to_everyone_else_in_words(world: World) -> None:
    world.install()
    response = page(world, "/admin", sub="employee")
    assert response.status_code == 403
    assert response.mimetype == "text/html"
    assert "Jira administrator" in response.get_data(as_text=True)
    assert response.headers["Content-Security-Policy"].endswith(f"frame-ancestors {SITE}")
    assert page(world, "/admin", sub="admin-1").status_code == 200


def test_B11_only_administrators_reach_settings_and_imports(world: World) -> None:
    world.install()
    for method, path in [
        ("GET", "/api/settings"),
        ("GET", "/api/settings/choices"),
        ("PUT", "/api/settings/entra"),
        ("POST", "/api/settings/entra/check"),
        ("DELETE", "/api/settings/entra"),
        ("GET", "/api/imports"),
        ("POST", "/api/imports"),
        ("GET", "/api/imports/x"),
        ("DELETE", "/api/imports/x"),
        ("POST", "/api/imports/x/release"),
    ]:
        assert api(world, path, method, "employee").status_code == 403, path
        world.jira.fault = ServiceUnreachable("Jira is down.")
        assert api(world, path, method, "admin-1").status_code == 503, path
        world.jira.fault = None
    assert world.feature.calls == []


@pytest.mark.parametrize(
    ("error", "status", "ending"),
    [
        (NotThere(), 404, "about:blank"),
        (NotAllowed("no"), 403, "about:blank"),
        (Clash("no"), 409, "about:blank"),
        (NotConfigured("no"), 409, "/not-configured"),
        (SettingsUnreadable("no"), 503, "/settings-unreadable"),
        (ServiceFailed("no"), 502, "about:blank"),
        (ServiceUnreachable("no"), 503, "about:blank"),
        (ServiceTimedOut("no"), 504, "about:blank"),
        (SlowDown("no", retry_after=2.1), 429, "about:blank"),
        (InputRefused(problems=[Problem("a", "is wrong")]), 422, "about:blank"),
    ],
)
def test_each_error_becomes_its_problem(
    world: World, error: AppError, status: int, ending: str
) -> None:
    world.install()
    world.feature.answer = error
    response = api(world, "/api/my-assets", sub="employee")
    body = response.get_json()
    assert response.content_type == "application/problem+json"
    assert (response.status_code, body["status"]) == (status, status)
    assert set(body) == {"type", "title", "status", "detail", "request_id", "problems"}
    assert body["type"].endswith(ending)
    if status == 429:
        assert response.headers["Retry-After"] == "3"
    if status == 422:
        assert body["problems"] == [{"field": "a", "message": "is wrong"}]


def test_a_429_always_names_a_time(world: World) -> None:
    world.install()
    world.feature.answer = SlowDown("no")
    assert int(api(world, "/api/my-assets", sub="employee").headers["Retry-After"]) >= 1


def test_an_export_is_a_file_with_a_safe_name(world: World) -> None:
    world.install()
    world.feature.answer = SimpleNamespace(
        filename="my-assets.csv", content_type="text/csv; charset=utf-8", content="a,b\r\n"
    )
    response = api(world, "/api/my-assets/export?format=csv", sub="employee")
    assert response.get_data(as_text=True) == "a,b\r\n"
    assert response.headers["Content-Disposition"] == "attachment; filename=my-assets.csv"
    assert api(world, "/api/my-assets/export?format=exe", sub="employee").status_code == 422


@pytest.mark.parametrize("query", ["", "?object_key=", "?object_key=a&object_key=b", "?x=1"])
def test_an_explanation_is_asked_for_one_key(world: World, query: str) -> None:
    world.install()
    path = f"/api/my-assets/explanation{query}"
    assert api(world, path, sub="employee").status_code == 422


def test_an_explanation_knows_whether_an_administrator_asks(world: World) -> None:
    world.install()
    for sub in ("employee", "admin-1"):
        api(world, "/api/my-assets/explanation?object_key=HW-1", sub=sub)
    asked = [named["is_administrator"] for _, _, named in world.feature.calls]
    assert asked == [False, True]


def test_a_bug_says_nothing_and_is_logged_by_its_type_and_place(
    world: World, log_lines: io.StringIO
) -> None:
    world.install()
    world.feature.answer = ValueError("canary-in-an-exception")
    response = api(world, "/api/my-assets", sub="employee")
    assert response.status_code == 500
    assert "canary" not in response.get_data(as_text=True)
    assert "canary" not in log_lines.getvalue()
    assert '"error": "ValueError"' in log_lines.getvalue()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"a":1,"a":2}', b"\xff", b"[" * 9000])
def test_a_malformed_body_is_422_with_the_problem_named(world: World, body: bytes) -> None:
    world.install()
    response = api(world, "/api/settings/entra", "PUT", data=body)
    assert response.status_code == 422
    assert response.get_json()["problems"]
    assert world.feature.calls == []


def test_a_body_over_the_limit_is_413(world: World) -> None:
    world.install()
    for size in (300 * 1024, 2 * 1024 * 1024):
        assert api(world, "/api/settings/entra", "PUT", data=b" " * size).status_code == 413


def test_the_descriptor_names_this_deployment(world: World) -> None:
    body = world.client.get("/atlassian-connect.json").get_json()
    assert body["baseUrl"] == APP
    assert body["links"]["self"] == f"{APP}/atlassian-connect.json"
    assert body["apiMigrations"]["signed-install"] is True
    assert body["apiMigrations"]["context-qsh"] is True
    keys = {kind: [m["key"] for m in found] for kind, found in body["modules"].items()}
    assert keys == {
        "generalPages": ["my-assets"],
        "adminPages": ["admin"],
        "serviceDeskPortalUserMenuActions": ["my-assets-portal"],
    }


def test_readiness_says_only_whether(world: World) -> None:
    assert world.client.get("/health/ready").status_code == 200
    world.ready = False
    response = world.client.get("/health/ready")
    assert (response.status_code, response.content_type) == (503, "application/problem+json")
    body = response.get_json()
    assert (body["status"], body["detail"], body["problems"]) == (503, "", [])
