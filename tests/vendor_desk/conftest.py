"""One provider on loopback for all tests of the desk; a desk, a clock and a log for each."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from app import logs
from sandbox import staff
from tests.stand_ins.atlassian import NOW
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.desk import Browser, Desk, client_at_provider

_CLOCK = StoppedClock()


@pytest.fixture(scope="session")
def serving() -> Iterator[staff.StaffProvider]:
    one = staff.StaffProvider(_CLOCK)
    one.start()
    one.register(client_at_provider())
    yield one
    one.stop()


@pytest.fixture
def provider(serving: staff.StaffProvider) -> Iterator[staff.StaffProvider]:
    """As good as new, and at the beginning of time."""
    _CLOCK.now = NOW
    yield serving
    serving.document_changes, serving.token_changes, serving.header_changes = {}, {}, {}
    serving.forge = None
    serving.heal()
    serving.forget_calls()
    assert serving.slips == []


@pytest.fixture
def clock(provider: staff.StaffProvider) -> StoppedClock:
    return _CLOCK


@pytest.fixture
def desk(provider: staff.StaffProvider, clock: StoppedClock) -> Desk:
    return Desk(provider, clock)


@pytest.fixture
def browser(desk: Desk) -> Browser:
    return desk.browser()


class Log:
    """What was written, as text and as lines."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def lines(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in lines if line["event"] == event]

    def causes(self) -> list[str]:
        return [line["cause"] for line in self.lines("desk_turned_away")]


@pytest.fixture(autouse=True)
def log() -> Iterator[Log]:
    stream = io.StringIO()
    structlog.contextvars.clear_contextvars()
    logs.configure("INFO", stream)
    yield Log(stream)
    logs.configure("ERROR", io.StringIO())
