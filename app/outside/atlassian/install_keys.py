"""Atlassian's public keys of install and uninstall tokens, by key id.

Source: Atlassian, signed install callbacks: `GET {address}/{kid}` answers a PEM public key; a
rotated key has a new id, so a key may be kept for ever. An unknown id may be a stranger's flood:
fetches are bounded, and nothing that is no RSA key of 2048 bits or more is kept or used.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.callers.tokens import MIN_RSA_BITS
from app.errors import ServiceFailed, ServiceTimedOut, ServiceUnreachable
from app.outside.http import HttpCaller
from app.words import Clock

_MAX_KEY_BYTES: Final = 16 * 1024
_KEEP_AT_MOST: Final = 64
_FETCHES: Final = 30  # in each window, over all key ids
_WINDOW: Final = timedelta(minutes=1)
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


class InstallKeyAddress:
    """`app.callers.connect.InstallKeys` over HTTP."""

    def __init__(self, http: HttpCaller, address: str, clock: Clock) -> None:
        self._http = http
        self._address = address
        self._clock = clock
        self._kept: OrderedDict[str, RSAPublicKey] = OrderedDict()
        # Two budgets: a flood of strangers must not keep a known instance's uninstall out.
        self._fetched: dict[bool, deque[datetime]] = {True: deque(), False: deque()}
        self._unknown: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def key(self, key_id: str, *, issuer_known: bool) -> RSAPublicKey | None:
        """The key; None if there is none of this id. `key_id` is safe to stand in an address.

        Raises ServiceUnreachable when the address fails, or when too many were asked for.
        """
        with self._lock:
            if key_id in self._kept:
                return self._kept[key_id]
            if self._clock() - self._unknown.get(key_id, _LONG_AGO) < _WINDOW:
                return None
            self._spend_fetch(self._fetched[issuer_known])
        key = self._fetch(key_id)
        with self._lock:
            if key is not None:
                self._kept[key_id] = key
            else:
                self._unknown[key_id] = self._clock()
            for cache in (self._kept, self._unknown):
                while len(cache) > _KEEP_AT_MOST:
                    cache.popitem(last=False)
        return key

    def _spend_fetch(self, fetched: deque[datetime]) -> None:
        now = self._clock()
        while fetched and now - fetched[0] >= _WINDOW:
            fetched.popleft()
        if len(fetched) >= _FETCHES:
            raise ServiceUnreachable("Too many unknown keys were asked for; please try again.")
        fetched.append(now)

    def _fetch(self, key_id: str) -> RSAPublicKey | None:
        try:
            answer = self._http.send(
                "GET",
                f"{self._address}/{key_id}",
                allowed_origin=self._address,
                headers={"Accept": "*/*"},
                read_seconds=5,
                max_bytes=_MAX_KEY_BYTES,
            )
        except (ServiceUnreachable, ServiceTimedOut):
            raise ServiceUnreachable("Atlassian's keys cannot be reached.") from None
        except ServiceFailed:  # a redirect, or more than a key
            return None
        if answer.status >= 500 or answer.status == 429:
            raise ServiceUnreachable("Atlassian's keys cannot be reached.")
        return _rsa_key(answer.body) if answer.status == 200 else None


def _rsa_key(body: bytes) -> RSAPublicKey | None:
    try:
        key = load_pem_public_key(body)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, RSAPublicKey) or key.key_size < MIN_RSA_BITS:
        return None
    return key
