"""Stands for the name service and TLS in front of the gateway: calls of one loopback address reach
the API under its custom domain, path and query untouched.
"""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self

_NOT_PASSED: Final = frozenset(
    {"host", "connection", "transfer-encoding", "content-length", "server", "date"}
)


class Front:
    """A context manager: `address` is where the app's base URL points."""

    def __init__(self, host: str, port: int, domain: str, gateway: int) -> None:
        self._server = ThreadingHTTPServer((host, port), _handler(domain, gateway))
        self._server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(domain: str, gateway: int) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            called = http.client.HTTPConnection("127.0.0.1", gateway, timeout=120)
            try:
                called.putrequest(
                    self.command, self.path, skip_host=True, skip_accept_encoding=True
                )
                called.putheader("Host", domain)
                for name, value in self.headers.items():
                    if name.lower() not in _NOT_PASSED:
                        called.putheader(name, value)
                called.putheader("Content-Length", str(len(body)))
                called.endheaders(body)
                self._answer(called.getresponse())
            finally:
                called.close()

        def _answer(self, given: http.client.HTTPResponse) -> None:
            body = given.read()
            self.send_response_only(given.status)
            for name, value in given.getheaders():
                if name.lower() not in _NOT_PASSED:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing: query strings hold tokens."""

        do_GET = do_POST = do_PUT = do_DELETE = pass_on  # noqa: N815 - the server's names

    return Handler
