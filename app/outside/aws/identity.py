"""Who runs a command, as AWS knows it: the credentials in use say it, nobody types it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from app.errors import OwnServiceUnreachable

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient


def identity_of(client: STSClient) -> str:
    """The ARN that STS GetCallerIdentity gives for the credentials in use."""
    try:
        return client.get_caller_identity()["Arn"]
    except (ClientError, BotoCoreError):
        raise OwnServiceUnreachable("AWS does not say whose credentials these are.") from None
