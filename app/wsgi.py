"""The production server: waitress. It reads requests outside its threads and keeps the raw path.

A client that sends its request slowly, or half of one, holds a socket and no thread. Bodies and
answers stay in memory: they may hold people's data, so nothing spills into a temporary file.
"""

from __future__ import annotations

import json
import secrets
import signal
import sys
from collections.abc import Mapping
from types import FrameType
from typing import Any, Final

import structlog
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer, create_server
from waitress.task import ErrorTask

THREADS: Final = 32  # they mostly wait for Atlassian; health must not wait behind them
IDLE_SECONDS: Final = 30  # without a byte in or out, a connection is closed
CONNECTIONS: Final = 1000
MAX_HEADER_BYTES: Final = 32 * 1024
MAX_BODY_BYTES: Final = 2 * 1024 * 1024  # above the app's own limits, so that they speak
_NEVER: Final = 1 << 30  # bytes: the size from which waitress would use a temporary file


def serve(app: Flask, host: str, port: int, headers: Mapping[str, str]) -> None:
    """Serve until SIGTERM or SIGINT; requests at work may end first.

    `headers` stand on what the server answers itself: to what is no HTTP, or too much of it.
    """
    # On the class: a name with several addresses gets several sockets, each a server of its own.
    TcpWSGIServer.channel_class = _channel(headers)
    server = create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=5,
        connection_limit=CONNECTIONS,
        max_request_header_size=MAX_HEADER_BYTES,
        max_request_body_size=MAX_BODY_BYTES,
        inbuf_overflow=_NEVER,
        outbuf_overflow=_NEVER,
        ident=None,
    )
    signal.signal(signal.SIGTERM, _end)
    structlog.get_logger().info("serving", address=f"{host}:{port}")
    server.run()


class _Parser(HTTPRequestParser):
    """An address that cannot be taken apart is a bad request; waitress would just hang up."""

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError:
            raise ParsingError("Bad address") from None


def _channel(headers: Mapping[str, str]) -> type[HTTPChannel]:
    class Problem(ErrorTask):
        """An error of the server's own as a problem; what was sent is not repeated."""

        def execute(self) -> None:
            request: Any = self.request  # the parser that failed; the stubs name another type
            code, reason = request.error.code, request.error.reason
            body = json.dumps(
                {"type": "about:blank", "title": reason, "status": code, "detail": "",
                 "request_id": secrets.token_hex(8), "problems": []}
            ).encode()  # fmt: skip
            self.status = f"{code} {reason}"
            kind = ("Content-Type", "application/problem+json")
            self.response_headers = [*self.response_headers, *headers.items(), kind]
            self.set_close_on_finish()
            self.content_length = len(body)
            self.write(body)

    class Channel(HTTPChannel):
        error_task_class = Problem
        parser_class = _Parser

    return Channel


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
