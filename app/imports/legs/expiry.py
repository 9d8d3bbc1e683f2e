"""Lets a run look when the secret it uses expires. That nobody can say spoils no run."""

from __future__ import annotations

import structlog

from app.errors import AppError
from app.imports.run.work import Work

_log = structlog.get_logger()


def learn_expiry(work: Work) -> None:
    """Raises RunEnds and the like where the run may not go on, nothing else."""
    work.patience.check()
    try:
        work.connections.learn_secret_expiry(work.instance)
    except AppError as fault:
        _log.info("secret expiry not read", error=type(fault).__name__)
