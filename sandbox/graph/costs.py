"""What a request costs in resource units, and a budget of them. Source: the throttling page."""

import math
import re
from collections.abc import Callable
from datetime import datetime

from sandbox.graph.options import Ask

WINDOW_SECONDS = 10
_BASE = (
    (re.compile(r"users"), 2),
    (re.compile(r"groups/[^/]+/transitiveMembers(/.*)?"), 5),
)


def units_of(ask: Ask) -> int:
    """The cost of one request: never below 1."""
    base = next((cost for path, cost in _BASE if path.fullmatch(ask.path)), 1)
    base -= "$select" in ask.options
    base += "$expand" in ask.options
    top = ask.options.get("$top", "")
    base -= top.isdecimal() and int(top) < 20
    return max(1, base)


class Budget:
    """A token bucket over ten seconds of the sandbox's clock."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.spent = 0
        self._clock = clock
        self._level = 0.0
        self._at = clock()

    def spend(self, units: int, limit: int | None) -> int:
        """Spend, or give the seconds to wait and spend nothing; 0 = spent."""
        if limit is None:
            self.spent += units
            return 0
        now = self._clock()
        drained = (now - self._at).total_seconds() * limit / WINDOW_SECONDS
        self._level, self._at = max(0.0, self._level - drained), now
        over = self._level + units - limit
        if over > 0:
            return max(1, math.ceil(over * WINDOW_SECONDS / limit))
        self._level += units
        self.spent += units
        return 0
