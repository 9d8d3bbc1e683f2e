"""One IAM role for each function, each re-wrapping identity and the vendor's desk.

They are made before what they touch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from app.words import Json
from infra.deployment import Deployment
from infra.people import DESK, REWRAP, ROWS, Name
from infra.powers import POWERS, Power, Thing

Roles = Mapping[Name, iam.CfnRole]


@dataclass(frozen=True)
class Things:
    """The ARNs that the powers are about: `logs` by function."""

    arns: Mapping[Thing, str]
    logs: Mapping[Name, str]
    keys: Sequence[str]


def add_roles(stack: Stack, deployment: Deployment) -> Roles:
    """The roles, empty as yet: the keys' policies name them, and KMS wants them to be there."""
    roles: dict[Name, iam.CfnRole] = {}
    for function in ROWS:
        trusted = _statement(["sts:AssumeRole"], principal={"Service": "lambda.amazonaws.com"})
        roles[function] = _role(stack, deployment, function, trusted)
    for name in REWRAP:
        trusted = _statement(["sts:AssumeRole"], principal={"AWS": list(deployment.operators)})
        trusted["Condition"] = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
        roles[name] = _role(stack, deployment, name, trusted)
    if deployment.desk_hosts:
        # Machines take it on, and have no second factor; the desk asks its staff for one.
        trusted = _statement(["sts:AssumeRole"], principal={"AWS": list(deployment.desk_hosts)})
        roles[DESK] = _role(stack, deployment, DESK, trusted)
    return roles


def add_powers(stack: Stack, roles: Roles, things: Things) -> Mapping[Name, iam.CfnPolicy]:
    """Fill them: what stands in `infra/powers.py`, a function's own log, and one denial."""
    made: dict[Name, iam.CfnPolicy] = {}
    for name, role in roles.items():
        statements = [_allowed(each, things) for each in POWERS[name]]
        if name in things.logs:
            write = ["logs:CreateLogStream", "logs:PutLogEvents"]
            statements.append(_statement(write, resource=things.logs[name]))
        if name in REWRAP:
            statements.append(_only_into_ours(things.keys))
        made[name] = iam.CfnPolicy(
            stack,
            f"{_titled(name)}Powers",
            policy_name=f"{name}-powers",
            roles=[role.ref],
            policy_document={"Version": "2012-10-17", "Statement": statements},
        )
    return made


def _allowed(power: Power, things: Things) -> Json:
    statement = _statement(list(power.actions), resource=things.arns[power.thing])
    if not power.columns:
        return statement
    # Source: Amazon DynamoDB developer guide, "Using IAM policy conditions for fine-grained access
    # control". `ForAllValues` is true also of a call that names no column and wants them all.
    columns = "dynamodb:Attributes"
    condition = {
        "ForAllValues:StringEquals": {columns: list(power.columns)},
        "Null": {columns: "false"},
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
    }
    return {**statement, "Condition": condition}


def _only_into_ours(keys: Sequence[str]) -> Json:
    """Else a holder who may make KMS keys, too, could wrap data keys into one of their own."""
    return {
        "Sid": "WrapsIntoNoOtherKey",
        "Effect": "Deny",
        "Action": ["kms:ReEncryptTo"],
        "NotResource": list(keys),
    }


def _role(stack: Stack, deployment: Deployment, name: str, trusted: Json) -> iam.CfnRole:
    return iam.CfnRole(
        stack,
        f"{_titled(name)}Role",
        role_name=deployment.role_name(name),
        description=f"{deployment.name}: {name}, and nothing else",
        assume_role_policy_document={"Version": "2012-10-17", "Statement": [trusted]},
    )


def _statement(
    actions: list[str], *, resource: str | None = None, principal: Json | None = None
) -> Json:
    about = {"Resource": resource} if resource is not None else {"Principal": principal}
    return {"Effect": "Allow", "Action": actions, **about}


def _titled(name: str) -> str:
    return "".join(word.title() for word in name.split("-"))
