"""An SQS FIFO queue in made-up time. It enforces what SQS enforces, and may do what SQS may.

Order within a group, a group closed while a message of it is worked on, visibility, a handle that
is void once the message was handed out again, five minutes of deduplication, dead letters
(Amazon SQS Developer Guide, "FIFO queue delivery logic"). `unruly` is the chance of each thing
that senders and networks do beyond that: a message sent twice, or before the one before it.
"""

from __future__ import annotations

import itertools
import json
import random
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from app.errors import OwnServiceUnreachable
from app.imports.legs.queue_runner import Received
from tests.load.virtual_time import VirtualTime

CALL = 0.01
LONG_POLL = 20.0  # the longest that SQS knows
DEAD_AFTER = 1000


@dataclass
class Message:
    body: str
    group: str
    received: int = 0
    handle: str = ""
    visible_at: float = 0.0


@dataclass
class FifoQueue:
    """Both ends of the queue, and `dead`, its dead letters. `is_down` says when nobody answers."""

    time: VirtualTime
    seed: int
    unruly: float = 0.0
    groups: OrderedDict[str, list[Message]] = field(default_factory=OrderedDict)
    dead: list[Message] = field(default_factory=list)
    deliveries: int = 0
    sent: int = 0
    down: tuple[range, ...] = ()

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._handles = itertools.count(1)
        self._idle: list[threading.Event] = []

    def put(self, message: str, group: str, delay: float = 0.0) -> None:
        self._call()
        self.sent += 1
        waiting = self.groups.setdefault(group, [])
        twice = self._random.random() < self.unruly
        for _ in range(2 if twice else 1):
            before = len(waiting) if self._random.random() >= self.unruly else 0
            waiting.insert(before, Message(message, group))
        self._wake()

    def receive(self, visible_again: int) -> Received | None:
        self._call()
        until = self.time.now + LONG_POLL
        while True:
            found = self._next()
            if found is not None:
                return self._handed_out(found, visible_again)
            if self.time.now >= until:
                return None
            woken = threading.Event()
            self._idle.append(woken)
            self.time.wait(woken, min(until, self._soonest()) - self.time.now)
            if woken in self._idle:
                self._idle.remove(woken)

    def extend(self, received: Received, seconds: float) -> None:
        self._call()
        found = self._held(received)
        found.visible_at = self.time.now + seconds
        self._wake()

    def delete(self, received: Received) -> None:
        self._call()
        found = self._held(received)
        self.groups[found.group].remove(found)
        if not self.groups[found.group]:
            del self.groups[found.group]
        self._wake()

    @property
    def waiting(self) -> int:
        return sum(map(len, self.groups.values()))

    def _call(self) -> None:
        self.time.sleep(CALL)
        if any(int(self.time.now) in window for window in self.down):
            raise OwnServiceUnreachable("The import queue cannot be reached.")

    def _next(self) -> Message | None:
        """The first message that may be seen. A group waits for the one of it that is out."""
        now = self.time.now
        for group, messages in self.groups.items():
            if all(each.visible_at <= now for each in messages):
                self.groups.move_to_end(group)
                return messages[0]
        return None

    def _soonest(self) -> float:
        now = self.time.now
        times = (each.visible_at for group in self.groups.values() for each in group)
        return min((at for at in times if at > now), default=now + LONG_POLL)

    def _handed_out(self, message: Message, visible_again: int) -> Received | None:
        message.received += 1
        self.deliveries += 1
        if message.received > DEAD_AFTER:
            self.groups[message.group].remove(message)
            self.dead.append(message)
            return None
        message.handle = f"handle-{next(self._handles)}"
        message.visible_at = self.time.now + visible_again
        return Received(message.body, message.handle)

    def _held(self, received: Received) -> Message:
        for messages in self.groups.values():
            for each in messages:
                if each.handle == received.handle and each.visible_at > self.time.now:
                    return each
        raise OwnServiceUnreachable("The receipt handle has expired.")

    def _wake(self) -> None:
        """One of those who wait: there may be something for it."""
        if self._idle:
            self._idle.pop(0).set()


def poison(seed: int, group: str) -> list[str]:
    """What a stranger, or an older version, may have left in the queue."""
    drawn = random.Random(seed)
    made = [
        "", "null", "[]", "[" * 50_000, '{"instance":""}', "\x00", "9" * 5_000,
        json.dumps({"instance": "", "generation": "", "run": "", "leg": 1}),
        json.dumps({"instance": group, "generation": "g0", "run": "r", "leg": 1}),
        json.dumps({"instance": group, "generation": "g1", "run": "r", "leg": 10**30}),
        json.dumps({"instance": ["x"], "generation": {}, "run": 1, "leg": None}),
        json.dumps({"tidy": "", "generation": ""}), json.dumps({"tidy": group}),
    ]  # fmt: skip
    return drawn.sample(made, len(made))
