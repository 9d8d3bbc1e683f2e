"""The query hash (`qsh`) that binds a Connect token to one request.

Rules: Atlassian's "Understanding JWT for Connect apps", query string hash. The path and the query
are those of the wire: a decoded path would hash to something else.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final
from urllib.parse import quote, unquote_plus

CONTEXT_HASH: Final = "context-qsh"  # a context token's fixed value; good for API calls only


def query_hash(method: str, raw_path: str, raw_query: str, base_path: str = "") -> str:
    """The hash of one request as 64 hex digits.

    `raw_path` starts with `base_path` (the path of the app's or site's base URL) or not at all;
    `raw_query` comes without its question mark.
    """
    text = canonical_request(method, raw_path, raw_query, base_path)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def canonical_request(method: str, raw_path: str, raw_query: str, base_path: str = "") -> str:
    """`METHOD&path&query` in the one form that both sides hash."""
    return f"{method.upper()}&{_path(raw_path, base_path)}&{_query(raw_query)}"


def hashes_match(claimed: object, computed: str) -> bool:
    """Compare in constant time. Anything that is no short ASCII text does not match."""
    if not isinstance(claimed, str) or not claimed.isascii() or len(claimed) > len(computed):
        return False
    return hmac.compare_digest(claimed, computed)


def _path(raw_path: str, base_path: str) -> str:
    prefix = base_path.rstrip("/")
    path = raw_path
    if prefix and (path == prefix or path.startswith(prefix + "/")):
        path = path[len(prefix) :]
    path = path.replace("&", "%26")
    if not path.startswith("/"):
        path = "/" + path
    return path[:-1] if len(path) > 1 and path.endswith("/") else path


def _query(raw_query: str) -> str:
    values: dict[str, list[str]] = {}
    for pair in raw_query.split("&"):
        name, _, value = pair.partition("=")
        if pair and unquote_plus(name) != "jwt":
            values.setdefault(unquote_plus(name), []).append(unquote_plus(value))
    encoded = sorted(
        (_encode(name), ",".join(_encode(value) for value in sorted(each)))
        for name, each in values.items()
    )
    return "&".join(f"{name}={value}" for name, value in encoded)


def _encode(text: str) -> str:
    return quote(text, safe="-._~", errors="surrogatepass")
