"""The log groups: encrypted, one a function, kept as long as `app.kept` says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from app.kept import LOG_LINES
from infra.deployment import Deployment
from infra.people import ROWS, FunctionName

# CloudWatch takes these and no others (API reference, PutRetentionPolicy).
_DAYS_TAKEN: Final = (1, 3, 5, 7, 14, 30, 60, 90)

Groups = Mapping[FunctionName, logs.CfnLogGroup]


def add_log_groups(stack: Stack, deployment: Deployment, key: kms.CfnKey) -> Groups:
    """Raises ValueError for a declared age that CloudWatch does not know."""
    if LOG_LINES.days not in _DAYS_TAKEN:
        raise ValueError(f"CloudWatch keeps no lines for {LOG_LINES.days} days")
    groups: dict[FunctionName, logs.CfnLogGroup] = {}
    for function in ROWS:
        groups[function] = logs.CfnLogGroup(
            stack,
            f"{function.title()}Log",
            log_group_name=f"/{deployment.name}/{function}",
            retention_in_days=LOG_LINES.days,
            kms_key_id=key.attr_arn,
        )
        groups[function].apply_removal_policy(RemovalPolicy.DESTROY)
    return groups
