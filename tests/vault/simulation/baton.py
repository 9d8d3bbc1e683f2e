"""Several actors, one of them at a time: who goes on next is drawn from the seed, at every call.

An actor waits before each call to the outside. The same seed gives the same interleaving.
"""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
_LONGEST = 30.0  # seconds an actor may hold the baton: beyond it hangs


class Actor:
    """One process. `run` begins when it first gets the baton."""

    def __init__(self, name: str, run: Callable[[Actor], None]) -> None:
        self.name = name
        self._run = run
        self._mine, self._given_back = threading.Semaphore(0), threading.Semaphore(0)
        self.is_over = False
        self.steps = 0
        self.fault: BaseException | None = None
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)
        self._thread.start()

    def pause(self) -> None:
        """Give the baton back and wait for it."""
        self._given_back.release()
        self._mine.acquire()

    def go_on(self) -> None:
        """Have the baton until the next pause or the end."""
        self._mine.release()
        if not self._given_back.acquire(timeout=_LONGEST):
            raise TimeoutError(f"{self.name} hangs")
        if self.is_over:
            self._thread.join()

    def _live(self) -> None:
        self._mine.acquire()
        try:
            self._run(self)
        except BaseException as fault:  # noqa: BLE001 - the simulation tells
            self.fault = fault
        self.is_over = True
        self._given_back.release()


class Baton:
    """Hands itself to one actor or one delayed call after the other."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._stalls: dict[int, tuple[int, int]] = {}
        self.actors: list[Actor] = []
        self.delayed: list[Callable[[], None]] = []
        self.steps = 0

    def run(self) -> None:
        """Until everybody is through and everything has arrived. Raises what an actor raised."""
        while True:
            alive = [each for each in self.actors if not each.is_over]
            if not alive and not self.delayed:
                return
            self.steps += 1
            waiting = [each for each in alive if not self._is_stalled(each)] or alive
            chosen = self._random.randrange(len(waiting) + len(self.delayed))
            if chosen >= len(waiting):
                self.delayed.pop(chosen - len(waiting))()
                continue
            actor = waiting[chosen]
            actor.steps += 1
            actor.go_on()
            if actor.fault is not None:
                raise actor.fault

    def enter(self, actor: Actor) -> None:
        """Half of the actors stand still once, at some call, while the others go a long way."""
        self.actors.append(actor)
        if self._random.random() < 0.5:
            self._stalls[id(actor)] = (self._random.randint(1, 16), self._random.randint(5, 80))

    def _is_stalled(self, actor: Actor) -> bool:
        at, left = self._stalls.get(id(actor), (0, 0))
        if actor.steps != at or not left:
            return False
        self._stalls[id(actor)] = (at, left - 1)
        return True


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """The vault's calls side by side become calls one after the other: no thread but the actor's.

    Patches the name in every module of the vault that uses it.
    """
    users = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("app.vault.") and "aside" in vars(module) and not name.endswith(".aside")
    ]
    real = {module: vars(module)["aside"] for module in users}
    try:
        for module in users:
            vars(module)["aside"] = _at_once
        yield
    finally:
        for module, function in real.items():
            vars(module)["aside"] = function


def _at_once(call: Callable[[], T]) -> Future[T]:
    done: Future[Any] = Future()
    try:
        done.set_result(call())
    except BaseException as error:  # noqa: BLE001 - handed to whoever asks for the result
        done.set_exception(error)
    return done
