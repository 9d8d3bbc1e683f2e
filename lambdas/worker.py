"""The import worker's door: one message of the queue, one leg of a run.

What is not done is reported as failed, so that it stays in the queue; when it comes back is its
visibility, set before. A wait is never slept here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    SqsFifoPartialProcessor,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from app.imports.legs.queue_runner import QueueRunner, Received
from app.outside.aws.sqs import SqsQueue
from app.wiring.messages import message_worker
from lambdas.entrance import house, settings


class ComesBack(Exception):
    """The message is not done with: its visibility says when it comes back."""


def handler(event: dict[str, Any], context: Any) -> Mapping[str, Any]:  # noqa: ANN401 - Lambda's
    """Work on the messages of one event; of one group, none after one that comes back.

    Raises what keeps the function from starting, so that AWS counts it as the function's error.
    """
    runner()
    processor = SqsFifoPartialProcessor(skip_group_on_error=True)
    # A message that waits is no error: raised, each wait would count as one of the function's.
    processor.raise_on_entire_batch_failure = False
    return process_partial_response(
        event=event, record_handler=_work, processor=processor, context=context
    )


def _work(record: SQSRecord) -> None:
    if not runner().handle(Received(record.body, record.receipt_handle)):
        raise ComesBack


@cache
def runner() -> QueueRunner:
    """The queue's runner, with the worker behind it."""
    found = house()
    queue = SqsQueue(found.aws.sqs, settings().queue_url or "", os.urandom)
    return QueueRunner(queue, message_worker(found))
