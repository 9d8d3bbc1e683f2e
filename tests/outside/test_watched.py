"""After the check says no, nothing leaves."""

from __future__ import annotations

import pytest

from app.errors import NotThere
from app.outside.http import Answer, HttpCaller
from app.outside.watched import WatchedCaller


class Inner(HttpCaller):
    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, method: str, url: str, **_: object) -> Answer:
        self.sent.append(f"{method} {url}")
        return Answer(200, {}, b"{}")


def test_each_call_is_checked_before_it_leaves() -> None:
    inner, alive = Inner(), [True]

    def check() -> None:
        if not alive[0]:
            raise NotThere("gone")

    watched = WatchedCaller(inner, check)
    assert watched.send("GET", "https://a/1", allowed_origin="https://a").status == 200
    alive[0] = False
    with pytest.raises(NotThere):
        watched.send("GET", "https://a/2", allowed_origin="https://a")
    assert inner.sent == ["GET https://a/1"]
