"""How a step of a run calls a service: checked before, waiting when asked, never for ever.

A step is a generator: it gives a Wait, and whoever drives it waits. So a wait can be a message
made visible later, and nothing sleeps in here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from app.errors import (
    AppError,
    CredentialRefused,
    NotAllowed,
    NotConfigured,
    OwnServiceUnreachable,
    SettingsUnreadable,
    SiteTokenMissing,
    SlowDown,
    TooLarge,
)
from app.imports.run.additions import MISSING, NOT_BEFORE
from app.imports.run.entra_reasons import entra_reason
from app.imports.run.places import FAILED, NOT_ALLOWED, REFUSED, Where
from app.imports.run.ports import MappingRefused, StartRefused, SubmitRefused
from app.words import Clock, RandomBytes

Result = TypeVar("Result")


@dataclass(frozen=True)
class Wait:
    """`for_what` is a code of `run.reasons` where the run stands until something comes.

    `guessed`: a service failed and nobody said for how long. Its tries begin anew where another
    process goes on, so such attempts are counted there, lest it be asked for hours.
    """

    seconds: float
    for_what: str = ""
    guessed: bool = False


Steps = Generator[Wait, None, Result]
Check = Callable[[], None]

TRIES: Final = 5
THROTTLED_TRIES: Final = 10  # asked to wait without saying for how long
OWN_TRIES: Final = 60  # most of an hour: nobody but us can mend our own table and keys
TOLD_TRIES: Final = 500  # asked to wait for a named time: the deadline is the real bound
LONGEST_BACK_OFF: Final = 60.0
MOST_MORE: Final = 30.0  # seconds that a wait is made longer by at most
MOST_CROWDED: Final = 3
EASES_AFTER: Final = 20  # calls in a row that went well
SHORTEST_WAIT: Final = 0.05
TOKEN_LOOK: Final = 30.0  # between two looks for a site token: the site sends one each hour


class RunEnds(Exception):
    """The run is over: `reason` is a code. `more` is added to the next step, no person in it."""

    def __init__(self, reason: str, state: str = "failed", more: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.state = state
        self.more = more


class RunLost(Exception):
    """The run is not ours any more: uninstalled, or another leg took it. Write nothing."""


class HandBack(Exception):
    """This process stops: another one shall take the run up again."""


class Crowd:
    """How often a service asked to wait lately. Whoever comes back the moment it is allowed to
    meets a quota that gave one place back, and is sent away again after one call."""

    def __init__(self) -> None:
        self._times = 0
        self._went_well = 0

    def grown(self) -> int:
        """It asked again. Gives how often it had asked before, `MOST_CROWDED` at most."""
        before, self._went_well = self._times, 0
        self._times = min(before + 1, MOST_CROWDED)
        return before

    def eased(self) -> None:
        self._went_well += 1
        if self._went_well >= EASES_AFTER:
            self._times, self._went_well = max(0, self._times - 1), 0


class Patience:
    """`check` raises RunEnds or RunLost when the run may not go on; it comes before each call.

    `check_anew` trusts nothing that was seen a moment ago: for what cannot be taken back.
    """

    def __init__(
        self, check: Check, deadline: datetime, clock: Clock, random: RandomBytes,
        check_anew: Check | None = None,
    ) -> None:  # fmt: skip
        self.check = check
        self.check_anew = check_anew or check
        self._deadline = deadline
        self._clock = clock
        self._random = random
        self._crowds: defaultdict[Where, Crowd] = defaultdict(Crowd)

    def call(self, where: Where, action: Callable[[], Result]) -> Steps[Result]:
        """The action's result, after as many tries as are sensible. Raises RunEnds.

        A failure to look whether the run may go on is the app's own, not that of who is called; so
        is one of its keys, wherever they are needed.
        """
        tries = dict.fromkeys((*FAILED, "told"), 0)
        while True:
            place: Where = "app"
            try:
                self.check()
                place = where
                found = action()
            except SiteTokenMissing:
                yield self._until_the_next_token()
            except AppError as failure:
                place = "app" if isinstance(failure, OwnServiceUnreachable) else place
                said = failure.retry_after
                tries[place if said is None else "told"] += 1
                self._judge(place, failure, tries[place], tries["told"])
                if said is None:
                    yield self.wait(self._back_off(tries[place]), guessed=place != "app")
                else:
                    yield self.wait(self._told(place, said))
            else:
                self._crowds[where].eased()
                return found

    def beside(self, threads: Executor, action: Callable[[], Result]) -> Future[Result]:
        """Begin the action in another thread. It may have to queue, so it looks when it begins."""

        def begin() -> Result:
            self.check()
            return action()

        return threads.submit(begin)

    def wait(self, seconds: float, *, guessed: bool = False) -> Wait:
        """A wait that the deadline allows. Raises RunEnds."""
        now = self._clock()
        if seconds > (self._deadline - now).total_seconds():
            until = now + timedelta(seconds=min(seconds, 366 * 86_400))
            raise RunEnds("asked_to_wait", more=NOT_BEFORE(time=f"{until:%Y-%m-%dT%H:%M:%SZ}"))
        return Wait(max(seconds, SHORTEST_WAIT), guessed=guessed)

    def _told(self, where: Where, seconds: float) -> float:
        """As long as was asked for, and longer where it is asked for again and again."""
        return seconds + min(seconds * self._crowds[where].grown(), MOST_MORE)

    def _until_the_next_token(self) -> Wait:
        """Not a failure to count: the site sends one by itself, or the deadline comes first."""
        if (self._deadline - self._clock()).total_seconds() <= TOKEN_LOOK:
            raise RunEnds("no_site_token")
        return Wait(TOKEN_LOOK, "site_token")

    def _judge(self, where: Where, failure: AppError, tries: int, told: int) -> None:
        """Raise if trying again makes no sense."""
        if isinstance(failure, StartRefused | MappingRefused | SubmitRefused | TooLarge):
            raise failure
        if isinstance(failure, CredentialRefused):
            # A number is Entra ID's, which is asked for another token in the middle of a read, too.
            by_entra = where == "entra" or failure.code is not None
            raise RunEnds(entra_reason(failure) if by_entra else REFUSED[where]) from None
        if isinstance(failure, NotAllowed):
            named = " ".join(problem.field for problem in failure.problems)
            more = MISSING(permissions=named) if named else ""
            raise RunEnds(NOT_ALLOWED[where], more=more) from None
        if isinstance(failure, SettingsUnreadable):
            raise RunEnds("settings_unreadable") from None
        if isinstance(failure, NotConfigured):
            raise RunEnds("not_set_up") from None
        if not failure.retryable:
            raise RunEnds(FAILED[where]) from None
        most = THROTTLED_TRIES if isinstance(failure, SlowDown) else TRIES
        most = OWN_TRIES if where == "app" else most
        if tries >= most or told >= TOLD_TRIES:
            raise RunEnds(FAILED[where]) from None

    def _back_off(self, tries: int) -> float:
        """Doubling from half a second, with jitter, so that many runs do not knock together."""
        full = min(LONGEST_BACK_OFF, 0.5 * 2.0 ** (tries - 1))
        return full * (0.5 + self._random(1)[0] / 512)
