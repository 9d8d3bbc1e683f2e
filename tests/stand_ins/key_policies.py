"""A small reader of AWS's policy JSON: Allow and Deny, Action, Principal, three operators.

It reads what a policy says, wildcards too, so that a policy that grants too much really does. An
operator or element it does not know is a fault of the test, never a silent yes or no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

_CONTEXT = "kms:EncryptionContext:"
_ELEMENTS = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}


class NotUnderstood(AssertionError):
    """The policy holds something that this reader does not read."""


@dataclass(frozen=True)
class Request:
    """One call as a policy sees it: who, what, and the encryption context."""

    principal: str  # the ARN of an IAM role
    action: str  # kms:Decrypt
    context: Mapping[str, str]


def allows(policy: Mapping[str, Any], request: Request) -> bool:
    """Whether this key policy, standing alone, lets the request through: a Deny always wins."""
    if policy.get("Version") != "2012-10-17" or set(policy) - {"Version", "Id", "Statement"}:
        raise NotUnderstood("the head of the policy")
    meant = [each for each in policy["Statement"] if _applies(each, request)]
    effects = {each["Effect"] for each in meant}
    if effects - {"Allow", "Deny"}:
        raise NotUnderstood("an effect")
    return effects == {"Allow"}


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    if set(statement) - _ELEMENTS or statement["Resource"] != "*":
        raise NotUnderstood("an element of a statement")
    return (
        _is_principal(statement["Principal"], request.principal)
        and any(_is_like(pattern, request.action) for pattern in _list(statement["Action"]))
        and all(
            _holds(operator, name, _list(values), request)
            for operator, names in statement.get("Condition", {}).items()
            for name, values in names.items()
        )
    )


def _is_principal(stated: Any, principal: str) -> bool:
    if stated == "*":
        return True
    if set(stated) != {"AWS"}:
        raise NotUnderstood("a principal")
    # The account's root stands for whatever IAM allows there: here, for everybody.
    return any(each in ("*", principal) or each.endswith(":root") for each in _list(stated["AWS"]))


def _is_like(pattern: str, action: str) -> bool:
    return fnmatchcase(action.lower(), pattern.lower())


def _holds(operator: str, name: str, wanted: list[str], request: Request) -> bool:
    found = _values(name, request)
    match operator:
        case "StringEquals":
            return len(found) == 1 and found[0] in wanted
        case "ForAllValues:StringEquals":
            return set(found) <= set(wanted)  # nothing at all is also all of them
        case "Null":
            return all((each == "true") is (not found) for each in wanted)
        case _:
            raise NotUnderstood(f"the operator {operator}")


def _values(name: str, request: Request) -> list[str]:
    if name == "kms:EncryptionContextKeys":
        return list(request.context)
    if not name.startswith(_CONTEXT):
        raise NotUnderstood(f"the condition key {name}")
    value = request.context.get(name.removeprefix(_CONTEXT))
    return [] if value is None else [value]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
