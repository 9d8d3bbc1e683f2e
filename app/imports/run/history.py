"""The run history: what administrators see of runs, 28 days back, sealed in their own Jira.

Never a person in it, and nothing is decided from it but which execution in Assets is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from app.errors import (
    CredentialRefused,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
    SettingsUnreadable,
)
from app.imports.run.additions import kept, read
from app.imports.run.history_form import packed, unpacked
from app.imports.run.ports import HistoryStore
from app.imports.run.reasons import affected, next_step
from app.imports.run.ways import WHY_FULL
from app.instances.reference import stamp
from app.kept import RUN_HISTORY
from app.words import Json

# Sealed, padded and as base64 it has to fit into the 30,000 characters of a property: there is
# room for 28 days of hourly runs, and some more.
MOST_BYTES: Final = 22_000
ENDED: Final = ("succeeded", "failed", "cancelled")
COUNTS: Final = ("create", "update", "unchanged", "leavers", "skipped", "failed")
_INSIDE: Final = ("execution", "digest", "more")  # kept with a record, never shown


def new_record(run_id: str, mode: str, started: datetime) -> Json:
    return {
        "id": run_id,
        "mode": mode,
        "ran_as": None,
        "ran_because": None,
        "filter": None,
        "state": "queued",
        "phase": "queued",
        "progress": {"done": 0, "total": 0},
        "counts": dict.fromkeys(COUNTS, 0),
        "reason": None,
        "started_at": stamp(started),
        "updated_at": stamp(started),
        "ended_at": None,
    }


def shown(record: Json) -> Json:
    """A record as the contract shows a run."""
    run = {name: value for name, value in record.items() if name not in _INSIDE}
    run["filter"] = record.get("filter")
    run["ran_as"] = record.get("ran_as")
    why = WHY_FULL.get(str(record.get("ran_because")))
    run["ran_because"] = str(why()) if why else None
    run["why_full"] = read(kept(why())) if why else None
    step, more = next_step(run["reason"]), read(record.get("more"))
    run["next_step"] = f"{step} {more['message']}" if step and more else step
    run["more"] = more if step else None
    return run


def merged(record: Json | None, run: Json) -> Json:
    """A record brought up to date by the reference's `run`, which alone decides about its state."""
    base = dict(record) if record else _from_reference(run)
    state = str(run["state"])
    if base["state"] != state:
        base |= {"state": state, "reason": run.get("stop") or base["reason"]}
        if record and record["state"] == "braked":
            base["more"] = ""  # it told of the brake
        if state in ENDED:
            base |= {"phase": "ended", "ended_at": base["ended_at"] or run["lease"]}
    if state == "running" and run.get("stop"):
        base |= {"phase": "waiting", "reason": run["stop"], "more": ""}
    return base


def _from_reference(run: Json) -> Json:
    started = datetime.fromisoformat(str(run["started"]))
    record = new_record(str(run["id"]), str(run["mode"]), started)
    if run["state"] == "braked":
        # The reference knows no more than how many of a kind are affected, not in which way.
        harm = run.get("harm") or {}
        record["counts"]["leavers"] = sum(int(count) for count in harm.values())
        record |= {
            "state": "braked",
            "reason": run.get("stop") or "braked",
            "more": kept(affected(harm)),
        }
    return record


class History:
    """The records of one instance, newest first. Raises what the store raises."""

    def __init__(self, store: HistoryStore) -> None:
        self._store = store

    def read(self) -> list[Json]:
        """All records; none if there is nothing, or nothing that can be read."""
        content = self._store.read()
        return unpacked(content) if content else []

    def put(self, record: Json, now: datetime) -> None:
        """Write one record in place of its older self; the oldest go when there is no room."""
        others = [
            each
            for each in self._readable()
            if each.get("id") != record["id"] and not _goes_on_in(each, record)
        ]
        self._store.write(_packed(fresh([record, *others], now)))

    def forget_old(self, now: datetime) -> bool:
        """Take out what is over its time, if anything is. Raises what the store raises."""
        records = self.read()
        kept = fresh(records, now)
        if len(kept) == len(records):
            return False
        self._store.write(_packed(kept))
        return True

    def _readable(self) -> list[Json]:
        """None where what is stored does not open, or the history would stay blind for ever.

        Anybody on the site can overwrite the property. A store that does not answer is no reason
        to write over what it holds.
        """
        try:
            return self.read()
        except SettingsUnreadable:
            return []
        except (ServiceUnreachable, ServiceTimedOut, CredentialRefused):
            raise
        except ServiceFailed:
            return []

    def own_executions(self) -> frozenset[str]:
        """The executions in Assets that runs of ours started and did not see to their end."""
        return frozenset(str(each["execution"]) for each in self.read() if each.get("execution"))


def _goes_on_in(older: Json, record: Json) -> bool:
    """Whether an older part of a pass of Jira accounts is told by a newer one, counts and all.

    A pass may take days of hourly parts, which would push imports out.
    """
    return (
        older.get("mode") == record["mode"] == "accounts"
        and older.get("reason") == "accounts_go_on"
        and str(older.get("started_at", "")) < record["started_at"]
    )


def fresh(records: Iterable[Json], now: datetime) -> list[Json]:
    """Those that are not over their time, newest first: the others are not shown, nor kept."""
    oldest = stamp(now - RUN_HISTORY)
    kept = [each for each in records if str(each.get("started_at", "")) >= oldest]
    return sorted(kept, key=lambda each: str(each["started_at"]), reverse=True)


def _packed(records: Sequence[Json]) -> bytes:
    kept = list(records)
    while True:
        made = packed(kept)
        if len(made) <= MOST_BYTES or len(kept) <= 1:
            return made
        del kept[max(1, len(kept) * 15 // 16) :]
