"""One line of the log for each vendor command that shows, wraps or erases, written before it does.

Whoever runs one has credentials of AWS for it, and the line says whose, as a hash. Where STS is
not there to ask, it says that nobody is known: CloudTrail has the caller all the same.
"""

from __future__ import annotations

import re
from typing import Final

from app.errors import OwnServiceUnreachable
from app.goodbye.purge import staff_id
from app.logs import audit_log
from app.outside.aws.identity import identity_of
from app.settings import Settings
from app.wiring.aws import sts_client

LOOKS: Final = ("cleanup", "dump", "instances", "purge", "rewrap", "rights")
_INSTANCE_ID: Final = re.compile(r"[0-9a-f]{32}")


def looked(settings: Settings, command: str, instance_id: str | None, reason: str | None) -> None:
    """Somebody is about to see or do this; `instance_id` None: of many.

    What was typed for an id and is none stays out of the log: it may be somebody's name.
    """
    try:
        staff = staff_id(identity_of(sts_client(settings)))
    except OwnServiceUnreachable:
        staff = None
    shaped = instance_id if instance_id and _INSTANCE_ID.fullmatch(instance_id) else None
    audit_log().info("vendor_look", staff_id=staff, kind=command, reason=reason, instance_id=shaped)
