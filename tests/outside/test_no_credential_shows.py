"""A failed call, told with every local name on its way: no credential is among them."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator

import pytest

from app.errors import AppError
from app.outside.credentials import Basic
from app.outside.http import HttpCaller
from app.outside.microsoft.entra import EntraLogin
from app.words import Secret
from tests.stand_ins.key_server import KeyServer, status

CANARY = "canary-0c3e"
TENANT, CLIENT = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with KeyServer() as server:
        yield server


def told(call: Callable[[], object]) -> str:
    with pytest.raises(AppError) as error:
        call()
    shown = traceback.TracebackException.from_exception(error.value, capture_locals=True)
    return "".join(shown.format())


def with_basic(http: HttpCaller, url: str) -> Callable[[], object]:
    credential = Basic("ada@example.com", Secret(CANARY))
    return lambda: http.send("GET", f"{url}/x", allowed_origin=url, credential=credential)


def to_entra(http: HttpCaller, url: str) -> Callable[[], object]:
    login = EntraLogin(http, url)
    return lambda: login.token(TENANT, CLIENT, Secret(CANARY), "scope/.default")


@pytest.mark.parametrize("calls", [with_basic, to_entra])
@pytest.mark.parametrize("answer", [302, None])
def test_a_call_that_fails_shows_no_credential(
    server: KeyServer, calls: Callable[[HttpCaller, str], Callable[[], object]], answer: int | None
) -> None:
    http = HttpCaller()
    call = calls(http, server.url)
    if answer is None:
        server.close()
    else:
        server.answer = status(answer)
    shown = told(call)
    http.close()
    assert "app/outside/" in shown
    encoded = Basic("ada@example.com", Secret(CANARY)).authorization("GET", "")
    assert encoded not in shown
    assert CANARY not in shown.replace(f"CANARY = '{CANARY}'", "")
