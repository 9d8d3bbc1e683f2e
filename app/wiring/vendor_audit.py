"""One line of the log for each vendor command that reads the table, written before it does.

Whoever runs one has credentials of AWS for it, and the line says whose, as a hash. Where STS is
not there to ask, it says that nobody is known: CloudTrail has the caller all the same.
"""

from __future__ import annotations

from typing import Final

import structlog

from app.errors import OwnServiceUnreachable
from app.goodbye.purge import staff_id
from app.outside.aws.identity import identity_of
from app.settings import Settings
from app.wiring.aws import sts_client

LOOKS: Final = ("cleanup", "dump", "instances", "rights")
_log = structlog.get_logger()


def looked(settings: Settings, command: str, instance_id: str | None, reason: str | None) -> None:
    """Somebody is about to see or do this; `instance_id` None: of many."""
    try:
        staff = staff_id(identity_of(sts_client(settings)))
    except OwnServiceUnreachable:
        staff = None
    _log.info("vendor_look", staff_id=staff, kind=command, reason=reason, instance_id=instance_id)
