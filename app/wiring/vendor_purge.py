"""`my-assets vendor purge`: one member of staff wishes, another one confirms."""

from __future__ import annotations

import json
from datetime import datetime

from app.goodbye.purge import Purge
from app.outside.aws.identity import identity_of
from app.settings import Settings
from app.wiring.aws import aws_clients, sts_client
from app.wiring.clock import utc_now
from app.wiring.goodbye import folder, make_eraser
from app.wiring.tables import pinned_table


def purge(
    settings: Settings, instance_id: str, reason: str, receipts: str, now: datetime | None
) -> int:
    """0: wished for, or erased. What it may not raises Clash or NotThere: exit code 1."""
    aws = aws_clients(settings)
    purging = Purge(pinned_table(settings, aws), make_eraser(settings, aws, folder(receipts)))
    identity = identity_of(sts_client(settings))
    print(json.dumps(purging.ask(instance_id, identity, reason, now or utc_now())))  # noqa: T201
    return 0
