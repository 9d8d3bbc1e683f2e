"""A strict KMS in memory: it enforces what AWS enforces and moto does not.

The context is bound pair by pair with lengths, key states and policies count, a wrapped key has
184 bytes, and every call is written down.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import ServiceUnreachable
from app.vault.ports import CannotOpen, DataKey
from app.words import Secret

State = Literal["Enabled", "Disabled", "PendingDeletion"]
SETTINGS = "alias/my-assets-settings"
INSTANCE = "alias/my-assets-instance"
_BLOB = 184  # bytes of a wrapped 256-bit data key, as AWS gives it
_ACCOUNT = "arn:aws:kms:eu-central-1:111122223333:"


@dataclass(frozen=True)
class Call:
    """One call as KMS saw it."""

    role: str
    operation: str
    key_id: str
    context: Mapping[str, str]


Policy = Callable[[Call], bool]


@dataclass
class _Key:
    material: bytes
    state: State = "Enabled"


class StrictKms:
    """`app.vault.ports.DataKeys` for the role `any`; `as_role` gives the same keys to another.

    `policy` decides on each call, `down` makes nobody answer, `pause` runs inside each call.
    """

    def __init__(self) -> None:
        self._keys: dict[str, _Key] = {}
        self._aliases: dict[str, str] = {}
        self._lock = threading.Lock()
        self.down = False
        self.policy: Policy = lambda _: True
        self.pause: Callable[[], None] = lambda: None
        self.log: list[Call] = []
        self.add_key(SETTINGS)
        self.add_key(INSTANCE)

    @property
    def calls(self) -> Counter[str]:
        """How often each operation was called."""
        return Counter(call.operation for call in self.log)

    def add_key(self, alias: str) -> str:
        """A new key behind this alias; the ARN. A former key of the alias stays."""
        key_id = os.urandom(16).hex()
        arn = f"{_ACCOUNT}key/{key_id[:8]}-{key_id[8:12]}-{key_id[12:16]}-{key_id[16:]}"
        self._keys[arn] = _Key(AESGCM.generate_key(256))
        self._aliases[alias] = arn
        return arn

    def set_state(self, key_id: str, state: State) -> None:
        """As an administrator of keys would."""
        self._keys[self._arn(key_id)].state = state

    def as_role(self, role: str) -> RoleOfKms:
        """The same keys, called by another role."""
        return RoleOfKms(self, role)

    def make(self, key_id: str, context: Mapping[str, str]) -> DataKey:
        return self.make_as("any", key_id, context)

    def open(self, key_id: str, wrapped: bytes, context: Mapping[str, str]) -> Secret:
        return self.open_as("any", key_id, wrapped, context)

    def resolve(self, key_id: str) -> str:
        return self.resolve_as("any", key_id)

    def make_as(self, role: str, key_id: str, context: Mapping[str, str]) -> DataKey:
        try:
            arn, key = self._begin(role, "GenerateDataKey", key_id, context)
        except CannotOpen:
            raise ServiceUnreachable("The key service refused to make a key.") from None
        plain, nonce = os.urandom(32), os.urandom(12)
        head = hashlib.sha256(arn.encode()).digest()[:16] + nonce
        filling = os.urandom(_BLOB - len(head) - 32 - 16)
        body = AESGCM(key.material).encrypt(nonce, plain, _bound(arn, context, filling))
        return DataKey(Secret(plain), head + filling + body, arn)

    def open_as(self, role: str, key_id: str, wrapped: bytes, context: Mapping[str, str]) -> Secret:
        arn, key = self._begin(role, "Decrypt", key_id, context)
        head, filling, body = wrapped[:28], wrapped[28:-48], wrapped[-48:]
        if len(wrapped) != _BLOB or head[:16] != hashlib.sha256(arn.encode()).digest()[:16]:
            raise CannotOpen
        try:
            plain = AESGCM(key.material).decrypt(head[16:], body, _bound(arn, context, filling))
        except InvalidTag:
            raise CannotOpen from None
        return Secret(plain)

    def resolve_as(self, role: str, key_id: str) -> str:
        return self._begin(role, "DescribeKey", key_id, {}, needs_enabled=False)[0]

    def _begin(
        self,
        role: str,
        operation: str,
        key_id: str,
        context: Mapping[str, str],
        *,
        needs_enabled: bool = True,
    ) -> tuple[str, _Key]:
        call = Call(role, operation, key_id, dict(context))
        with self._lock:
            self.log.append(call)
        self.pause()
        if self.down:
            raise ServiceUnreachable("The key service cannot be reached.")
        _check_context(context)
        arn = self._arn(key_id)
        key = self._keys[arn]
        if not self.policy(call) or (needs_enabled and key.state != "Enabled"):
            raise CannotOpen
        return arn, key

    def _arn(self, key_id: str) -> str:
        arn = self._aliases.get(key_id, key_id)
        arn = arn if arn.startswith("arn:") else f"{_ACCOUNT}key/{arn}"
        if arn not in self._keys:
            raise CannotOpen
        return arn


class RoleOfKms:
    """The key service as one role calls it."""

    def __init__(self, kms: StrictKms, role: str) -> None:
        self._kms = kms
        self._role = role

    def make(self, key_id: str, context: Mapping[str, str]) -> DataKey:
        return self._kms.make_as(self._role, key_id, context)

    def open(self, key_id: str, wrapped: bytes, context: Mapping[str, str]) -> Secret:
        return self._kms.open_as(self._role, key_id, wrapped, context)

    def resolve(self, key_id: str) -> str:
        return self._kms.resolve_as(self._role, key_id)


def _check_context(context: Mapping[str, str]) -> None:
    pairs = [(name, value) for name, value in context.items()]
    if any(not isinstance(piece, str) for pair in pairs for piece in pair):
        raise TypeError("a context holds texts only")
    if sum(len(piece) for pair in pairs for piece in pair) > 8192:
        raise ServiceUnreachable("The context is too large.")


def _bound(arn: str, context: Mapping[str, str], filling: bytes) -> bytes:
    pieces = [arn, *(piece for pair in sorted(context.items()) for piece in pair)]
    encoded = [piece.encode() for piece in pieces]
    return b"".join(len(piece).to_bytes(4, "big") + piece for piece in encoded) + filling
