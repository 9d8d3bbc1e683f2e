"""The key of what watches: log lines and alarm messages. Nothing of a customer's settings."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_kms as kms

from app.vault.key_policies import ADMINISTRATION
from infra.deployment import Deployment

_USE = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom",
        "kms:ReEncryptTo"]  # fmt: skip


def add_operations_key(stack: Stack, deployment: Deployment) -> kms.CfnKey:
    """CloudWatch uses it, for this deployment's log groups and topic only."""
    where = f"{deployment.region}:{deployment.account}"
    groups = f"arn:{deployment.partition}:logs:{where}:log-group:/{deployment.name}/*"
    logs = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}}
    alarms = {"StringEquals": {"aws:SourceAccount": deployment.account}}
    key = kms.CfnKey(
        stack,
        "OperationsKey",
        description=f"{deployment.name}: logs and alarms",
        enable_key_rotation=True,
        key_policy={
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "AdministratorsKeepTheKey",
                    "Effect": "Allow",
                    "Principal": {"AWS": sorted(deployment.administrators)},
                    "Action": [f"kms:{name}" for name in ADMINISTRATION],
                    "Resource": "*",  # in a key policy: this key
                },
                _service("LogLines", f"logs.{deployment.region}.amazonaws.com", logs),
                _service("AlarmMessages", "cloudwatch.amazonaws.com", alarms),
                _service("TopicMessages", "sns.amazonaws.com", alarms),
            ],
        },
    )
    key.apply_removal_policy(RemovalPolicy.RETAIN)
    return key


def _service(sid: str, name: str, condition: Mapping[str, object]) -> dict[str, object]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": name},
        "Action": _USE,
        "Resource": "*",
        "Condition": condition,
    }
