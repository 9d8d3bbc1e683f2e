"""A total deadline for one HTTP call, headers and body together.

Time-outs of sockets count from the last byte: an answer that drips never meets one. Here the
socket itself is shut when the time is over, and whoever reads from it fails.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_present: Final = threading.local()  # the Deadline of the call that this thread is making


class Deadline:
    """`with Deadline(seconds) as over:` around a call; afterwards `over.passed` says which end."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        _present.deadline = self
        self._timer.start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._timer.cancel()
        _present.deadline = None

    def watch(self, used: socket.socket) -> None:
        """Shut this one when the time is over."""
        self._sockets.append(used)
        if self.passed:
            _shut(used)

    def _pass(self) -> None:
        self.passed = True
        for used in list(self._sockets):
            _shut(used)


class DeadlineAdapter(HTTPAdapter):
    """Makes connections that tell the present deadline which socket they use."""

    def init_poolmanager(self, *sizes: Any, **more: Any) -> None:  # noqa: ANN401 - as requests has it
        super().init_poolmanager(*sizes, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Connection(HTTPConnection):
    def request(self, *parts: Any, **named: Any) -> None:  # noqa: ANN401 - as urllib3 has it
        super().request(*parts, **named)
        _tell(self.sock)


class _SecureConnection(HTTPSConnection):
    def request(self, *parts: Any, **named: Any) -> None:  # noqa: ANN401 - as urllib3 has it
        super().request(*parts, **named)
        _tell(self.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def _tell(used: socket.socket | None) -> None:
    deadline: Deadline | None = getattr(_present, "deadline", None)
    if deadline is not None and used is not None:
        deadline.watch(used)


def _shut(used: socket.socket) -> None:
    with suppress(OSError):
        used.shutdown(socket.SHUT_RDWR)
