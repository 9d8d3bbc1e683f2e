"""The instance table as whoever writes has it: pinned to the region of this deployment."""

from __future__ import annotations

from app.instances.pinned import PinnedTable
from app.outside.aws.dynamodb import DynamoInstanceTable
from app.settings import Settings
from app.wiring.aws import Aws


def pinned_table(settings: Settings, aws: Aws) -> PinnedTable:
    """What only looks may have the table itself, and see what should not be there."""
    return PinnedTable(DynamoInstanceTable(aws.dynamodb, settings.table), settings.aws_region)
