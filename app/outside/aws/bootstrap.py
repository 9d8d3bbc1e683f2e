"""Creating what is missing at an AWS endpoint. Safe to repeat: what is there stays as it is.

On AWS itself the infrastructure code makes these; this serves machines, tests and the sandbox.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from botocore.exceptions import ClientError
from botocore.waiter import WaiterModel, create_waiter_with_client

from app.kept import DEAD_LETTERS, EXPIRY_ATTRIBUTE, MESSAGES
from app.outside.aws.dynamodb import (
    BY_DUE_TIME,
    BY_INSTALLATION,
    DUE,
    INSTALLATION,
    KEY,
    REGION,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        AttributeDefinitionTypeDef,
        CreateGlobalSecondaryIndexActionTypeDef,
        KeySchemaElementTypeDef,
    )
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_kms.literals import KeySpecType, KeyUsageTypeType
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

# What each index is asked by. Both hold keys only, so they repeat nothing that must be forgotten.
INDEXES: Final = {BY_INSTALLATION: (INSTALLATION,), BY_DUE_TIME: (REGION, DUE)}
# A wait is a delivery too, and a run may wait for six hours, looking every thirty seconds; true
# failures are counted in the run. SQS takes no more than this.
DEAD_LETTERS_AFTER: Final = 1000
VISIBLE_AGAIN_SECONDS: Final = 60  # the contract's longest time after a worker was killed
KEEP_DEAD_SECONDS: Final = int(DEAD_LETTERS.total_seconds())
# The SDK waits for tables and not for indexes; ten minutes are ample for references.
_INDEX_FILLED: Final = WaiterModel(
    {
        "version": 2,
        "waiters": {
            "IndexFilled": {
                "operation": "DescribeTable",
                "delay": 1,
                "maxAttempts": 600,
                "acceptors": [
                    {
                        "matcher": "pathAll",
                        "argument": "Table.GlobalSecondaryIndexes[].IndexStatus",
                        "expected": "ACTIVE",
                        "state": "success",
                    }
                ],
            }
        },
    }
)


def create_table(client: DynamoDBClient, name: str, *, protected: bool = True) -> bool:
    """Create the instance table, or the indexes that an older one lacks. True: made just now.

    No point-in-time recovery, no stream: they would bring forgotten keys back.
    """
    try:
        client.create_table(
            TableName=name,
            KeySchema=_keys(KEY),
            AttributeDefinitions=_attributes(
                KEY, *(each for keys in INDEXES.values() for each in keys)
            ),
            GlobalSecondaryIndexes=[_index(name) for name in INDEXES],
            BillingMode="PAY_PER_REQUEST",
            SSESpecification={"Enabled": True},
            DeletionProtectionEnabled=protected,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceInUseException":
            return _create_indexes(client, name)
        raise
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    client.update_time_to_live(
        TableName=name,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": EXPIRY_ATTRIBUTE},
    )
    return True


def _create_indexes(client: DynamoDBClient, name: str) -> bool:
    """One after the other, as AWS wants it, each waited for: before it is filled, it is blind."""
    found = client.describe_table(TableName=name)["Table"].get("GlobalSecondaryIndexes", [])
    missing = INDEXES.keys() - {index.get("IndexName") for index in found}
    for index in sorted(missing):
        client.update_table(
            TableName=name,
            AttributeDefinitions=_attributes(KEY, *INDEXES[index]),
            GlobalSecondaryIndexUpdates=[{"Create": _index(index)}],
        )
        create_waiter_with_client("IndexFilled", _INDEX_FILLED, client).wait(TableName=name)
    return bool(missing)


def _index(name: str) -> CreateGlobalSecondaryIndexActionTypeDef:
    return {
        "IndexName": name,
        "KeySchema": _keys(*INDEXES[name]),
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }


def _keys(*attributes: str) -> list[KeySchemaElementTypeDef]:
    """The first one parts, a second one sorts."""
    return [
        {"AttributeName": name, "KeyType": "RANGE" if place else "HASH"}
        for place, name in enumerate(attributes)
    ]


def _attributes(*names: str) -> list[AttributeDefinitionTypeDef]:
    return [{"AttributeName": each, "AttributeType": "S"} for each in names]


def create_encryption_key(client: KMSClient, key_id: str) -> bool:
    """Create an encryption key behind an alias if it is missing. True: it was made now."""
    return _create_key(client, key_id, "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")


def create_signing_key(client: KMSClient, key_id: str) -> bool:
    """Create the receipts' signing key (ECDSA P-256) if it is missing. True: it was made now."""
    return _create_key(client, key_id, "ECC_NIST_P256", "SIGN_VERIFY")


def _create_key(client: KMSClient, key_id: str, spec: KeySpecType, usage: KeyUsageTypeType) -> bool:
    try:
        client.describe_key(KeyId=key_id)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
    else:
        return False
    if not key_id.startswith("alias/"):
        raise LookupError(f"{key_id}: there is no such key, and only an alias can be made.")
    made = client.create_key(KeySpec=spec, KeyUsage=usage, Description=key_id)
    client.create_alias(AliasName=key_id, TargetKeyId=made["KeyMetadata"]["KeyId"])
    return True


def create_queues(client: SQSClient, queue_url: str) -> Iterator[str]:
    """Create the queue named by the address's last segment, and its dead letters. Yields names."""
    name = urlsplit(queue_url).path.rsplit("/", 1)[-1]
    dead = name.removesuffix(".fifo") + "-dead.fifo"
    if not name.endswith(".fifo"):
        raise LookupError(f"IMPORT_QUEUE_URL: {name} is no FIFO queue; its name must end so.")
    if _create_queue(client, dead, {"MessageRetentionPeriod": str(KEEP_DEAD_SECONDS)}):
        yield dead
    found = client.get_queue_attributes(
        QueueUrl=client.get_queue_url(QueueName=dead)["QueueUrl"], AttributeNames=["QueueArn"]
    )
    policy = (
        f'{{"deadLetterTargetArn":"{found["Attributes"]["QueueArn"]}",'
        f'"maxReceiveCount":{DEAD_LETTERS_AFTER}}}'
    )
    redrive: dict[QueueAttributeNameType, str] = {
        "RedrivePolicy": policy,
        "VisibilityTimeout": str(VISIBLE_AGAIN_SECONDS),
        "MessageRetentionPeriod": str(int(MESSAGES.total_seconds())),
    }
    if _create_queue(client, name, redrive):
        yield name


def _create_queue(
    client: SQSClient, name: str, attributes: dict[QueueAttributeNameType, str]
) -> bool:
    try:
        client.get_queue_url(QueueName=name)
    except client.exceptions.QueueDoesNotExist:
        always: dict[QueueAttributeNameType, str] = {
            "FifoQueue": "true",
            "ContentBasedDeduplication": "false",
            "SqsManagedSseEnabled": "true",
        }
        client.create_queue(QueueName=name, Attributes=always | attributes)
        return True
    return False
