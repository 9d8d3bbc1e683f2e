"""An execution that an earlier leg left open: it is over before anything is read.

Assets asks for no fence. A worker that stood still may yet say that all was sent; that is refused
only where the execution has been cancelled, and what is being applied must not be read by halves.
"""

from __future__ import annotations

from typing import Final

from app.imports.run.patience import Steps
from app.imports.run.ports import ConfigStatus
from app.imports.run.work import Work

LOOKS: Final = 600


def end_what_was_left(work: Work, before: ConfigStatus) -> Steps[None]:
    """Only what is ours: of an earlier leg of this run, or known from the history."""
    link = before.execution
    if link is None or before.status != "RUNNING" or work.mode == "preview":
        return
    if not (work.resumed or execution_id(link) in work.own):
        return
    for look in range(LOOKS):
        if (yield from cancel_if_begun(work, link)) not in ("INGESTING", "PROCESSING"):
            return
        yield work.patience.wait(min(5.0, 0.2 + 0.1 * look))


def cancel_if_begun(work: Work, link: str) -> Steps[str]:
    """Cancel it unless it is applied by now. Gives how it stood."""
    call = work.patience.call
    status = yield from call(work.import_way, lambda: work.executions.status(link))
    if status.state == "INGESTING":
        cancel = link.removesuffix("/status")
        yield from call(work.import_way, lambda: work.executions.cancel(cancel))
    return status.state


def execution_id(status_link: str) -> str:
    """The id in an execution's status link, which alone may be remembered, never the link."""
    return status_link.split("?")[0].removesuffix("/status").rpartition("/")[2]
