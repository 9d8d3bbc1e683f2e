"""`my-assets vendor dump`: everything that lies with the vendor, tried with all of its keys."""

from __future__ import annotations

import json
from typing import Any

from app.instances.dump import dumped
from app.outside.aws.dynamodb import DynamoInstanceTable
from app.outside.aws.housekeeping import housekeeping
from app.outside.aws.kms import KmsDataKeys
from app.settings import Settings
from app.vault.held import Holder
from app.wiring.aws import aws_clients
from app.wiring.clock import utc_now
from app.wiring.rooms import key_ids


def dump(settings: Settings) -> int:
    """Print it as JSON. What does not open for this identity is said to be so; 0 all the same.

    1: there are rows that cannot be read, which `not_read` names: it may not be everything.
    """
    aws = aws_clients(settings)
    table = DynamoInstanceTable(aws.dynamodb, settings.table)
    holder = Holder(KmsDataKeys(aws.kms), key_ids(settings), settings.app_key, utc_now)
    found: dict[str, Any] = {
        "instances": [dumped(reference, holder) for reference in table.all()],
        "housekeeping": list(housekeeping(aws.dynamodb, settings.table)),
    }
    if table.not_read:
        found["not_read"] = sorted(table.not_read)
    print(json.dumps(found, indent=2))  # noqa: T201 - the result
    return 1 if table.not_read else 0
