"""A strict KMS in memory, asked as boto3 asks: it enforces what AWS enforces and moto does not.

The context is bound pair by pair with lengths, key states and key policies count, a wrapped key
has 184 bytes, refusals have AWS's names, and every call is written down.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import ClientError, EndpointConnectionError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.outside.aws.kms import KmsDataKeys
from app.words import Json
from tests.stand_ins.key_policies import Request, allows
from tests.stand_ins.kms_blobs import PLAIN, NotOpened, unwrap, wrap

State = Literal["Enabled", "Disabled", "PendingDeletion"]
SETTINGS = "alias/my-assets-settings"
INSTANCE = "alias/my-assets-instance"
_MOST_CONTEXT = 8192
_ACCOUNT = "arn:aws:kms:eu-central-1:111122223333:"
_STATE_REFUSALS = {"Disabled": "DisabledException", "PendingDeletion": "KMSInvalidStateException"}


def role_arn(role: str) -> str:
    """Whom `as_role` calls as."""
    return f"arn:aws:iam::111122223333:role/my-assets-{role}"


@dataclass(frozen=True)
class Call:
    """One call as KMS saw it. `source` is the key that a ReEncrypt takes out of."""

    role: str
    operation: str
    key_id: str
    context: Mapping[str, str]
    source: str = ""


@dataclass
class _Key:
    arn: str
    material: bytes
    state: State = "Enabled"
    policy: Json | None = None  # None: whoever asks, as with no test of policies at all

    def wrap(self, plain: bytes, context: Mapping[str, str]) -> bytes:
        return wrap(self.arn, self.material, plain, context)

    def unwrap(self, blob: bytes, context: Mapping[str, str]) -> bytes:
        try:
            return unwrap(self.arn, self.material, blob, context)
        except NotOpened as error:
            raise _refusal(error.code) from None


class StrictKms(KmsDataKeys):
    """For the role `any`; `as_role` is another. `down`: no answers; `pause` runs in each call."""

    def __init__(self) -> None:
        super().__init__(StrictKmsClient(self, "any"))  # type: ignore[arg-type]
        self._keys: dict[str, _Key] = {}
        self._aliases: dict[str, str] = {}
        self._lock = threading.Lock()
        self.down = False
        self.pause: Callable[[], None] = lambda: None
        self.log: list[Call] = []
        self.add_key(SETTINGS)
        self.add_key(INSTANCE)

    @property
    def calls(self) -> Counter[str]:
        """How often each operation was called."""
        return Counter(call.operation for call in self.log)

    def add_key(self, alias: str, policy: Json | None = None) -> str:
        """A new key behind this alias; the ARN. A former key of the alias stays."""
        key_id = os.urandom(16).hex()
        arn = f"{_ACCOUNT}key/{key_id[:8]}-{key_id[8:12]}-{key_id[12:16]}-{key_id[16:]}"
        self._keys[arn] = _Key(arn, AESGCM.generate_key(256), policy=policy)
        self._aliases[alias] = arn
        return arn

    def set_state(self, key_id: str, state: State) -> None:
        """As an administrator of keys would."""
        self.key(key_id).state = state

    def put_policy(self, key_id: str, policy: Json | None) -> None:
        """As an administrator of keys would."""
        self.key(key_id).policy = policy

    def as_role(self, role: str) -> KmsDataKeys:
        """The same keys, called by another role."""
        return KmsDataKeys(self.client(role))  # type: ignore[arg-type]

    def client(self, role: str) -> StrictKmsClient:
        """What boto3 would give a process of this role."""
        return StrictKmsClient(self, role)

    def key(self, key_id: str) -> _Key:
        """The key behind an alias, id or ARN. Raises NotFoundException."""
        arn = self._aliases.get(key_id, key_id)
        arn = arn if arn.startswith("arn:") else f"{_ACCOUNT}key/{arn}"
        if arn not in self._keys:
            raise _refusal("NotFoundException")
        return self._keys[arn]

    def begin(self, call: Call) -> None:
        """Write a call down, and lose it if nobody answers."""
        with self._lock:
            self.log.append(call)
        self.pause()
        if self.down:
            raise EndpointConnectionError(endpoint_url="https://kms.example.com")


class StrictKmsClient:
    """The four calls of KMS that the app makes, with boto3's names and AWS's refusals."""

    def __init__(self, kms: StrictKms, role: str) -> None:
        self._kms = kms
        self._role = role

    def generate_data_key(self, **asked: Any) -> dict[str, Any]:
        key_id, spec, context = _only(asked, "KeyId", "KeySpec", "EncryptionContext")
        assert spec == "AES_256"
        key = self._asked("GenerateDataKey", key_id, context)
        plain = os.urandom(PLAIN)
        return {"Plaintext": plain, "CiphertextBlob": key.wrap(plain, context), "KeyId": key.arn}

    def decrypt(self, **asked: Any) -> dict[str, Any]:
        key_id, blob, context = _only(asked, "KeyId", "CiphertextBlob", "EncryptionContext")
        key = self._asked("Decrypt", key_id, context)
        return {"Plaintext": key.unwrap(blob, context), "KeyId": key.arn}

    def re_encrypt(self, **asked: Any) -> dict[str, Any]:
        """Both keys must agree: the source to give away, the destination to take in."""
        from_id, to_id, blob, context, new_context = _only(
            asked, "SourceKeyId", "DestinationKeyId", "CiphertextBlob",
            "SourceEncryptionContext", "DestinationEncryptionContext",
        )  # fmt: skip
        self._begin("ReEncrypt", to_id, new_context, source=from_id)
        source = self._allowed("ReEncryptFrom", from_id, context)
        target = self._allowed("ReEncryptTo", to_id, new_context)
        wrapped = target.wrap(source.unwrap(blob, context), new_context)
        return {"CiphertextBlob": wrapped, "SourceKeyId": source.arn, "KeyId": target.arn}

    def describe_key(self, **asked: Any) -> dict[str, Any]:
        (key_id,) = _only(asked, "KeyId")
        self._begin("DescribeKey", key_id, {})
        key = self._allowed("DescribeKey", key_id, {}, needs_enabled=False)
        return {"KeyMetadata": {"Arn": key.arn, "KeyState": key.state}}

    def _asked(self, operation: str, key_id: str, context: Mapping[str, str]) -> _Key:
        self._begin(operation, key_id, context)
        return self._allowed(operation, key_id, context)

    def _begin(
        self, operation: str, key_id: str, context: Mapping[str, str], source: str = ""
    ) -> None:
        self._kms.begin(Call(self._role, operation, key_id, dict(context), source))

    def _allowed(
        self, action: str, key_id: str, context: Mapping[str, str], *, needs_enabled: bool = True
    ) -> _Key:
        _check_context(context)
        key = self._kms.key(key_id)
        request = Request(role_arn(self._role), f"kms:{action}", context)
        if key.policy is not None and not allows(key.policy, request):
            raise _refusal("AccessDeniedException")
        if needs_enabled and key.state != "Enabled":
            raise _refusal(_STATE_REFUSALS[key.state])
        return key


def _only(asked: Mapping[str, Any], *names: str) -> list[Any]:
    """The values of exactly these parameters: an app that sends KMS more has sent too much."""
    assert set(asked) == set(names)
    return [asked[name] for name in names]


def _check_context(context: Mapping[str, str]) -> None:
    pieces = [piece for pair in context.items() for piece in pair]
    if any(not isinstance(piece, str) for piece in pieces):
        raise TypeError("a context holds texts only")
    if sum(len(piece) for piece in pieces) > _MOST_CONTEXT:
        raise _refusal("ValidationException")


def _refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "refused"}}, "KMS")
