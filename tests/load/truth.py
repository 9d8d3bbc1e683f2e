"""What must be true after a night: what was accepted ended once, and nobody waited for others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.imports.run.reasons import NEXT_STEPS
from tests.load.instances import Site
from tests.load.play import FIRST_DUE, HOUR, Played
from tests.load.watched_table import Fate

NOT_OVER: Final = 600.0  # seconds before the end: what was accepted later may still be open


@dataclass(frozen=True)
class Delays:
    """Seconds from the due time to the end of the run, of instances without a trouble."""

    median: float
    p95: float
    longest: float


def untruths(played: Played) -> Iterator[str]:
    """Each thing that should not be, in words."""
    for run_id, fate in played.table.fates.items():
        yield from _one_end(played, run_id, fate)
    for site in played.sites.values():
        yield from _executions(played, site)
        if site.trouble in ("none", "flood"):
            yield from _every_hour(played, site)
            yield from _assets_are_as_the_directory(site)
    for message in played.queue.dead:
        yield f"a dead letter: {message.body[:60]!r}"
    if played.queue.waiting > len(played.sites) // 10 and not _open(played):
        yield f"{played.queue.waiting} messages are left over"


def delays(played: Played) -> Delays:
    """How long instances without a trouble waited for the end of their scheduled runs."""
    waited = sorted(
        fate.endings[0][0] - _hour_of(fate)
        for fate in played.table.fates.values()
        if fate.endings and played.sites[fate.instance].trouble == "none"
    )
    if not waited:
        return Delays(0.0, 0.0, 0.0)
    return Delays(waited[len(waited) // 2], waited[int(len(waited) * 0.95)], waited[-1])


def _hour_of(fate: Fate) -> float:
    return FIRST_DUE + (fate.accepted - FIRST_DUE) // HOUR * HOUR


def _open(played: Played) -> list[Fate]:
    return [fate for fate in played.table.fates.values() if not fate.endings]


def _one_end(played: Played, run_id: str, fate: Fate) -> Iterator[str]:
    said = f"{played.sites[fate.instance].trouble}: the run {run_id[:8]} of {fate.instance}"
    if not fate.endings and fate.accepted < played.night.seconds - NOT_OVER:
        yield f"{said}, accepted at {fate.accepted:,.0f} s, never ended"
    if len(fate.endings) > 1:
        yield f"{said} ended {len(fate.endings)} times: {fate.endings}"
    for _, state, reason in fate.endings:
        if state == "failed" and reason not in NEXT_STEPS:
            yield f"{said} failed and does not say why"
        if state == "failed" and played.sites[fate.instance].trouble == "none":
            yield f"{said} failed although nothing was wrong with it: {reason}"


def _executions(played: Played, site: Site) -> Iterator[str]:
    open_ones = [e.id for e in site.assets.executions.values() if e.state == "INGESTING"]
    open_runs = [fate for fate in _open(played) if fate.instance == site.id]
    if len(open_ones) > len(open_runs):
        yield f"{site.trouble}: {site.id} has {len(open_ones)} executions under way"
    done = sum(write == "execution" for write in site.assets.writes)
    changes = 1 + (f"{site.id}-new" in site.graph.people_by_id)
    if done > changes:
        yield f"{site.trouble}: {site.id} was written {done} times for {changes} changes"


def _every_hour(played: Played, site: Site) -> Iterator[str]:
    """Each due time moved once, and a run of that hour succeeded."""
    moves = played.table.due_moves[site.id]
    if len(moves) != len(set(moves)):
        yield f"{site.id}: a due time moved twice: {moves}"
    fates = [fate for fate in played.table.fates.values() if fate.instance == site.id]
    for hour in range(played.night.hours):
        begin = FIRST_DUE + hour * HOUR
        within = [fate for fate in fates if begin <= fate.accepted < begin + HOUR]
        scheduled = [fate for fate in within if fate.mode == "delta"]
        if len(scheduled) != 1 and site.trouble == "none":
            yield f"{site.id}: {len(scheduled)} scheduled runs in hour {hour}"
        if not any(ending[1] == "succeeded" for fate in within for ending in fate.endings):
            yield f"{site.trouble}: {site.id}: nothing succeeded in hour {hour}"


def _assets_are_as_the_directory(site: Site) -> Iterator[str]:
    for name, wanted in (
        ("Person", site.graph.people_by_id),
        ("Device", site.graph.devices_by_id),
        ("Group", site.graph.groups_by_id),
    ):
        things = site.assets.of(name)
        if sorted(thing.plain.get("Entra ID", "") for thing in things) != sorted(wanted):
            yield f"{site.id}: {len(things)} objects of {name} for {len(wanted)} in Entra ID"
    moved = [each for each in site.assets.of("Person") if each.plain.get("Department") == "Moved"]
    wanted_moved = [each for each in site.graph.people_by_id.values() if each.department == "Moved"]
    if len(moved) != len(wanted_moved):
        yield f"{site.id}: a change did not arrive"
