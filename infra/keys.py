"""The KMS keys: the two of the locks, with the policies of the role table, and the receipts' own.

The policies alone decide: no IAM policy of this template allows anything of KMS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aws_cdk import CfnResource, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms

from app.vault.key_policies import key_policy
from app.vault.roles import LOCKS
from app.words import Json
from infra.deployment import Deployment
from infra.people import principals
from infra.receipt_policy import receipt_policy

_DAYS_TO_REGRET: Final = 30  # the longest KMS gives between the wish to delete a key and its end


@dataclass(frozen=True)
class Keys:
    """`locks` in the order of `app.vault.roles.LOCKS`."""

    locks: tuple[kms.CfnKey, ...]
    receipts: kms.CfnKey


def add_keys(stack: Stack, deployment: Deployment, after: list[CfnResource]) -> Keys:
    """`after`: the roles that the policies name, or KMS would refuse them."""
    arns, app_key = principals(deployment), deployment.app.app_key
    locks = tuple(
        _add(stack, deployment, lock, key_policy(lock, arns, app_key), after) for lock in LOCKS
    )
    return Keys(locks, _add(stack, deployment, "receipts", receipt_policy(deployment), after))


def _add(
    stack: Stack, deployment: Deployment, name: str, policy: Json, after: list[CfnResource]
) -> kms.CfnKey:
    signs = name == "receipts"
    key = kms.CfnKey(
        stack,
        f"{name.title()}Key",
        description=f"{deployment.name}: {name}",
        key_policy=policy,
        key_spec="ECC_NIST_P256" if signs else "SYMMETRIC_DEFAULT",
        key_usage="SIGN_VERIFY" if signs else "ENCRYPT_DECRYPT",
        enable_key_rotation=None if signs else True,  # KMS rotates no key that signs
        pending_window_in_days=_DAYS_TO_REGRET,
    )
    key.apply_removal_policy(RemovalPolicy.RETAIN)
    for each in after:
        key.add_resource_dependency(each)
    kms.CfnAlias(
        stack,
        f"{name.title()}KeyAlias",
        alias_name=f"alias/{deployment.name}-{name}",
        target_key_id=key.attr_arn,
    )
    return key
