"""No input whatsoever is answered by a 500, and every answer has its headers and its shape."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import run_wsgi_app

from app.doors.published.routes import PATHS
from app.site_settings.documents import PARTS
from tests.abuse.house import House, build
from tests.stand_ins.atlassian import context_token, page_token

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "FOO"]
FIXED = ["/", "//", "/api", "/api/settings/", "/static/", "/static/../manifest.yml", "*", "/%00"]
ALWAYS = ["Strict-Transport-Security", "Content-Security-Policy", "Referrer-Policy"]
NAMES = ["jwt", "limit", "sort", "cursor", "kind", "object_key", "format", "findings", "xdm_e"]

raw = st.binary(max_size=40).map(lambda found: quote(found, safe="/;,"))
pieces = st.one_of(st.sampled_from([*PARTS, "x", "..", "%2e%2e", "%00"]), raw)
values = st.one_of(st.sampled_from(["", "1", "0", "-1", "label", "%ff", "%ed%a0%80"]), raw)
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.sampled_from(["\ud800", "\x00", "9" * 400, "full"]),
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = [
    "mode", "preview", "email", "api_token", "tenant_id", "client_id", "client_secret", "schedule",
    "container_token", "encryption_string", "access", "columns", "owner_rules", "brake", "objects",
    "eventType", "context", "payload", "importId", "workspaceId", "clientKey", "baseUrl",
]  # fmt: skip
bodies = st.one_of(
    st.binary(max_size=60),
    trees.map(lambda tree: json.dumps(tree).encode()),
    st.dictionaries(st.sampled_from(FIELDS), trees, max_size=4).map(
        lambda tree: json.dumps(tree).encode()
    ),
    st.sampled_from([b"[" * 100_000, b'{"a":' * 5000, b"1" * 5000, b'{"mode":1e999}', b"NaN"]),
)


OPERATIONS = [(path, method.upper()) for path in sorted(PATHS) for method in PATHS[path]]
anything = st.tuples(
    st.one_of(st.sampled_from([*sorted(PATHS), *FIXED]), raw.map(lambda found: "/" + found)),
    st.sampled_from(METHODS),
)


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, str]:
    """A request line: mostly of a route and its method, else of anything."""
    routes = st.sampled_from(OPERATIONS)
    path, method = draw(st.one_of(routes, routes, routes, anything))
    for name in ("{part}", "{run_id}", "{filename}"):
        if name in path:
            path = path.replace(name, draw(pieces))
    pairs = draw(st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=3))
    query = "&".join(f"{name}={value}" for name, value in pairs)
    return method, path + ("?" + query if query else "")


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        built = build(patch, APP_ENVIRONMENT="sandbox")
        assert built.install().status_code == 204
        yield built


def ask(house: House, method: str, target: str, headers: dict[str, str], body: bytes) -> Any:
    """One request as a server hands it on, without a client that would tidy it first."""
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _decoded(path),
        "QUERY_STRING": query,
        "REQUEST_URI": target,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
    }
    environ |= {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()}
    pieces_, status, found = run_wsgi_app(house.app, environ)
    return int(status.split()[0]), found, b"".join(pieces_)


def _decoded(path: str) -> str:
    return unquote_to_bytes(path).decode("latin-1")


def check(answer: Any) -> None:
    status, headers, body = answer
    assert status != 500, body
    for name in ALWAYS:
        assert name in headers
    if status >= 400 and headers["Content-Type"].startswith("application/"):
        assert headers["Content-Type"] in ("application/problem+json", "application/json")


tokens = st.sampled_from(["JWT", "JWT", "Bearer", "Bearer", "event", "page", "none", "odd"])


@settings(
    max_examples=400,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(
    line=lines(),
    kind=tokens,
    odd=st.text(st.characters(max_codepoint=255), max_size=30),
    body=bodies,
)
@example(("GET", "/my-assets?jwt=%ff.%ff.%ff"), "none", "", b"")
@example(("GET", "http://[/x"), "none", "", b"")
@example(("PUT", "/api/settings/entra"), "JWT", "", b"[" * 200_000)
def test_nothing_is_answered_by_a_500(
    house: House, line: tuple[str, str], kind: str, odd: str, body: bytes
) -> None:
    method, target = line
    headers = {"Idempotency-Key": odd, "Accept": odd, "x-forge-oauth-user": odd} if odd else {}
    if kind == "JWT":
        headers["Authorization"] = f"JWT {context_token(sub='admin-1')}"
    elif kind == "Bearer":
        fit = house.forge.signer.token(principal="admin-1")
        headers |= {
            "Authorization": f"Bearer {fit}",
            "x-forge-oauth-system": house.forge.system(),
            "x-forge-oauth-user": odd or house.forge.user("admin-1"),
        }
    elif kind == "event":
        headers["Authorization"] = f"Bearer {house.forge.signer.event()}"
    elif kind == "page":
        headers["Authorization"] = f"JWT {page_token(target.partition('?')[0], sub='admin-1')}"
    elif kind == "odd":
        headers["Authorization"] = odd
    check(ask(house, method, target, headers, body))
