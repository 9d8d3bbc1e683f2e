"""Next links and delta links: addresses with a sealed place in them, which nobody else can read."""

import base64
import hashlib
import hmac
import json
import secrets
import zlib
from typing import Any
from urllib.parse import quote

from sandbox.graph.errors import GraphError

_MARK = 12


class Links:
    """`base_url` is where this Graph listens. A token of another run is not accepted."""

    def __init__(self) -> None:
        self.base_url = ""
        self._key = secrets.token_bytes(32)

    def address(self, path: str, query: str, *, host: str | None = None) -> str:
        """An absolute address of this Graph, or of `host` in its place."""
        return f"{host or self.base_url}/v1.0/{path}" + (f"?{query}" if query else "")

    def seal(self, place: dict[str, Any]) -> str:
        """An opaque token, fit for a query string."""
        packed = zlib.compress(json.dumps(place, separators=(",", ":")).encode())
        return quote(base64.urlsafe_b64encode(self._mark(packed) + packed).decode(), safe="")

    def open(self, token: str) -> dict[str, Any]:
        """What was sealed. Raises GraphError for a token that is not from here."""
        try:
            both = base64.urlsafe_b64decode(token.encode())
        except ValueError:
            both = b""
        mark, packed = both[:_MARK], both[_MARK:]
        if not hmac.compare_digest(mark, self._mark(packed)):
            text = "The specified page token value has expired and can't be included in a query."
            raise GraphError(400, "Directory_ExpiredPageToken", text)
        place: dict[str, Any] = json.loads(zlib.decompress(packed))
        return place

    def _mark(self, packed: bytes) -> bytes:
        return hmac.new(self._key, packed, hashlib.sha256).digest()[:_MARK]
