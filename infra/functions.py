"""The functions: one package, one role and one log each, and only what their door needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_s3_assets import Asset

from infra import runtime
from infra.deployment import Deployment
from infra.logs import Groups
from infra.people import ROWS, FunctionName
from infra.roles import Roles


@dataclass(frozen=True)
class Shape:
    """`memory` in MiB, which is also its share of processors; `seconds` until AWS ends it.

    `at_most` so many run at once; None: what the account has left.
    """

    memory: int
    seconds: int
    at_most: int | None = None


# A REST API waits 29 seconds at most; a leg of an import ends after eight minutes and a call.
SHAPES: Final[Mapping[FunctionName, Shape]] = {
    # A flood at the public door must leave the account's other hands to imports and the cleanup.
    "web": Shape(1024, 28, at_most=500),
    "worker": Shape(1024, 900),
    "scheduler": Shape(512, 300),
    "cleanup": Shape(512, 900),
}
Functions = Mapping[FunctionName, lambda_.CfnFunction]


def add_functions(
    stack: Stack,
    deployment: Deployment,
    package: Path,
    roles: Roles,
    groups: Groups,
    queue_url: str,
) -> Functions:
    """The four functions, with the package at this path."""
    asset = Asset(stack, "Package", path=str(package))
    made: dict[FunctionName, lambda_.CfnFunction] = {}
    for name in ROWS:
        shape = SHAPES[name]
        made[name] = lambda_.CfnFunction(
            stack,
            f"{name.title()}Function",
            function_name=f"{deployment.name}-{name}",
            runtime=runtime.NAME,
            architectures=[runtime.ARCHITECTURE],
            handler=f"lambdas.{name}.handler",
            code=lambda_.CfnFunction.CodeProperty(
                s3_bucket=asset.s3_bucket_name, s3_key=asset.s3_object_key
            ),
            role=roles[name].attr_arn,
            memory_size=shape.memory,
            timeout=shape.seconds,
            reserved_concurrent_executions=shape.at_most,
            environment=lambda_.CfnFunction.EnvironmentProperty(
                variables=deployment.environment(queue_url)
            ),
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(
                log_format="JSON",
                log_group=groups[name].ref,
                application_log_level="INFO",
                system_log_level="WARN",
            ),
        )
    return made
