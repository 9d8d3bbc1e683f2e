"""Logs: one JSON object a line, made of an allow-list of fields. Everything else is dropped.

A field that is not declared here never reaches a line, so a person's name or a secret handed to
the logger by mistake stays out. Exceptions are logged by type and place, never by their text.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, Final, TextIO

import structlog

# What may stand in a line. `instance_id` and `site` are the only names of a customer.
FIELDS: Final = frozenset(
    {
        "at", "level", "event", "request_id", "method", "route", "status", "milliseconds",
        "instance_id", "site", "door", "cause", "run_id", "phase", "state", "reason", "part",
        "kind", "count", "made", "error", "where", "staff_id", "setting", "address",
    }
)  # fmt: skip
_MAX_TEXT: Final = 300

Event = MutableMapping[str, Any]


def configure(level: str, stream: TextIO | None = None) -> None:
    """Set up logging for this process. Libraries log warnings and worse, without their texts."""
    out = stream or sys.stdout
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _place_of_error,
            _only_declared,
            _as_line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(_LibraryFormatter())
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)


def audit_log() -> Any:  # noqa: ANN401 - a bound logger, whose class is made at run time
    """For lines that must be written whatever LOG_LEVEL is: who looked at something."""
    everything = structlog.make_filtering_bound_logger(logging.NOTSET)
    return structlog.wrap_logger(None, wrapper_class=everything)


def _place_of_error(_logger: object, _name: str, event: Event) -> Event:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = _where(error.__traceback__)
    return event


def _where(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-4:]
    return " < ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames)
    )


def _only_declared(_logger: object, _name: str, event: Event) -> Event:
    return {name: _plain(value) for name, value in event.items() if name in FIELDS}


def _plain(value: object) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    return str(value)[:_MAX_TEXT]


def _as_line(_logger: object, _name: str, event: Event) -> str:
    return json.dumps(event, ensure_ascii=True, sort_keys=True)


class _LibraryFormatter(logging.Formatter):
    """A library's message may hold an address or a header: only its name and level are kept."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "event": "library",
            "kind": record.name,
            "level": record.levelname.lower(),
        }
        if error is not None:
            line |= {"error": type(error).__name__, "where": _where(error.__traceback__)}
        return json.dumps(line, sort_keys=True)
