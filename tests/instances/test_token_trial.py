"""A system token that a person may have put into a call is tried before it is kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.errors import ServiceUnreachable
from app.instances.administrators import Administrators
from app.instances.token_trial import TokenTrial
from app.words import AccountId, Secret
from tests.stand_ins.clock import StoppedClock

TOKEN, ADMIN, SOMEBODY = Secret("token"), AccountId("admin"), AccountId("somebody")
SITE: Any = SimpleNamespace(instance_id="site-1", door="forge")


class Reads:
    """What a read with the token says."""

    def __init__(self) -> None:
        self.says: bool | Exception | None = None
        self.asked = 0

    def __call__(self, *_: object) -> bool | None:
        self.asked += 1
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


def made(reads: Reads, clock: StoppedClock) -> TokenTrial:
    def as_user(_: object, token: Secret) -> Any:
        return SimpleNamespace(administers=lambda: token.reveal() == b"of-admin")

    return TokenTrial(reads, Administrators(cast("Any", None), as_user), clock)


@pytest.fixture
def reads() -> Reads:
    return Reads()


def test_what_reads_our_storage_passes_for_whoever_brought_it(reads: Reads) -> None:
    reads.says = True
    assert made(reads, StoppedClock()).passes(SITE, TOKEN, SOMEBODY, None)


def test_what_does_not_read_it_passes_for_nobody_not_even_an_administrator(reads: Reads) -> None:
    reads.says = False
    assert not made(reads, StoppedClock()).passes(SITE, TOKEN, ADMIN, Secret("of-admin"))


def test_with_nothing_to_read_an_administrator_stands_for_it(reads: Reads) -> None:
    trial = made(reads, StoppedClock())
    assert trial.passes(SITE, TOKEN, ADMIN, Secret("of-admin"))
    assert not trial.passes(SITE, TOKEN, SOMEBODY, Secret("of-somebody"))
    assert not trial.passes(SITE, TOKEN, None, Secret("of-admin"))
    assert not made(reads, StoppedClock()).passes(SITE, TOKEN, ADMIN, None)


def test_when_nobody_can_say_it_does_not_pass(reads: Reads) -> None:
    reads.says = ServiceUnreachable("down")
    assert not made(reads, StoppedClock()).passes(SITE, TOKEN, SOMEBODY, None)


def test_who_failed_is_not_tried_again_for_half_a_minute_and_nobody_else_waits(
    reads: Reads,
) -> None:
    clock = StoppedClock()
    trial, reads.says = made(reads, clock), False
    for _ in range(100):
        assert not trial.passes(SITE, TOKEN, SOMEBODY, None)
    assert reads.asked == 1
    reads.says = True
    assert trial.passes(SITE, TOKEN, ADMIN, None)
    clock.pass_(seconds=30)
    assert trial.passes(SITE, TOKEN, SOMEBODY, None)
