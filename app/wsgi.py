"""The production server: gunicorn with threads, which hands over the request's raw path.

One process where imports run inside it: they and the scheduler must run once. Two where a queue
takes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger

THREADS: Final = 16
GRACE_SECONDS: Final = 10
KEEP_ALIVE_SECONDS: Final = 5


class _QuietLogger(Logger):
    """Leaves gunicorn's own lines to the root handler: JSON, without their texts."""

    def setup(self, cfg: Config) -> None:  # noqa: ARG002 - gunicorn's own signature
        self.error_log.propagate = True
        self.access_log.propagate = False


class _Server(BaseApplication):
    def __init__(self, load: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._load = load
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - gunicorn's union of WSGI and ASGI
        return self._load()


def serve(load: Callable[[], Flask], host: str, port: int, *, processes: int) -> None:
    """Serve until stopped. `load` builds the app inside each process, after the fork."""
    structlog.get_logger().info("serving", address=f"{host}:{port}", count=processes)
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": processes,
        "worker_class": "gthread",
        "threads": THREADS,
        "graceful_timeout": GRACE_SECONDS,
        "keepalive": KEEP_ALIVE_SECONDS,
        "timeout": 120,
        "limit_request_line": 8190,  # page tokens come in the query
        "limit_request_field_size": 16_380,
        "logger_class": _QuietLogger,
        "proc_name": "my-assets",
    }
    _Server(load, options).run()
