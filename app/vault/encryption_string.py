"""The Encryption String: the customer's half of every inner key, given by them or random.

Only what is derived from a given string is kept, never the string: people use one twice.
"""

from __future__ import annotations

import base64
import json
import threading
from typing import Any, Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.vault.ports import DATA_KEY_BYTES, CannotOpen
from app.words import Clock, RandomBytes, Secret

# RFC 9106, section 4: the memory of the second recommended choice.
_MEMORY_KIB: Final = 64 * 1024
_ITERATIONS: Final = 4
# One lane, one at a time: OpenSSL's shared threads hang when two derivations meet, and the memory
# of a flood of them stays that of one. Iterations make up for the lanes.
_LANES: Final = 1
_SALT_BYTES: Final = 16
_ONE_AT_A_TIME: Final = threading.Lock()


def given(text: Secret, clock: Clock, random: RandomBytes) -> Secret:
    """The document of a string that an administrator gave. Takes about a tenth of a second."""
    salt = random(_SALT_BYTES)
    derivation = Argon2id(
        salt=salt,
        length=DATA_KEY_BYTES,
        iterations=_ITERATIONS,
        lanes=_LANES,
        memory_cost=_MEMORY_KIB,
    )
    derived_by = {
        "name": "argon2id",
        "salt": _text(salt),
        "memory_kib": _MEMORY_KIB,
        "iterations": _ITERATIONS,
        "lanes": _LANES,
    }
    with _ONE_AT_A_TIME:
        key = Secret(derivation.derive(text.reveal()))
    return _document(key, clock, derived_by)


def drawn(clock: Clock, random: RandomBytes) -> Secret:
    """The document of a random string."""
    return _document(Secret(random(DATA_KEY_BYTES)), clock, None)


def key_of(document: Secret) -> Secret:
    """The key that inner keys are derived from. Raises CannotOpen."""
    try:
        key = base64.b64decode(json.loads(document.reveal())["key"], validate=True)
    except (ValueError, KeyError, TypeError):
        raise CannotOpen from None
    if len(key) != DATA_KEY_BYTES:
        raise CannotOpen
    return Secret(key)


def shown(document: Secret) -> Secret:
    """What may be seen of it, as JSON: `{"given": bool, "changed_at": ISO 8601}`."""
    fields = json.loads(document.reveal())
    seen = {"given": fields["derived_by"] is not None, "changed_at": fields["changed_at"]}
    return Secret(json.dumps(seen))


def _document(key: Secret, clock: Clock, derived_by: dict[str, Any] | None) -> Secret:
    fields = {
        "key": _text(key.reveal()),
        "derived_by": derived_by,
        "changed_at": clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return Secret(json.dumps(fields, separators=(",", ":")))


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
