"""Joins what saying goodbye needs: the chain, the signer, the sweepers. Opens nothing of anybody's.

Whoever runs it needs the table and `Sign` of the receipts' key; no key that opens anything.
"""

from __future__ import annotations

from pathlib import Path

from app.goodbye.cleanup import Cleanup
from app.goodbye.erasing import Eraser
from app.goodbye.ports import ReceiptStore
from app.goodbye.wishes import WishSweeper
from app.outside.aws.claims import DynamoClaims
from app.outside.aws.kms_signing import KmsSigner
from app.outside.aws.receipt_bucket import ReceiptBucket
from app.outside.aws.receipt_chain import DynamoReceiptChain
from app.outside.receipt_folder import ReceiptFolder
from app.settings import Settings
from app.wiring.aws import Aws, aws_clients, s3_client
from app.wiring.tables import pinned_table


def keys_of(settings: Settings) -> tuple[str, ...]:
    """The KMS keys that data keys may be wrapped under."""
    return (
        settings.settings_key_id,
        settings.instance_key_id,
        *settings.settings_key_previous_ids,
        *settings.instance_key_previous_ids,
    )


def make_eraser(settings: Settings, aws: Aws, receipts: ReceiptStore) -> Eraser:
    """What erases one life. Connects to nothing yet."""
    return Eraser(
        pinned_table(settings, aws),
        DynamoReceiptChain(aws.dynamodb, settings.table),
        receipts,
        KmsSigner(aws.kms, settings.receipt_key_id),
        keys_of(settings),
    )


def make_cleanup(settings: Settings, receipts: ReceiptStore) -> Cleanup:
    """The cleanup of this deployment. Connects to nothing yet."""
    aws = aws_clients(settings)
    table = pinned_table(settings, aws)
    return Cleanup(
        table,
        DynamoReceiptChain(aws.dynamodb, settings.table),
        receipts,
        make_eraser(settings, aws, receipts),
        {
            "claims": DynamoClaims(aws.dynamodb, settings.table),
            "purge wish": WishSweeper(table),
        },
    )


def bucket(settings: Settings) -> ReceiptBucket:
    """Receipts as objects of the bucket that RECEIPTS_BUCKET names. Raises LookupError."""
    if settings.receipts_bucket is None:
        raise LookupError("RECEIPTS_BUCKET: is missing; a function has no folder to keep files in.")
    return ReceiptBucket(s3_client(settings), settings.receipts_bucket)


def folder(path: str) -> ReceiptFolder:
    """Receipts as files in this folder."""
    return ReceiptFolder(Path(path))
