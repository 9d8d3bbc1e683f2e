"""Whatever is sent, the app answers as its published document says: fuzzed from the document.

The whole app is behind it, with real wiring. Derandomised, so that a gate cannot fail by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.doors.published.routes import PATHS
from tests.abuse.house import House, build
from tests.stand_ins.atlassian import context_token, lifecycle_token, page_token

OPERATIONS = sorted((path, method) for path, methods in PATHS.items() for method in methods)


def taking(*schemes: str) -> list[tuple[str, str]]:
    """The operations that take exactly these kinds of token."""
    return [
        (path, method)
        for path, method in OPERATIONS
        if [name for each in PATHS[path][method]["security"] for name in each] == list(schemes)
    ]


PUBLIC = taking()
BY_API = taking("connectContext", "forgeInvocation")
BY_FORGE = taking("forgeInvocation")
BY_LIFECYCLE = taking("connectLifecycle")
BY_PAGE = taking("connectPage")
GUARDED = [*BY_API, *BY_FORGE, *BY_LIFECYCLE, *BY_PAGE]
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ADMIN = "admin-1"


def fuzz_settings(examples: int) -> settings:
    """Derandomised and bounded: the whole file takes half a minute."""
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """The whole app in the sandbox, installed through Connect."""
    with pytest.MonkeyPatch.context() as patch:
        built = build(patch, APP_ENVIRONMENT="sandbox")
        assert built.install().status_code == 204
        yield built


@pytest.fixture(scope="module")
def described(house: House) -> Any:
    """The document as it is published, but for its security: the tokens are the tests' own."""
    document = house.send("GET", "/openapi.json").get_json()
    del document["components"]["securitySchemes"]
    for methods in document["paths"].values():
        for operation in methods.values():
            del operation["security"]
    schema = schemathesis.openapi.from_dict(document)
    schema.app = house.app
    return schema


def can_be_wrong(path: str, method: str) -> bool:
    """Whether there is anything to get wrong: of a file's name every text is one."""
    operation = PATHS[path][method]
    return "requestBody" in operation or ("parameters" in operation and "/static/" not in path)


def fuzz(described: Any, operation: tuple[str, str], call: Any, *, examples: int) -> None:
    """Send what the document allows and what it does not; every answer must be a described one."""
    path, method = operation
    modes = [GenerationMode.POSITIVE]
    if can_be_wrong(path, method):
        modes.append(GenerationMode.NEGATIVE)
    for mode in modes:

        @fuzz_settings(examples)
        @given(case=described[path][method].as_strategy(generation_mode=mode))
        def send(case: Any) -> None:
            response = call(case)
            assert response.status_code != 500
            case.validate_response(response, checks=CHECKS)

        send()


@pytest.mark.parametrize("operation", GUARDED)
def test_a_caller_without_a_token_is_refused(described: Any, operation: tuple[str, str]) -> None:
    def call(case: Any) -> Any:
        response = case.call(headers={"Authorization": ""})
        assert response.status_code == 401
        return response

    fuzz(described, operation, call, examples=2)


@pytest.mark.parametrize("operation", PUBLIC)
def test_what_anybody_may_read_answers_as_described(
    described: Any, operation: tuple[str, str]
) -> None:
    fuzz(described, operation, lambda case: case.call(), examples=5)


@pytest.mark.parametrize("door", ["connect", "forge"])
@pytest.mark.parametrize("operation", BY_API)
def test_an_administrator_is_answered_as_described(
    house: House, described: Any, operation: tuple[str, str], door: str
) -> None:
    def call(case: Any) -> Any:
        case.headers = {"Idempotency-Key": key} if (key := idempotency_key(case)) else {}
        response = case.call(headers=api_headers(house, door))
        assert response.status_code != 401
        return response

    fuzz(described, operation, call, examples=12)


@pytest.mark.parametrize("door", ["connect", "forge"])
@pytest.mark.parametrize("path", ["/api/settings", "/api/imports", "/api/site"])
def test_the_whole_app_is_behind_it(house: House, path: str, door: str) -> None:
    response = house.send("GET", path, headers=api_headers(house, door))
    assert response.status_code == 200, response.get_data(as_text=True)


@pytest.mark.parametrize("operation", BY_FORGE)
def test_forge_is_answered_as_described(
    house: House, described: Any, operation: tuple[str, str]
) -> None:
    def call(case: Any) -> Any:
        case.headers = {}
        fit = house.forge.signer.event()
        response = case.call(
            headers={"Authorization": f"Bearer {fit}", "x-forge-oauth-system": house.forge.system()}
        )
        assert response.status_code != 401
        return response

    fuzz(described, operation, call, examples=12)


@pytest.mark.parametrize("operation", BY_LIFECYCLE)
def test_connects_lifecycle_is_answered_as_described(
    described: Any, operation: tuple[str, str]
) -> None:
    token = lifecycle_token(operation[0], iss="client-fuzzed")

    def call(case: Any) -> Any:
        return case.call(headers={"Authorization": f"JWT {token}"})

    fuzz(described, operation, call, examples=12)


@pytest.mark.parametrize("operation", BY_PAGE)
def test_a_page_is_answered_as_described(described: Any, operation: tuple[str, str]) -> None:
    token = page_token(operation[0], sub=ADMIN)

    def call(case: Any) -> Any:
        return case.call(headers={"Authorization": f"JWT {token}"})

    fuzz(described, operation, call, examples=3)


def idempotency_key(case: Any) -> str | None:
    """What was drawn for the key, where HTTP can carry it."""
    drawn = (case.headers or {}).get("Idempotency-Key")
    return drawn if isinstance(drawn, str) and drawn.isascii() and drawn.isprintable() else None


def api_headers(house: House, door: str) -> dict[str, str]:
    if door == "connect":
        return {"Authorization": f"JWT {context_token(sub=ADMIN)}"}
    return {
        "Authorization": f"Bearer {house.forge.signer.token(principal=ADMIN)}",
        "x-forge-oauth-system": house.forge.system(),
        "x-forge-oauth-user": house.forge.user(ADMIN),
    }
