"""How an instance's own run stands: whether a message or a hold still belongs to it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.imports.run.messages import RunMessage
from app.imports.run.runs import ATTEMPTS, ENDED, Hold
from app.instances.reference import InstanceReference

MOST_ATTEMPTS: Final = 10  # that failed: whose worker died, or gave up on a service


def is_for(asked: RunMessage, instance: InstanceReference) -> bool:
    """Whether the run a message names is the instance's own, and waits for this very leg."""
    run = instance.run
    return (
        run is not None
        and instance.state == "installed"
        and instance.generation == asked.generation
        and run["id"] == asked.run
        and run["state"] in ("queued", "running")
        and int(run["fence"]) // ATTEMPTS == asked.leg
    )


def is_held(instance: InstanceReference | None, hold: Hold) -> bool:
    run = instance.run if instance is not None else None
    return run is not None and run["id"] == hold.run_id and run["fence"] == hold.fence


def is_open(instance: InstanceReference | None) -> bool:
    run = instance.run if instance is not None else None
    return run is not None and run["state"] not in ENDED


def is_worn_out(run: Mapping[str, Any]) -> bool:
    """Whether no attempt is left: too many failed, or the leg has no number for another one."""
    last = int(run["fence"]) % ATTEMPTS == ATTEMPTS - 1
    return last or int(run["failures"]) >= MOST_ATTEMPTS
