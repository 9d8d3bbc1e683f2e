"""A token of Entra ID is asked for anew before it ends, by whoever needs it first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.errors import SlowDown
from app.outside.microsoft.entra import EntraToken
from app.outside.microsoft.lasting_token import LastingToken
from app.words import Secret
from tests.stand_ins.clock import StoppedClock


def tokens(expires_in: int = 3600) -> tuple[list[str], Callable[[], EntraToken]]:
    asked: list[str] = []

    def ask() -> EntraToken:
        asked.append(f"t{len(asked)}")
        return EntraToken(Secret(asked[-1]), expires_in, frozenset())

    return asked, ask


def test_one_token_serves_until_five_minutes_before_its_end() -> None:
    clock, (asked, ask) = StoppedClock(), tokens()
    token = LastingToken(ask, clock)
    clock.pass_(seconds=3299)
    assert token.authorization("GET", "x") == "Bearer t0"
    clock.pass_(seconds=1)
    assert token.authorization("GET", "x") == "Bearer t1"
    assert token.authorization("GET", "x") == "Bearer t1"
    assert asked == ["t0", "t1"]


def test_a_short_lived_token_is_not_asked_for_each_time() -> None:
    clock, (asked, ask) = StoppedClock(), tokens(60)
    token = LastingToken(ask, clock)
    clock.pass_(seconds=29)
    token.authorization("GET", "x")
    assert asked == ["t0"]


def test_a_refusal_to_give_another_one_reaches_who_asked_and_heals() -> None:
    clock, (asked, ask) = StoppedClock(), tokens()
    refusals = [SlowDown("wait", retry_after=5.0)]

    def sometimes() -> EntraToken:
        if asked and refusals:
            raise refusals.pop()
        return ask()

    token = LastingToken(sometimes, clock)
    clock.pass_(hours=1)
    with pytest.raises(SlowDown):
        token.authorization("GET", "x")
    assert token.authorization("GET", "x") == "Bearer t1"


def test_it_shows_no_token() -> None:
    _, ask = tokens()
    token = LastingToken(ask, StoppedClock())
    assert "t0" not in repr(token) + repr(vars(token))
