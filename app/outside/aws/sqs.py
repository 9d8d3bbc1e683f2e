"""The import queue on SQS FIFO: one group an instance, so that its messages come in order.

A wait is a message's visibility: FIFO queues know no delay of a single message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from app.errors import OwnServiceUnreachable
from app.imports.legs.queue_runner import Received
from app.said import Sentence
from app.words import RandomBytes

QUEUE_UNREACHABLE: Final = Sentence("queue.unreachable", "The import queue cannot be reached.")

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LONG_POLL_SECONDS: Final = 10  # below the fifteen seconds that a stop may take
LONGEST_INVISIBLE: Final = 43_200  # twelve hours, SQS's own limit


class SqsQueue:
    """Both ends of the queue. All methods raise ServiceUnreachable."""

    def __init__(self, client: SQSClient, queue_url: str, random: RandomBytes) -> None:
        self._random = random
        self._client = client
        self._url = queue_url

    def put(self, message: str, group: str, delay: float = 0.0) -> None:  # noqa: ARG002 - the port
        """Each message counts: which of them still matters is decided by the run's fence."""
        try:
            self._client.send_message(
                QueueUrl=self._url,
                MessageBody=message,
                MessageGroupId=group,
                MessageDeduplicationId=self._random(16).hex(),
            )
        except (BotoCoreError, ClientError):
            raise OwnServiceUnreachable(QUEUE_UNREACHABLE()) from None

    def receive(self, visible_again: int) -> Received | None:
        """One message, invisible to others for so many seconds; None after a while without."""
        try:
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=1,
                WaitTimeSeconds=LONG_POLL_SECONDS,
                VisibilityTimeout=visible_again,
            )
        except (BotoCoreError, ClientError):
            raise OwnServiceUnreachable(QUEUE_UNREACHABLE()) from None
        for found in answer.get("Messages", []):
            return Received(found.get("Body", ""), found.get("ReceiptHandle", ""))
        return None

    def extend(self, received: Received, seconds: float) -> None:
        try:
            self._client.change_message_visibility(
                QueueUrl=self._url,
                ReceiptHandle=received.handle,
                VisibilityTimeout=min(LONGEST_INVISIBLE, max(0, round(seconds + 0.49))),
            )
        except (BotoCoreError, ClientError):
            raise OwnServiceUnreachable(QUEUE_UNREACHABLE()) from None

    def delete(self, received: Received) -> None:
        try:
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=received.handle)
        except (BotoCoreError, ClientError):
            raise OwnServiceUnreachable(QUEUE_UNREACHABLE()) from None
