"""Who may sign deletion receipts: the cleanup, ECDSA with SHA-256, and nobody else ever."""

from __future__ import annotations

from collections.abc import Sequence

from app.vault.key_policies import ADMINISTRATION
from app.words import Json
from infra.deployment import Deployment


def receipt_policy(deployment: Deployment) -> Json:
    """The policy of the receipts' key. What is public of it the web door may show."""
    cleanup, web = (deployment.role_arn(name) for name in ("cleanup", "web"))
    people = deployment.administrators
    look = ["kms:DescribeKey", "kms:GetPublicKey"]
    sign = {
        **_statement("CleanupSigns", "Allow", [cleanup], ["kms:Sign"]),
        "Condition": {"StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256"}},
    }
    manage = [f"kms:{name}" for name in ADMINISTRATION]
    return {
        "Version": "2012-10-17",
        "Statement": [
            _statement("AdministratorsKeepTheKey", "Allow", people, manage),
            _statement("AdministratorsNeverUseIt", "Deny", people, ["kms:CreateGrant", "kms:Sign"]),
            _statement("ThePublicKey", "Allow", [cleanup, web, *deployment.operators], look),
            sign,
        ],
    }


def _statement(sid: str, effect: str, principals: Sequence[str], actions: list[str]) -> Json:
    return {
        "Sid": sid,
        "Effect": effect,
        "Principal": {"AWS": sorted(principals)},
        "Action": actions,
        "Resource": "*",  # in a key policy: this key
    }
