"""What a step is, and how it looks: it says what it saw, or that it was not so."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

Step = tuple[str, Callable[[], str]]


class NotSo(AssertionError):
    """What a step saw and should not have."""


def eventually(look: Callable[[], Any], seconds: float) -> Any:
    until = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > until:
            raise NotSo(f"not within {seconds:.0f} seconds")
        time.sleep(1)
    return found


def must(so: bool, otherwise: str) -> None:
    if not so:
        raise NotSo(otherwise)
