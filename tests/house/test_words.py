"""A secret shows itself nowhere but where it is asked for by name."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import traceback

import pytest

from app.words import Secret

CANARY = "canary-91c2"


@dataclasses.dataclass
class Holder:
    secret: Secret


def test_D9_no_way_of_printing_shows_it() -> None:
    secret = Secret(CANARY)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>9}", "%s" % secret,
             repr([secret]), repr({"a": secret}), repr(Holder(secret))]  # fmt: skip
    assert not [text for text in shown if CANARY in text]


def test_D9_it_cannot_be_pickled_or_copied() -> None:
    for leak in (pickle.dumps, copy.copy, copy.deepcopy, lambda s: dataclasses.asdict(Holder(s))):
        with pytest.raises(TypeError):
            leak(Secret(CANARY))


def test_D9_a_traceback_does_not_show_it() -> None:
    secret = Secret(CANARY)
    try:
        raise ValueError(secret)
    except ValueError as error:
        text = "".join(
            traceback.TracebackException.from_exception(error, capture_locals=True).format()
        )
    assert CANARY not in text.replace(f'"{CANARY}"', "").replace("CANARY", "")


def test_it_is_revealed_by_name_only() -> None:
    assert Secret(CANARY).reveal() == CANARY.encode()
    assert Secret(CANARY.encode()).reveal_text() == CANARY
    assert not hasattr(Secret(CANARY), "__dict__")
    assert (len(Secret("abc")), bool(Secret("")), bool(Secret("a"))) == (3, False, True)
