"""What an app keeps in a site: JSON values under names, within the published limits.

Any logged-in user may write here too, through the app's own frame. So does this stand-in.
"""

import json
import threading
from typing import Any

KEY_LIMIT = 127
VALUE_LIMIT = 32_768  # characters
COUNT_LIMIT = 100


class PropertyRefused(Exception):
    """A write goes over a limit."""


class Properties:
    """The properties of one app on one site."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.held: dict[str, Any] = {}

    def put(self, name: str, text: str) -> bool:
        """Keep a JSON text; whether the name is new. Raises PropertyRefused."""
        if not 0 < len(name) <= KEY_LIMIT:
            raise PropertyRefused(f"The property key must be 1 to {KEY_LIMIT} characters.")
        if not text.strip() or len(text) > VALUE_LIMIT:
            raise PropertyRefused(f"The value must be 1 to {VALUE_LIMIT} characters.")
        try:
            value = json.loads(text)
        except ValueError:
            raise PropertyRefused("The value is not valid JSON.") from None
        with self._lock:
            new = name not in self.held
            if new and len(self.held) >= COUNT_LIMIT:
                raise PropertyRefused(f"At most {COUNT_LIMIT} properties are allowed.")
            self.held[name] = value
        return new

    def delete(self, name: str) -> bool:
        """Forget a property; whether it was there."""
        with self._lock:
            return self.held.pop(name, self) is not self
