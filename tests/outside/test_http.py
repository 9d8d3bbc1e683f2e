"""The one way out: to the named host, without redirects, bounded."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.errors import ServiceFailed, ServiceTimedOut, ServiceUnreachable
from app.outside.credentials import AppToken, Basic, Bearer
from app.outside.http import HttpCaller, origin_of
from app.words import Secret
from tests.stand_ins.clock import StoppedClock


class Odd(BaseHTTPRequestHandler):
    """Answers by path, in every way a caller should survive."""

    seen: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        type(self).seen.append((self.path, self.headers.get("Authorization")))
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/json")
            self.end_headers()
        elif self.path == "/slow":
            threading.Event().wait(1)
        elif self.path == "/drip-headers":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            self.drip(b"X: ")
        elif self.path == "/drip-body":
            self.send_response(200)
            self.end_headers()
            self.drip(b"[")
        elif self.path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"{")
        else:
            bodies = {"/json": b'{"a":1}', "/html": b"<html>", "/big": b"x" * 5000, "/none": b""}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(bodies[self.path])

    def drip(self, start: bytes) -> None:
        """A byte now and then, for longer than anybody should wait."""
        self.wfile.write(start)
        for _ in range(60):
            threading.Event().wait(0.05)
            try:
                self.wfile.write(b"1")
            except OSError:
                return

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    Odd.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def http() -> Iterator[HttpCaller]:
    caller = HttpCaller()
    yield caller
    caller.close()


def test_an_answer_is_read_whole(http: HttpCaller, url: str) -> None:
    answer = http.send("GET", f"{url}/json", allowed_origin=url)
    assert (answer.status, answer.json()) == (200, {"a": 1})


def test_E1_nothing_leaves_for_another_host(http: HttpCaller, url: str) -> None:
    for other in ("https://evil.test/json", url.replace("http:", "https:") + "/json",
                  f"http://user@{url[7:]}/json", "file:///etc/passwd", "http://[bad"):  # fmt: skip
        with pytest.raises(ServiceFailed):
            http.send("GET", other, allowed_origin=url, credential=Bearer(Secret("t")))
    assert Odd.seen == []


def test_E10_a_redirect_is_not_followed(http: HttpCaller, url: str) -> None:
    with pytest.raises(ServiceFailed):
        http.send("GET", f"{url}/redirect", allowed_origin=url, credential=Bearer(Secret("t")))
    assert [path for path, _ in Odd.seen] == ["/redirect"]


def test_too_much_is_refused(http: HttpCaller, url: str) -> None:
    with pytest.raises(ServiceFailed):
        http.send("GET", f"{url}/big", allowed_origin=url, max_bytes=4999)


def test_a_slow_answer_times_out(http: HttpCaller, url: str) -> None:
    with pytest.raises(ServiceTimedOut):
        http.send("GET", f"{url}/slow", allowed_origin=url, read_seconds=0.1)


def test_a_caller_has_a_patience_of_its_own(url: str) -> None:
    hasty = HttpCaller(read_seconds=0.1)
    with pytest.raises(ServiceTimedOut):
        hasty.send("GET", f"{url}/slow", allowed_origin=url)
    hasty.close()


@pytest.mark.parametrize("path", ["/drip-headers", "/drip-body"])
def test_a_dripping_answer_is_cut_off(http: HttpCaller, url: str, path: str) -> None:
    before = time.monotonic()
    with pytest.raises(ServiceTimedOut):
        http.send("GET", f"{url}{path}", allowed_origin=url, read_seconds=0.2)
    assert time.monotonic() - before < 2
    assert http.send("GET", f"{url}/json", allowed_origin=url).status == 200


def test_a_cut_answer_is_no_answer(http: HttpCaller, url: str) -> None:
    with pytest.raises(ServiceUnreachable):
        http.send("GET", f"{url}/cut", allowed_origin=url)


@pytest.mark.parametrize("path", ["/html", "/none"])
def test_what_is_not_json_is_not_believed(http: HttpCaller, url: str, path: str) -> None:
    answer = http.send("GET", f"{url}{path}", allowed_origin=url)
    with pytest.raises(ServiceFailed):
        answer.json()


def test_nobody_listening_is_unreachable(http: HttpCaller) -> None:
    with pytest.raises(ServiceUnreachable):
        http.send("GET", "http://127.0.0.1:9/", allowed_origin="http://127.0.0.1:9")


def test_proxies_and_netrc_of_the_environment_are_not_used(
    http: HttpCaller, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert http.send("GET", f"{url}/json", allowed_origin=url).status == 200


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://A.example.com/x?y", "https://a.example.com"),
        ("https://a.example.com:443", "https://a.example.com"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_an_origin_has_one_form(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_credentials_show_themselves_to_nobody() -> None:
    app = AppToken("k", "c", Secret("canary-x"), "https://a.atlassian.net", StoppedClock())
    for credential in (Basic("a@example.com", Secret("canary-x")), Bearer(Secret("canary-x")), app):
        assert "canary-x" not in repr(credential)
        assert "canary-x" not in repr(vars(credential))
    assert Basic("a@b.c", Secret("t")).authorization("GET", "https://x") == "Basic YUBiLmM6dA=="
