"""The connections of a service: without delay, without chatter, and closed when it stops."""

import socket
from typing import Any

from werkzeug.serving import WSGIRequestHandler


class QuietHandler(WSGIRequestHandler):
    """Serves one connection and keeps it in the server's `open_connections` while it is open."""

    disable_nagle_algorithm = True  # two small writes an answer would wait 40 ms for each other

    def setup(self) -> None:
        super().setup()
        self.server.open_connections.add(self.connection)  # type: ignore[attr-defined]

    def finish(self) -> None:
        self.server.open_connections.discard(self.connection)  # type: ignore[attr-defined]
        super().finish()

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing: a test reads the call log instead."""


def shut(connection: socket.socket) -> None:
    """Close a connection both ways, at once."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster
