"""The published document: every route of the table is in it, nothing else, sandbox only."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from openapi_spec_validator import validate

from app.doors.route_table import PUBLIC_ENDPOINTS, taken_by
from app.settings import read_settings
from tests.doors.conftest import World
from tests.doors.test_answers import fetch
from tests.stand_ins.atlassian import APP, APP_KEY

# What the route's guard takes, as the document says it.
SECURITY = {
    "api": [{"connectContext": []}, {"forgeInvocation": []}],
    "page": [{"connectPage": []}],
    "lifecycle": [{"connectLifecycle": []}],
    "forge event": [{"forgeInvocation": []}],
    "forge import": [{"forgeInvocation": []}],
    None: [],
}


@pytest.fixture
def sandbox(log_lines: io.StringIO) -> World:
    environ = {"APP_BASE_URL": APP, "APP_ENVIRONMENT": "sandbox"}
    return World(read_settings(environ, descriptor_key=APP_KEY))


@pytest.fixture
def document(sandbox: World) -> dict[str, Any]:
    response = fetch(sandbox, "/openapi.json")
    assert (response.status_code, response.content_type) == (200, "application/json")
    found: dict[str, Any] = sandbox.client.get("/openapi.json").get_json()
    return found


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_it_is_published_in_the_sandbox_only(world: World) -> None:
    response = world.client.get("/openapi.json")
    assert (response.status_code, response.content_type) == (404, "application/problem+json")


def test_it_is_a_valid_openapi_document(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_route_is_in_it_and_nothing_more(sandbox: World, document: dict[str, Any]) -> None:
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in sandbox.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
    }
    assert set(operations(document)) == routes


def test_each_route_names_the_token_that_its_guard_takes(
    sandbox: World, document: dict[str, Any]
) -> None:
    described = operations(document)
    for rule in sandbox.app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in (rule.methods or set()) - {"HEAD"}:
            kind = taken_by(sandbox.app, rule.endpoint)
            assert described[method, path]["security"] == SECURITY[kind], path
            assert (kind is None) == (rule.endpoint in PUBLIC_ENDPOINTS)


def test_every_guarded_operation_tells_its_refusals_as_problems(document: dict[str, Any]) -> None:
    for (method, path), operation in operations(document).items():
        answers = operation["responses"]
        assert ("401" in answers) == bool(operation["security"]), (method, path)
        assert "500" not in answers
        for status, answer in answers.items():
            if int(status) >= 400 and operation["security"]:
                assert "application/problem+json" in answer["content"]


def test_every_answer_names_its_headers(document: dict[str, Any]) -> None:
    for operation in operations(document).values():
        for answer in operation["responses"].values():
            assert {"Strict-Transport-Security", "Content-Security-Policy"} <= set(
                answer["headers"]
            )


def test_a_secret_is_written_and_never_read(document: dict[str, Any]) -> None:
    secrets = {"api_token", "client_secret", "container_token", "encryption_string"}
    found = {
        name: schema["properties"][name]
        for schema in document["components"]["schemas"].values()
        for name in secrets & set(schema.get("properties", {}))
    }
    assert set(found) == secrets
    for name, schema in found.items():
        assert "writeOnly" in repr(schema), name
