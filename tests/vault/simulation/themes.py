"""What a play is about, and what each of its people then does, drawn from the seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.vault.simulation.actors import (
    Act,
    draws_a_string,
    forgets,
    gives_a_string,
    rewrites,
    saves,
    seals_anew,
    sweeps,
    tidies,
)
from tests.vault.simulation.truth import TOGETHER


@dataclass(frozen=True)
class Theme:
    """What a play is about. Where everything may happen, two of a kind seldom meet."""

    administrators: Sequence[str]
    worker: Sequence[str]
    chance_of_a_vendor: float
    chance_of_a_new_life: float


THEMES: Final = (
    Theme(("together", "consent", "visibility", "both", "forget", "forget together", "give",
           "draw"), ("rewrite", "reseal", "sweep", "tidy"), 0.4, 0.4),
    Theme(("draw", "consent", "draw", "both"), ("reseal", "tidy", "reseal"), 0.1, 0.0),
    Theme(("consent", "both", "consent"), ("sweep", "reseal", "tidy"), 0.3, 0.0),
    Theme(("together", "forget together"), ("sweep", "rewrite"), 0.3, 0.2),
    Theme(("together", "consent", "forget", "draw"), ("sweep", "sweep", "tidy"), 0.1, 1.0),
)  # fmt: skip


def acts_of_an_administrator(drawn: random.Random, theme: Theme, who: str) -> list[Act]:
    """One to four things that an administrator does."""
    return [
        _act_of_an_administrator(drawn.choice(theme.administrators), f"{who}-{number}", drawn)
        for number in range(drawn.randint(1, 4))
    ]


def acts_of_a_worker(drawn: random.Random, theme: Theme, who: str) -> list[Act]:
    acts: dict[str, Act] = {"reseal": seals_anew, "sweep": sweeps, "tidy": tidies}
    return [
        acts.get(name) or rewrites(f"{who}-{number}")
        for number, name in enumerate(drawn.choices(theme.worker, k=drawn.randint(1, 4)))
    ]


def _act_of_an_administrator(name: str, value: str, drawn: random.Random) -> Act:
    looks = drawn.random() < 0.3
    acts: dict[str, Act] = {
        "together": saves(TOGETHER, value, looks_first=looks),
        "consent": saves(["consent"], value, looks_first=looks),
        "visibility": saves(["visibility"], value),
        "both": saves(["consent", "visibility"], value, looks_first=looks),
        "forget": forgets(["consent"]),
        "forget together": forgets(TOGETHER),
        "give": gives_a_string(f"a string by {value}"),
        "draw": draws_a_string,
    }
    return acts[name]
