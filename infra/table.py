"""The instance table: encrypted, protected against deletion, and without a way back.

A backup, a stream or an export would bring forgotten keys back. None of them is here.
"""

from __future__ import annotations

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb

from app.kept import EXPIRY_ATTRIBUTE
from app.outside.aws.bootstrap import INDEXES
from app.outside.aws.dynamodb import KEY

_Table = dynamodb.CfnTable


def add_table(stack: Stack, name: str) -> dynamodb.CfnTable:
    """The same shape as `app.outside.aws.bootstrap` makes; a test holds the two together."""
    table = _Table(
        stack,
        "Instances",
        table_name=name,
        billing_mode="PAY_PER_REQUEST",
        attribute_definitions=[
            _Table.AttributeDefinitionProperty(attribute_name=each, attribute_type="S")
            for each in dict.fromkeys((KEY, *(key for keys in INDEXES.values() for key in keys)))
        ],
        key_schema=_keys(KEY),
        global_secondary_indexes=[
            _Table.GlobalSecondaryIndexProperty(
                index_name=name,
                key_schema=_keys(*keys),
                projection=_Table.ProjectionProperty(projection_type="KEYS_ONLY"),
            )
            for name, keys in INDEXES.items()
        ],
        sse_specification=_Table.SSESpecificationProperty(sse_enabled=True),
        deletion_protection_enabled=True,
        point_in_time_recovery_specification=_Table.PointInTimeRecoverySpecificationProperty(
            point_in_time_recovery_enabled=False
        ),
        time_to_live_specification=_Table.TimeToLiveSpecificationProperty(
            attribute_name=EXPIRY_ATTRIBUTE, enabled=True
        ),
    )
    table.apply_removal_policy(RemovalPolicy.RETAIN)
    return table


def _keys(*attributes: str) -> list[dynamodb.CfnTable.KeySchemaProperty]:
    """The first one parts, a second one sorts."""
    return [
        _Table.KeySchemaProperty(attribute_name=name, key_type=kind)
        for name, kind in zip(attributes, ("HASH", "RANGE"), strict=False)
    ]
