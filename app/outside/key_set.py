"""The public keys that somebody signs tokens with: one key set (JWKS), fetched rarely and kept.

An unknown key id may be a new key or a stranger's flood: fetches are bounded. An address that fails
takes no good key away.
"""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from app.callers.tokens import is_strong
from app.errors import ServiceFailed, ServiceUnreachable
from app.outside.allowance import Allowance
from app.outside.http import HttpCaller
from app.words import Clock

_YOUNG: Final = timedelta(hours=1)
_TOO_OLD: Final = timedelta(hours=24)  # a key that was withdrawn must not outlive every failure
_AT_ONCE: Final = 10  # fetches; enough for a key that changes just after the last one
_EVERY: Final = timedelta(seconds=10)
_MAX_BYTES: Final = 64 * 1024  # six keys are 3 KB
_MAX_KEYS: Final = 100
_READ_SECONDS: Final = 1.5  # the whole of it three times that: an event is answered within 5 s
_PATIENCE_SECONDS: Final = 1.0  # for a fetch that another call has begun
_NUMBER: Final = re.compile(r"[A-Za-z0-9_-]{1,1400}={0,2}")  # 8,192 bits and a little

_log = structlog.get_logger()


@dataclass(frozen=True)
class _KeySet:
    keys: Mapping[str, RSAPublicKey]
    at: datetime


class KeySetAddress:
    """`app.callers.forge.ForgeKeys` and `app.callers.staff.StaffKeys` over HTTP.

    `owner` is who signs, for the sentences of errors.
    """

    def __init__(self, http: HttpCaller, address: str, clock: Clock, owner: str) -> None:
        self._http = http
        self._address = address
        self._owner = owner
        self._clock = clock
        self._kept: _KeySet | None = None
        self._allowance = Allowance(_AT_ONCE, _EVERY, clock)
        self._answers = True  # whether the last fetch brought a good set
        self._fetches = 0
        self._fetching = threading.Lock()

    def key(self, key_id: str) -> RSAPublicKey | None:
        """The key; None if the set has none of this id.

        Raises ServiceUnreachable when nobody can say: no good set, or none new enough to deny it.
        """
        before = self._fetches
        kept = self._usable(key_id, _YOUNG)
        if kept is not None:
            return kept
        # A key that is only old can be used meanwhile; an unknown one waits for the answer.
        waits = 0.0 if self._usable(key_id, _TOO_OLD) is not None else _PATIENCE_SECONDS
        settled = self._fetch_once(before, waits)
        kept = self._usable(key_id, _TOO_OLD)
        if kept is None and not (settled and self._answers):
            raise ServiceUnreachable(f"The keys of {self._owner} cannot be reached.")
        return kept

    def _usable(self, key_id: str, age: timedelta) -> RSAPublicKey | None:
        kept = self._kept
        if kept is None or self._clock() - kept.at >= age:
            return None
        return kept.keys.get(key_id)

    def _fetch_once(self, before: int, waits: float) -> bool:
        """Fetch, unless another call has done so since. False: another is still at it."""
        if not self._fetching.acquire(timeout=waits):
            return False
        try:
            if self._fetches == before and self._allowance.spend():
                self._fetch()
        finally:
            self._fetching.release()
        return True

    def _fetch(self) -> None:
        now = self._clock()
        self._answers = False
        try:
            self._kept = _KeySet(self._read(), now)
            self._answers = True
        except ServiceFailed as fault:
            _log.warning("keys_failed", reason=type(fault).__name__)
        self._fetches += 1

    def _read(self) -> Mapping[str, RSAPublicKey]:
        answer = self._http.send(
            "GET",
            self._address,
            allowed_origin=self._address,
            read_seconds=_READ_SECONDS,
            max_bytes=_MAX_BYTES,
        )
        if answer.status != 200:
            raise ServiceFailed(f"The keys of {self._owner} cannot be reached.")
        return _key_set(answer.json())


def _key_set(document: object) -> Mapping[str, RSAPublicKey]:
    """The usable keys by id. Raises ServiceFailed: no key set, or none that can be used."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > _MAX_KEYS:
        raise ServiceFailed("What should be a key set is none.")
    found: dict[str, RSAPublicKey] = {}
    for each in listed:
        key = _rsa_key(each) if isinstance(each, dict) else None
        if key is not None:
            found.setdefault(each["kid"], key)
    if not found:
        raise ServiceFailed("A key set holds no key that can be used.")
    return found


def _rsa_key(each: dict[str, object]) -> RSAPublicKey | None:
    if each.get("kty") != "RSA" or not isinstance(each.get("kid"), str):
        return None
    if each.get("use", "sig") != "sig" or each.get("alg", "RS256") != "RS256":
        return None
    try:
        key = RSAPublicNumbers(_number(each.get("e")), _number(each.get("n"))).public_key()
    except ValueError:
        return None
    return key if is_strong(key) else None


def _number(text: object) -> int:
    """A number of a key, padded or not. Raises ValueError."""
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise ValueError("not a number of a key")
    bare = text.rstrip("=")
    return int.from_bytes(base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4)))
