"""After an import: the first pass of Jira accounts may begin. That it cannot be asked for spoils
no run."""

from __future__ import annotations

import structlog

from app.errors import AppError
from app.imports.accounts.pass_state import DOCUMENT, fresh, packed
from app.imports.run.work import Work

_log = structlog.get_logger()


def wish_for_a_pass(work: Work) -> None:
    """Raises RunEnds and the like where the run may not go on, nothing else."""
    if work.rules.link_accounts is None or DOCUMENT in work.instance.part_keys:
        return
    work.patience.check()
    try:
        work.connections.pass_store(work.instance).write(packed(fresh(work.now)))
    except AppError as fault:
        _log.warning("pass not asked for", run_id=work.run_id, error=type(fault).__name__)
