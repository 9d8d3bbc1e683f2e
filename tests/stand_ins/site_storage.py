"""Site storage in memory, with the limits of Connect app properties, writable by anybody.

`properties` is open on purpose: a test plays the attacker by changing it.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from typing import Literal

from app.errors import ServiceFailed, ServiceUnreachable

MOST_NAME = 127
MOST_VALUE = 32_768
MOST_PROPERTIES = 100


class InMemorySiteStorage:
    """`app.vault.ports.SiteStorage`. `calls` counts by method; `pause` runs inside each call."""

    def __init__(self) -> None:
        self.properties: dict[str, str] = {}
        self.calls: Counter[str] = Counter()
        self.pause: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._failures: list[tuple[str, str, BaseException]] = []

    def fail(
        self,
        method: str,
        when: Literal["before", "after"],
        error: BaseException | None = None,
    ) -> None:
        """The next such call fails once, before or after it took effect."""
        failure = error or ServiceUnreachable("The site did not answer.")
        self._failures.append((method, when, failure))

    def read(self, name: str) -> str | None:
        self._begin("read")
        with self._lock:
            found = self.properties.get(name)
        self._fail_if_asked("read", "after")
        return found

    def write(self, name: str, value: str) -> None:
        self._begin("write")
        with self._lock:
            self._check_fits(name, value)
            self.properties[name] = value
        self._fail_if_asked("write", "after")

    def delete(self, name: str) -> None:
        self._begin("delete")
        with self._lock:
            self.properties.pop(name, None)
        self._fail_if_asked("delete", "after")

    def names(self) -> list[str]:
        self._begin("names")
        with self._lock:
            found = list(self.properties)
        self._fail_if_asked("names", "after")
        return found

    def _check_fits(self, name: str, value: str) -> None:
        if not name or len(name) > MOST_NAME:
            raise ServiceFailed(f"a name has 1 to {MOST_NAME} characters")
        if not value or len(json.dumps(value)) > MOST_VALUE:
            raise ServiceFailed(f"a value has 1 to {MOST_VALUE} characters of JSON")
        if name not in self.properties and len(self.properties) >= MOST_PROPERTIES:
            raise ServiceFailed(f"there are {MOST_PROPERTIES} properties already")

    def _begin(self, method: str) -> None:
        with self._lock:
            self.calls[method] += 1
        self.pause()
        self._fail_if_asked(method, "before")

    def _fail_if_asked(self, method: str, when: str) -> None:
        with self._lock:
            for asked in self._failures:
                if asked[:2] == (method, when):
                    self._failures.remove(asked)
                    raise asked[2]
