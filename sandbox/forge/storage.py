"""Forge's key-value store, one for each installation, within its published limits.

Source: developer.atlassian.com, Forge storage, "Key-Value Store" and its limits; npm @forge/kvs.
"""

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

KEY_SHAPE = re.compile(r"(?!\s+$)[a-zA-Z0-9:._\s\-#]+")
KEY_LIMIT = 500
VALUE_LIMIT = 240 * 1024  # bytes
DEPTH_LIMIT = 31
LIST_LIMIT = 99
TRANSACTION_LIMIT = 25
TRANSACTION_BYTES = 4 * 1024 * 1024
_SECONDS = {"SECONDS": 1, "MINUTES": 60, "HOURS": 3600, "DAYS": 86_400}


class StorageRefused(Exception):
    """A call is refused with this status and code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True)
class Kept:
    """One value as text, and when it goes by itself."""

    text: str
    expires_at: float | None = None


class Storage:
    """What one installation keeps. `held` is for a test's eyes: values as JSON texts by key."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, Kept] = {}

    @property
    def held(self) -> dict[str, str]:
        """Every value that has not expired."""
        now = self._clock()
        with self._lock:
            return {
                key: one.text
                for key, one in sorted(self._kept.items())
                if one.expires_at is None or one.expires_at > now
            }

    def get(self, key: str) -> Any:
        """A value. Raises StorageRefused."""
        checked = checked_key(key)
        if checked not in self.held:
            raise StorageRefused(404, "KEY_NOT_FOUND", "Provided key does not exist")
        return json.loads(self.held[checked])

    def put(self, key: str, value: Any, options: Mapping[str, Any]) -> None:
        """Keep a value. Raises StorageRefused."""
        made = Kept(checked_value(value), self._expiry(options.get("ttl")))
        checked = checked_key(key)
        if options.get("keyPolicy") == "FAIL_IF_EXISTS" and checked in self.held:
            raise StorageRefused(409, "KEY_ALREADY_EXISTS", "Provided key already exists")
        with self._lock:
            self._kept[checked] = made

    def delete(self, key: str) -> None:
        """Forget a value. Raises StorageRefused if there is none."""
        self.get(key)
        with self._lock:
            self._kept.pop(key, None)

    def begins_with(self, prefix: str, after: str, limit: int) -> tuple[list[str], str | None]:
        """Keys in order after a cursor, and the next cursor."""
        keys = [k for k in self.held if k.startswith(prefix) and k > after]
        page = keys[:limit]
        return page, page[-1] if len(keys) > limit else None

    def _expiry(self, ttl: Any) -> float | None:
        if ttl is None:
            return None
        if not isinstance(ttl, dict) or ttl.get("unit") not in _SECONDS:
            raise StorageRefused(400, "INVALID_TTL", "ttl needs value and unit")
        return self._clock() + int(ttl["value"]) * _SECONDS[ttl["unit"]]


def checked_key(key: Any) -> str:
    """A key that may be used. Raises StorageRefused."""
    if not isinstance(key, str) or not key:
        raise StorageRefused(400, "KEY_TOO_SHORT", "key must have at least 1 character")
    if len(key) > KEY_LIMIT:
        raise StorageRefused(400, "KEY_TOO_LONG", f"key must have at most {KEY_LIMIT} characters")
    if not KEY_SHAPE.fullmatch(key):
        raise StorageRefused(400, "INVALID_KEY", "key has a character that is not allowed")
    return key


def checked_value(value: Any) -> str:
    """A value as text. Raises StorageRefused."""
    if value is None:
        raise StorageRefused(400, "INVALID_VALUE", "value is required")
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode()) > VALUE_LIMIT:
        raise StorageRefused(400, "MAX_SIZE", f"value is larger than {VALUE_LIMIT} bytes")
    if _depth(value) > DEPTH_LIMIT:
        raise StorageRefused(400, "MAX_DEPTH", f"value is nested deeper than {DEPTH_LIMIT}")
    return text


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(each) for each in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(each) for each in value), default=0)
    return 0
