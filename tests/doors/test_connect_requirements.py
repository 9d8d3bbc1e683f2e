"""The negative cases of Atlassian's scanner of Connect security requirements, as tests of our own.

The scanner sends these to every address in the descriptor, by GET and POST, and fails an app that
answers below 400. Here also 400 fails, a redirect above all, and everything above 499.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from app.callers.query_hash import query_hash
from tests.doors.conftest import World
from tests.stand_ins.atlassian import APP, AT, context_token, install_body, page_token

STRANGER = rsa.generate_private_key(65537, 2048)


def fake_claims(method: str, path: str, issuer: str) -> dict[str, Any]:
    return {
        "iss": issuer,
        "aud": [APP],
        "sub": "admin-1",
        "iat": AT,
        "exp": AT + 180,
        "qsh": query_hash(method, path, ""),
        "context": {},
    }


def fakes(method: str, path: str) -> Iterator[tuple[str, str | None]]:
    """Tokens that nobody may be let in with; None: no token at all."""
    yield "no token", None
    for issuer in ("csrt-fake-token-ignore", "client-a"):  # an unknown and a known instance
        claims = fake_claims(method, path, issuer)
        yield f"fake secret, {issuer}", jwt.encode(claims, "fake-secret" * 4, algorithm="HS256")
        yield f"alg none, {issuer}", jwt.encode(claims, None, algorithm="none")
        fake_kid = {"kid": "fake-kid"}
        signed = jwt.encode(claims, STRANGER, algorithm="RS256", headers=fake_kid)
        yield f"fake kid, {issuer}", signed


def urls_of(world: World) -> list[str]:
    """Every address that the descriptor names."""
    descriptor = world.client.get("/atlassian-connect.json").get_json()
    modules = [module["url"] for kind in descriptor["modules"].values() for module in kind]
    return [*modules, *descriptor["lifecycle"].values()]


def send(world: World, method: str, path: str, token: str | None, place: str) -> Any:
    headers, query = {}, ""
    if token is not None and place == "header":
        headers = {"Authorization": f"JWT {token}"}
    elif token is not None:
        query = f"?jwt={token}"
    body = install_body() if method == "POST" else None
    return world.client.open(path + query, method=method, data=body, headers=headers)


@pytest.mark.parametrize("installed", [True, False])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("place", ["header", "query"])
def test_no_address_of_the_descriptor_lets_a_fake_token_in(
    world: World, installed: bool, method: str, place: str
) -> None:
    if installed:
        world.install()
    before = list(world.table.all())
    urls = urls_of(world)
    assert len(urls) == 5
    for path in urls:
        for case, token in fakes(method, path):
            response = send(world, method, path, token, place)
            assert 401 <= response.status_code < 500, (method, path, case)
            assert "Location" not in response.headers
            assert_headers(response)
    assert list(world.table.all()) == before


def assert_headers(response: Any) -> None:
    assert response.headers["Cache-Control"] == "no-cache, no-store"
    assert response.headers["Referrer-Policy"] not in (
        "",
        "no-referrer-when-downgrade",
        "unsafe-url",
    )
    age = response.headers["Strict-Transport-Security"].partition("max-age=")[2]
    assert int(age.partition(";")[0]) >= 31_536_000
    assert "Set-Cookie" not in response.headers


def test_a_page_that_opens_has_the_headers_too(world: World) -> None:
    world.install()
    for path in ("/my-assets", "/portal/my-assets", "/admin"):
        response = world.client.get(f"{path}?jwt={page_token(path, sub='admin-1')}")
        assert response.status_code == 200
        assert_headers(response)


def test_the_admin_page_refuses_a_normal_users_token(world: World) -> None:
    world.install()
    descriptor = world.client.get("/atlassian-connect.json").get_json()
    for module in descriptor["modules"]["adminPages"]:
        path = module["url"]
        tokens = page_token(path, sub="employee"), page_token(path, sub=None), context_token()
        for token in tokens:
            response = world.client.get(f"{path}?jwt={token}")
            assert response.status_code >= 400
            assert_headers(response)


def test_the_name_does_not_begin_with_a_product_of_atlassian(world: World) -> None:
    name = world.client.get("/atlassian-connect.json").get_json()["name"]
    assert name.lower().partition(" ")[0] not in ("jira", "atlassian", "confluence", "trello")
