"""The pass: people without a Jira account are looked up by address, beside the imports.

It is a run of its own, so no import's success hangs on it, and it ends when the hour's budget is
spent. It works from the back of the list: whoever is linked drops out of it, and must not move
those who are still ahead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from app.errors import SettingsUnreadable
from app.imports.accounts.pass_state import HOUR, REST, PassState, packed, taken_up
from app.imports.planning.changes import Counts
from app.imports.run.ending import Ending
from app.imports.run.pass_ports import AccountLinks, Linked, PassStore
from app.imports.run.patience import Patience, RunEnds, Steps
from app.imports.run.report import Report
from app.instances.reference import stamp
from app.inventory import AssetObject
from app.words import Clock

MODE: Final = "accounts"
BATCH: Final = 50


@dataclass(frozen=True)
class PassWork:
    """All that the steps of a pass share."""

    links: AccountLinks
    store: PassStore
    patience: Patience
    report: Report
    clock: Clock
    people_an_hour: int


def run_pass(work: PassWork) -> Steps[Ending]:
    """Raises RunLost and HandBack; everything else that can happen is an Ending."""
    try:
        state = yield from _begin(work)
        while state.left:
            size = min(BATCH, state.left, work.people_an_hour - state.asked)
            if size <= 0:
                return (yield from _later(work, state))
            state = yield from _batch(work, state, size)
        yield from _keep(work, replace(state, due=work.clock() + REST))
        return Ending("succeeded")
    except RunEnds as ends:
        return Ending(ends.state, ends.reason, ends.more)


def _begin(work: PassWork) -> Steps[PassState]:
    work.report.phase("checking")
    content = yield from work.patience.call("jira", partial(_stored, work.store))
    people = yield from work.patience.call("assets", work.links.count)
    state = taken_up(content, people, work.clock())
    work.report.phase("linking", state.people)
    _tell(work, state, state.people - state.left)
    return state


def _stored(store: PassStore) -> bytes | None:
    """None where it does not open: anybody on the site can overwrite it, and the pass begins anew.

    Raises what else the store raises.
    """
    try:
        return store.read()
    except SettingsUnreadable:
        return None


def _later(work: PassWork, state: PassState) -> Steps[Ending]:
    """The hour's budget is spent."""
    due = max(work.clock(), state.asked_at + HOUR)
    yield from _keep(work, replace(state, due=due))
    more = f"{state.left} of {state.people} people are left, not before {stamp(due)}."
    return Ending("succeeded", "accounts_go_on", more)


def _batch(work: PassWork, state: PassState, size: int) -> Steps[PassState]:
    """The last people of the list. They count against the budget before they are looked up."""
    now, start = work.clock(), state.left - size
    state = replace(state, asked=state.asked + size, asked_at=now, due=now + HOUR)
    yield from _keep(work, state)
    for person in (yield from _people(work, start, size)):
        state = state.one_more((yield from _look_up(work, person)))
        _tell(work, state, 1)
    return replace(state, left=start, asked_at=work.clock())


def _people(work: PassWork, start: int, size: int) -> Steps[list[AssetObject]]:
    """All before any is linked. Fewer, where the list has become shorter meanwhile."""
    people: list[AssetObject] = []
    while len(people) < size:
        fetch = partial(work.links.people, start + len(people), size - len(people))
        page = yield from work.patience.call("assets", fetch)
        if not page:
            break
        people.extend(page)
    return people


def _look_up(work: PassWork, person: AssetObject) -> Steps[Linked]:
    account = yield from work.patience.call("jira", partial(work.links.account_of, person))
    if account is None:
        return "unmatched"
    return (yield from work.patience.call("assets", partial(work.links.link, person, account)))


def _tell(work: PassWork, state: PassState, done: int) -> None:
    work.report.counts(Counts(update=state.linked, skipped=state.unmatched, failed=state.failed))
    work.report.advance(done)


def _keep(work: PassWork, state: PassState) -> Steps[None]:
    yield from work.patience.call("jira", partial(work.store.write, packed(state)))
