"""The import worker behind its queue: one message an event, and what is not done stays there."""

from __future__ import annotations

from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_

from infra.functions import Functions
from infra.queues import Queues

# So many instances import at the same time; the others wait in the queue, each in its own group.
AT_ONCE: Final = 100


def add_worker(stack: Stack, functions: Functions, queues: Queues) -> None:
    """Join queue and function."""
    lambda_.CfnEventSourceMapping(
        stack,
        "ImportsToWorker",
        event_source_arn=queues.imports.attr_arn,
        function_name=functions["worker"].ref,
        batch_size=1,
        function_response_types=["ReportBatchItemFailures"],
        scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(
            maximum_concurrency=AT_ONCE
        ),
    )
