"""The queue's adapter against SQS as moto plays it: order within an instance, waits, going back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest

from app.errors import ServiceUnreachable
from app.outside.aws import sqs
from app.outside.aws.sqs import SqsQueue

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

pytestmark = pytest.mark.aws


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, moto_url: str) -> SQSClient:
    monkeypatch.setattr(sqs, "LONG_POLL_SECONDS", 0)
    return boto3.client(
        "sqs",
        region_name="eu-north-1",
        endpoint_url=moto_url,
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )


@pytest.fixture
def queue(client: SQSClient) -> Iterator[SqsQueue]:
    url = client.create_queue(QueueName="imports.fifo", Attributes={"FifoQueue": "true"})
    numbers = iter(range(100))
    yield SqsQueue(client, url["QueueUrl"], lambda size: next(numbers).to_bytes(size, "big"))
    client.delete_queue(QueueUrl=url["QueueUrl"])


def test_an_empty_queue_gives_nothing(queue: SqsQueue) -> None:
    assert queue.receive(30) is None


def test_equal_messages_of_one_instance_come_one_after_the_other(queue: SqsQueue) -> None:
    queue.put("same", "instance-1")
    queue.put("same", "instance-1")
    first = queue.receive(30)
    assert first is not None
    assert queue.receive(30) is None
    queue.delete(first)
    second = queue.receive(30)
    assert second is not None
    assert second.body == "same"


def test_other_instances_do_not_wait(queue: SqsQueue) -> None:
    queue.put("one", "instance-1")
    queue.put("two", "instance-2")
    found = [queue.receive(30), queue.receive(30)]
    assert sorted(each.body for each in found if each) == ["one", "two"]


def test_a_message_that_is_put_back_comes_again(queue: SqsQueue) -> None:
    queue.put("one", "instance-1")
    received = queue.receive(30)
    assert received is not None
    queue.extend(received, 0)
    again = queue.receive(30)
    assert again is not None
    assert again.body == "one"


def test_a_handle_does_not_show_itself(queue: SqsQueue) -> None:
    queue.put("canary", "instance-1")
    received = queue.receive(30)
    assert "canary" not in repr(received)


def test_a_queue_that_is_not_there_is_unreachable(client: SQSClient) -> None:
    queue = SqsQueue(client, "https://sqs.eu-central-1.amazonaws.com/1/none.fifo", bytes)
    with pytest.raises(ServiceUnreachable):
        queue.put("one", "instance-1")
    with pytest.raises(ServiceUnreachable):
        queue.receive(30)
