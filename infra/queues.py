"""The import queue and its dead letters, and where ticks go that nobody took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_sqs as sqs

from app.kept import DEAD_LETTERS, MESSAGES
from app.outside.aws.bootstrap import DEAD_LETTERS_AFTER
from app.words import Json
from infra.deployment import Deployment
from infra.functions import SHAPES
from infra.people import CLOCKS

_KEPT: Final = int(MESSAGES.total_seconds())
_KEPT_DEAD: Final = int(DEAD_LETTERS.total_seconds())


@dataclass(frozen=True)
class Queues:
    imports: sqs.CfnQueue
    imports_dead: sqs.CfnQueue
    ticks_dead: sqs.CfnQueue

    @property
    def dead(self) -> dict[str, sqs.CfnQueue]:
        """Every queue of dead letters: each has its alarm."""
        return {"imports": self.imports_dead, "ticks": self.ticks_dead}


def add_queues(stack: Stack, deployment: Deployment) -> Queues:
    """FIFO, one group an instance: its messages in order, and nobody waits for another's."""
    name = deployment.name
    dead = sqs.CfnQueue(
        stack,
        "ImportsDead",
        queue_name=f"{name}-imports-dead.fifo",
        fifo_queue=True,
        message_retention_period=_KEPT_DEAD,
        sqs_managed_sse_enabled=True,
    )
    imports = sqs.CfnQueue(
        stack,
        "Imports",
        queue_name=f"{name}-imports.fifo",
        fifo_queue=True,
        # Without it a FIFO queue takes 300 messages a second for all instances together.
        deduplication_scope="messageGroup",
        fifo_throughput_limit="perMessageGroupId",
        message_retention_period=_KEPT,
        # Lambda takes no shorter one than its function's time; the function shortens it at once,
        # so that a message is visible again within a minute after a crash.
        visibility_timeout=SHAPES["worker"].seconds,
        redrive_policy={
            "deadLetterTargetArn": dead.attr_arn,
            "maxReceiveCount": DEAD_LETTERS_AFTER,
        },
        sqs_managed_sse_enabled=True,
    )
    ticks = sqs.CfnQueue(
        stack,
        "TicksDead",
        queue_name=f"{name}-ticks-dead",
        message_retention_period=_KEPT_DEAD,
        sqs_managed_sse_enabled=True,
    )
    for queue, label in ((imports, "Imports"), (dead, "ImportsDead"), (ticks, "TicksDead")):
        extra = [_events_may_send(ticks, deployment)] if queue is ticks else []
        sqs.CfnQueuePolicy(
            stack,
            f"{label}Policy",
            queues=[queue.ref],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [_tls_only(queue), *extra],
            },
        )
    return Queues(imports, dead, ticks)


def _tls_only(queue: sqs.CfnQueue) -> Json:
    return {
        "Sid": "OnlyOverTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": queue.attr_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _events_may_send(queue: sqs.CfnQueue, deployment: Deployment) -> Json:
    return {
        "Sid": "TicksThatNobodyTook",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue.attr_arn,
        # Source: Amazon EventBridge user guide, "Using dead-letter queues", granting permissions.
        "Condition": {"ArnEquals": {"aws:SourceArn": sorted(map(deployment.rule_arn, CLOCKS))}},
    }
