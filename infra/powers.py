"""What each function may do beside its keys, as data: exact actions on exact things.

The keys are no part of it: KMS key policies decide them alone (`infra/keys.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.goodbye.references import COLUMNS
from infra.people import Name

Thing = Literal[
    "table", "installations", "due times", "import queue", "receipts", "list of receipts"
]


@dataclass(frozen=True)
class Power:
    """Some actions on one thing of this deployment, and why. `columns`: of these and no others."""

    thing: Thing
    actions: tuple[str, ...]
    why: str
    columns: tuple[str, ...] = ()


_READ: Final = Power("table", ("dynamodb:GetItem",), "the reference of an instance")
_WALK: Final = Power("table", ("dynamodb:Scan",), "every instance is looked at")
_CHANGE: Final = Power("table", ("dynamodb:UpdateItem",), "runs, pointers and marks")
_CLAIMS: Final = Power(
    "table", ("dynamodb:PutItem", "dynamodb:DeleteItem"), "claims are put, finished and dropped"
)
# Source: Amazon S3 API reference, GetObject: a missing file is a 404 to who may list the bucket and
# a 403 to who may not, which is no answer to "is it there?".
_LIST_RECEIPTS: Final = Power("list of receipts", ("s3:ListBucket",), "which there are and are not")
_SEND: Final = Power("import queue", ("sqs:SendMessage",), "asks the worker")

POWERS: Final[Mapping[Name, tuple[Power, ...]]] = {
    "web": (
        _READ,
        _CHANGE,
        _CLAIMS,
        Power("installations", ("dynamodb:Query",), "a Forge call by its installation"),
        _SEND,
    ),
    "worker": (
        _READ,
        _CHANGE,
        Power(
            "import queue",
            ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
             "sqs:ChangeMessageVisibility"),
            "Lambda's poller takes messages with this role; a wait is a visibility",
        ),
    ),
    "scheduler": (
        _READ,
        _WALK,
        _CHANGE,
        _CLAIMS,
        Power("due times", ("dynamodb:Query",), "what is due, without a walk over all"),
        _SEND,
    ),
    "cleanup": (
        _READ,
        _WALK,
        _CHANGE,
        Power("table", ("dynamodb:PutItem", "dynamodb:DeleteItem"),
              "the chain of receipts moves, tombstones go"),
        Power("receipts", ("s3:GetObject", "s3:PutObject"),
              "one file a receipt, and the one before it; none is ever deleted"),
        _LIST_RECEIPTS,
    ),
    "rewrap-open": (_READ, _WALK, _CHANGE, _SEND),
    "rewrap-rest": (_READ, _WALK, _CHANGE),
    "vendor-desk": (
        Power("table", ("dynamodb:GetItem", "dynamodb:Scan"),
              "what is listed of each reference: no wrapped key is among it", COLUMNS),
        Power("receipts", ("s3:GetObject",), "hands one out"),
        _LIST_RECEIPTS,
    ),
}  # fmt: skip
