"""The key policies of the two KMS keys, as AWS reads them, generated from the role table.

They alone decide: no policy here hands a decision to IAM, so that no identity policy grants more.
Source of operators and keys: AWS KMS developer guide, "AWS KMS condition keys" (EncryptionContext
and EncryptionContextKeys), and "Key policies" (32 KB; who may still change a policy).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from app.vault.parts import Lock, Role
from app.vault.place import CONTEXT_KEYS
from app.vault.roles import OPERATIONS, ROLES, TABLE, Operation, granted
from app.words import Json

# A key in force makes and takes in; a previous one opens and gives away, and makes nothing more.
Standing = Literal["current", "previous"]

LARGEST: Final = 32 * 1024  # bytes, AWS's own limit of a key policy
_REWRAPPING: Final[tuple[Role, ...]] = ("rewrap-open", "rewrap-rest")
_ROLE_ARN: Final = re.compile(r"arn:aws(-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,512}")
_ACTIONS: Final[Mapping[Standing, Mapping[Operation, str]]] = {
    "current": {
        "make": "kms:GenerateDataKey",
        "open": "kms:Decrypt",
        "rewrap": "kms:ReEncryptTo",
    },
    "previous": {"open": "kms:Decrypt", "rewrap": "kms:ReEncryptFrom"},
}
# Everything about a key but its use. No grants: they would pass by the conditions below.
ADMINISTRATION: Final = (
    "CancelKeyDeletion", "CreateAlias", "DeleteAlias", "DescribeKey", "DisableKey",
    "DisableKeyRotation", "EnableKey", "EnableKeyRotation", "GetKeyPolicy", "GetKeyRotationStatus",
    "ListGrants", "ListKeyPolicies", "ListKeyRotations", "ListResourceTags", "PutKeyPolicy",
    "RevokeGrant", "RotateKeyOnDemand", "ScheduleKeyDeletion", "TagResource", "UntagResource",
    "UpdateAlias", "UpdateKeyDescription",
)  # fmt: skip
_USE: Final = (
    "CreateGrant", "Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom",
    "ReEncryptTo",
)  # fmt: skip

Arns = Mapping[Role, Sequence[str]]


def key_policy(lock: Lock, arns: Arns, app_key: str, standing: Standing = "current") -> Json:
    """The policy of this lock's key, in AWS's JSON. `arns` are the IAM roles behind each role.

    A role without an ARN gets nothing. Raises ValueError: no administrator, an ARN that is not
    one IAM role's, one of a role that uses
    keys and of one that must not, or more than 32 KB.
    """
    _check(arns)
    policy: Json = {
        "Version": "2012-10-17",
        "Statement": [
            *_administration(arns["key-administrator"]),
            *_look_up(lock, arns),
            *_use(lock, arns, app_key, standing),
        ],
    }
    size = len(json.dumps(policy).encode())
    if size > LARGEST:
        raise ValueError(f"the policy has {size} bytes; KMS takes {LARGEST}")
    return policy


def is_role_arn(text: str) -> bool:
    """Whether this names one IAM role, and not an account or everybody."""
    return _ROLE_ARN.fullmatch(text) is not None


def function_roles(lock: Lock) -> Iterator[Role]:
    """The roles that do anything with this lock's keys."""
    for role in ROLES:
        if any(granted(role, operation, lock) for operation in OPERATIONS):
            yield role


def _administration(administrators: Sequence[str]) -> Iterator[Json]:
    everything = [f"kms:{name}" for name in ADMINISTRATION]
    yield _statement("AdministratorsKeepTheKey", "Allow", administrators, everything)
    # Nothing below allows it; said all the same, so that a later statement cannot by mistake.
    never = [f"kms:{name}" for name in _USE]
    yield _statement("AdministratorsNeverUseIt", "Deny", administrators, never)


def _look_up(lock: Lock, arns: Arns) -> Iterator[Json]:
    """Which key an alias stands for: shows nothing of what a key protects, and has no context."""
    principals = sorted({arn for role in function_roles(lock) for arn in arns.get(role, ())})
    if principals:
        yield _statement("FunctionsLookItUp", "Allow", principals, ["kms:DescribeKey"])


def _use(lock: Lock, arns: Arns, app_key: str, standing: Standing) -> Iterator[Json]:
    for role in ROLES:
        for operation, action in _ACTIONS[standing].items():
            documents = granted(role, operation, lock)
            if documents and arns.get(role):
                sid = "".join(word.title() for word in (*role.split("-"), operation))
                statement = _statement(sid, "Allow", arns[role], [action])
                yield {**statement, "Condition": _only(app_key, sorted(documents))}


def _only(app_key: str, documents: Sequence[str]) -> Json:
    """The context has all of our keys and no other, and names this app and one of these."""
    prefix = "kms:EncryptionContext:"
    return {
        "StringEquals": {f"{prefix}app": app_key, f"{prefix}part": list(documents)},
        # True also of an empty context, hence the keys that must be there.
        "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": list(CONTEXT_KEYS)},
        "Null": {f"{prefix}{name}": "false" for name in CONTEXT_KEYS},
    }


def _statement(sid: str, effect: str, principals: Sequence[str], actions: Sequence[str]) -> Json:
    return {
        "Sid": sid,
        "Effect": effect,
        "Principal": {"AWS": sorted(principals)},
        "Action": list(actions),
        "Resource": "*",  # in a key policy: this key
    }


def _check(arns: Arns) -> None:
    if not arns.get("key-administrator"):
        raise ValueError("a key without an administrator could never be changed again")
    wrong = [arn for each in arns.values() for arn in each if not is_role_arn(arn)]
    if wrong:
        raise ValueError(f"not the ARN of one IAM role: {', '.join(sorted(wrong))}")
    functions = {arn for role in arns if _uses_keys(role) for arn in arns[role]}
    others = {arn for role in arns if not _uses_keys(role) for arn in arns[role]}
    for role in _REWRAPPING:
        elsewhere = {arn for other in arns if other != role for arn in arns[other]}
        if both := sorted(elsewhere & set(arns.get(role, ()))):
            raise ValueError(f"re-wraps and does more, and so could rename keys: {', '.join(both)}")
    if functions & others:
        named = ", ".join(sorted(functions & others))
        raise ValueError(f"in a role that uses keys and in one that must not: {named}")


def _uses_keys(role: Role) -> bool:
    powers = TABLE[role]
    return bool(powers.makes | powers.opens | powers.rewraps_inside | powers.rewraps_outside)
