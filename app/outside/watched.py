"""A caller that looks before each call whether it may still be made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.outside.http import Answer, HttpCaller


class WatchedCaller(HttpCaller):
    """Sends through another caller, after `check`, which raises when the instance is gone.

    An uninstall ends every right to speak to a site; a request may be in the middle of many calls.
    """

    def __init__(self, inner: HttpCaller, check: Callable[[], object]) -> None:
        self._inner = inner
        self._check = check

    def send(self, method: str, url: str, **how: Any) -> Answer:  # noqa: ANN401 - as HttpCaller.send
        """As `HttpCaller.send`; raises what `check` raises, and then nothing leaves."""
        self._check()
        return self._inner.send(method, url, **how)

    def close(self) -> None:
        """The inner caller is shared: who made it closes it."""
