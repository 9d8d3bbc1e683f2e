"""Logs: what is declared stands in a line, everything else stays out."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from app import logs
from app.words import Secret

CANARY = "canary-7f3a"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    structlog.contextvars.clear_contextvars()
    logs.configure("INFO", stream)
    yield stream
    logs.configure("ERROR", io.StringIO())


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_time_level_and_event(stream: io.StringIO) -> None:
    structlog.get_logger().info("request", status=200)
    (line,) = lines(stream)
    assert set(line) == {"at", "level", "event", "status"}
    assert line["at"].endswith("Z")


def test_a_field_that_is_not_declared_is_dropped(stream: io.StringIO) -> None:
    structlog.get_logger().info("request", email=CANARY, headers={"Authorization": CANARY})
    structlog.contextvars.bind_contextvars(account=CANARY)
    structlog.get_logger().info("request")
    structlog.contextvars.clear_contextvars()
    assert CANARY not in stream.getvalue()


def test_an_exception_is_logged_by_type_and_place(stream: io.StringIO) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        structlog.get_logger().exception("bug")
    (line,) = lines(stream)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["where"]
    assert CANARY not in stream.getvalue()


def test_a_secret_handed_to_a_declared_field_stays_hidden(stream: io.StringIO) -> None:
    structlog.get_logger().info("request", reason=Secret(CANARY))
    assert CANARY not in stream.getvalue()


def test_a_librarys_text_and_its_arguments_stay_out(stream: io.StringIO) -> None:
    library = logging.getLogger("urllib3.connectionpool")
    try:
        raise OSError(CANARY)
    except OSError:
        library.warning("GET /user?accountId=%s", CANARY, exc_info=True)
    (line,) = lines(stream)
    assert line["kind"] == "urllib3.connectionpool"
    assert line["error"] == "OSError"
    assert CANARY not in stream.getvalue()


def test_debug_output_of_libraries_is_off(stream: io.StringIO) -> None:
    logs.configure("DEBUG", stream)
    logging.getLogger("botocore.endpoint").debug("request body %s", CANARY)
    logging.getLogger("urllib3").debug("header %s", CANARY)
    assert stream.getvalue() == ""


def test_below_its_level_nothing_is_written(stream: io.StringIO) -> None:
    structlog.get_logger().debug("request")
    assert stream.getvalue() == ""
