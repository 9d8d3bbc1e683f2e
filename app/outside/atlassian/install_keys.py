"""Atlassian's public keys of install and uninstall tokens, by key id.

Source: Atlassian, signed install callbacks: `GET {address}/{kid}` answers a PEM public key; a
rotated key has a new id, so a key may be kept for ever. An unknown id may be a stranger's flood:
fetches are bounded. Nothing but a good key is kept: what was wrong a moment ago may be right now.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import timedelta
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.callers.tokens import is_strong
from app.errors import ServiceFailed, ServiceTimedOut, ServiceUnreachable
from app.outside.allowance import Allowance
from app.outside.http import HttpCaller
from app.words import Clock

_MAX_KEY_BYTES: Final = 16 * 1024
_KEEP_AT_MOST: Final = 64
_AT_ONCE: Final = 30  # fetches, over all key ids
_EVERY: Final = timedelta(seconds=2)
_READ_SECONDS: Final = 2.0  # the whole of it three times that


class InstallKeyAddress:
    """`app.callers.connect.InstallKeys` over HTTP."""

    def __init__(self, http: HttpCaller, address: str, clock: Clock) -> None:
        self._http = http
        self._address = address
        self._kept: OrderedDict[str, RSAPublicKey] = OrderedDict()
        # Two allowances: a flood of strangers must not keep a known instance's uninstall out.
        self._of_known = Allowance(_AT_ONCE, _EVERY, clock)
        self._of_strangers = Allowance(_AT_ONCE, _EVERY, clock)
        self._lock = threading.Lock()

    def key(self, key_id: str, *, issuer_known: bool) -> RSAPublicKey | None:
        """The key; None if there is none of this id. `key_id` is safe to stand in an address.

        Raises ServiceUnreachable when the address fails, or when too many were asked for.
        """
        with self._lock:
            kept = self._kept.get(key_id)
        if kept is not None:
            return kept
        allowance = self._of_known if issuer_known else self._of_strangers
        if not allowance.spend():
            raise ServiceUnreachable(
                "Too many unknown keys were asked for; please try again.",
                retry_after=_EVERY.total_seconds(),
            )
        key = self._fetch(key_id)
        if key is not None:
            self._keep(key_id, key)
        return key

    def _keep(self, key_id: str, key: RSAPublicKey) -> None:
        with self._lock:
            self._kept[key_id] = key
            while len(self._kept) > _KEEP_AT_MOST:
                self._kept.popitem(last=False)

    def _fetch(self, key_id: str) -> RSAPublicKey | None:
        try:
            answer = self._http.send(
                "GET",
                f"{self._address}/{key_id}",
                allowed_origin=self._address,
                headers={"Accept": "*/*"},
                read_seconds=_READ_SECONDS,
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
    return key if is_strong(key) else None
