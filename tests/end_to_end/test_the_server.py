"""The server itself, over raw sockets: slow clients, odd requests, the wire's own path."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import requests

from tests.end_to_end.conftest import Life

pytestmark = pytest.mark.live


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def dial(life: Life, stack: ExitStack) -> socket.socket:
    parts = urlsplit(life.world.app_base_url)
    return stack.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=10))


def exchange(life: Life, stack: ExitStack, sent: bytes) -> str:
    line = dial(life, stack)
    line.sendall(sent)
    received = b""
    while piece := line.recv(65536):
        received += piece
        if b"\r\n\r\n" in received and b"problems" in received:
            break
    return received.decode("latin-1")


def test_sixty_half_open_requests_stop_nobody(life: Life, stack: ExitStack) -> None:
    for _ in range(60):
        dial(life, stack).sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n")
    assert requests.get(life.world.app_base_url + "/health/live", timeout=5).status_code == 200


def test_forty_slow_bodies_stop_nobody(life: Life, stack: ExitStack) -> None:
    head = b"POST /connect/installed HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"
    for _ in range(40):
        dial(life, stack).sendall(head)
    assert requests.get(life.world.app_base_url + "/health/live", timeout=5).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"garbage\r\n\r\n",
        b"GET http://[/garbage HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: x\r\n\r\na",
    ],
)
def test_what_the_server_refuses_itself_is_a_problem_with_all_headers(
    life: Life, stack: ExitStack, sent: bytes
) -> None:
    answer = exchange(life, stack, sent)
    status = int(answer.split(" ")[1])
    assert 400 <= status <= 501
    for header in ("Strict-Transport-Security", "nosniff", "frame-ancestors 'none'", "no-store",
                   "application/problem+json"):  # fmt: skip
        assert header in answer
    assert "aaaa" not in answer
    assert "garbage" not in answer


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        ("/my-assets", {200}),
        ("/my-assets/", {200}),  # the hash of the address is the same (facts, 1.6)
        ("/my%2Dassets", {401, 404}),
        ("//my-assets", {401, 404}),
    ],
)
def test_a_page_token_fits_only_the_path_on_the_wire(
    life: Life, stack: ExitStack, path: str, statuses: set[int]
) -> None:
    token = life.world.site.page_token(life.world.site.cast.employees[0], "GET", "/my-assets")
    line = dial(life, stack)
    line.sendall(
        f"GET {path}?jwt={token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    )
    assert int(line.recv(4096).split(b" ")[1]) in statuses
