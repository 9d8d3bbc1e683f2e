"""Looks, before each call that leaves, whether this run may still go on.

An uninstalled instance, a cancelled run, a withdrawn consent: no call starts more than 2 s later.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from app.imports.run.idle import DEADLINE
from app.imports.run.patience import HandBack, RunEnds, RunLost
from app.imports.run.runs import ENDED, Hold, Runs
from app.instances.reference import InstanceReference
from app.words import Clock

FRESH: Final = timedelta(seconds=1.5)  # of the two seconds that the contract gives
CONSENT_FRESH: Final = FRESH
RENEW_AFTER: Final = timedelta(seconds=10)


class Guard:
    """`stopping` tells that this process shall end soon."""

    def __init__(
        self,
        runs: Runs,
        hold: Hold,
        began: datetime,
        consented: Callable[[InstanceReference], bool],
        stopping: Callable[[], bool],
        clock: Clock,
    ) -> None:
        self._runs = runs
        self._hold = hold
        self._consented = consented
        self._stopping = stopping
        self._clock = clock
        self._deadline = began + DEADLINE
        self._looked: datetime | None = None
        self._asked: datetime | None = None
        self._renewed = clock()
        self._one_at_a_time = Lock()  # pages are fetched beside the work, and look too

    def check(self) -> None:
        """Raises RunLost, HandBack, RunEnds; ServiceUnreachable if the table does not answer."""
        self._check(FRESH)

    def check_anew(self) -> None:
        """As `check`, by what the table says now: a cancelled run shall not begin to write."""
        self._check(timedelta(0))

    def _check(self, fresh: timedelta) -> None:
        now = self._clock()
        if self._stopping():
            raise HandBack
        if now >= self._deadline:
            raise RunEnds("deadline")
        with self._one_at_a_time:
            if self._looked is None or now - self._looked >= fresh:
                self._look(now)
                self._looked = now

    def _look(self, now: datetime) -> None:
        found = self._runs.table.read(self._hold.instance_id)
        if (
            found is None
            or found.state != "installed"
            or found.generation != self._hold.generation
            or found.run is None
            or found.run["id"] != self._hold.run_id
        ):
            raise RunLost
        if found.run["state"] in ENDED:
            raise RunEnds(str(found.run["stop"]) or "cancelled", str(found.run["state"]))
        if found.run["fence"] != self._hold.fence:
            raise RunLost
        if self._asked is None or now - self._asked >= CONSENT_FRESH:
            self._asked = now
            if not self._consented(found):
                raise RunEnds("consent_withdrawn")
        if now - self._renewed >= RENEW_AFTER:
            self._renewed = now
            if not self._runs.renew(self._hold):
                raise RunLost
