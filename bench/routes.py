"""C9, C10: a verified route in process beside a bare Flask, and the page beside a slow Jira."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

import pytest
import requests
from flask import Flask
from werkzeug.test import EnvironBuilder

from bench.measure import SMALL, Figure, often, times
from tests.abuse.assets import ADA, connected
from tests.abuse.house import House, build, two_sites
from tests.stand_ins.atlassian import context_token, page_token
from tests.stand_ins.wire import Reply

COUNT = 50 if SMALL else 400
ASKS = 10 if SMALL else 60
UPSTREAM = 0.05


def figures() -> list[Figure]:
    with pytest.MonkeyPatch.context() as patch:
        house = build(patch)
        two_sites(house)
        hello = Flask("hello")
        hello.add_url_rule("/", "hello", lambda: {"hello": "world"})
        path = "/my-assets"
        ours = _call(house.app, f"{path}?jwt={page_token(path)}")
        ratio = times(often(ours, COUNT), often(_call(hello, "/"), COUNT))
        return [
            Figure("C9", "verified page / Flask hello", ratio, "x", 2.8, note="in process"),
            *_beside_jira(house),
        ]


def _call(app: Flask, path: str) -> Callable[[], None]:
    environ = EnvironBuilder(path=path).get_environ()

    def call() -> None:
        body = app.wsgi_app(dict(environ), lambda status, headers, info=None: None)
        b"".join(body)
        if hasattr(body, "close"):
            body.close()

    return call


def _beside_jira(house: House) -> list[Figure]:
    """What My Assets takes beyond the time in which at least one call upstream is under way."""
    with connected(house) as host:
        for number in range(20):
            host.add(ADA, f"Phone {number}")
        under_way: list[tuple[float, float]] = []
        _slow_down(house, under_way)
        extra, reads = [], house.table.calls["read"]
        for _ in range(ASKS):
            under_way.clear()
            began = time.monotonic()
            answer = house.send("GET", "/api/my-assets", context_token(sub=ADA))
            assert answer.status_code == 200
            extra.append((time.monotonic() - began - _covered(under_way)) * 1000)
        reads = house.table.calls["read"] - reads
    note = f"Assets and Jira answer after {UPSTREAM * 1000:.0f} ms; one at a time, warm"
    return [
        Figure("C10", "my assets beyond its upstream calls, p50", median(extra), "ms", 8,
               note=note),
        Figure("C10", "the same, p99", quantiles(extra, n=100)[98], "ms", 25),
        Figure("C10", "reads of the reference", reads / ASKS, "a request", 1),
    ]  # fmt: skip


def _slow_down(house: House, under_way: list[tuple[float, float]]) -> None:
    hosts = house.internet.hosts
    for name, handler in list(hosts.items()):

        def slow(request: requests.PreparedRequest, inner: Any = handler) -> Reply | Exception:
            began = time.monotonic()
            reply: Reply | Exception = inner(request)
            time.sleep(max(0.0, UPSTREAM - (time.monotonic() - began)))
            under_way.append((began, time.monotonic()))
            return reply

        hosts[name] = slow


def _covered(spans: list[tuple[float, float]]) -> float:
    """Seconds in which at least one of them was under way."""
    total, end = 0.0, 0.0
    for start, stop in sorted(spans):
        total += max(0.0, stop - max(start, end))
        end = max(end, stop)
    return total
