"""Given strings at the same time: each is derived, none hangs, and the memory stays that of one."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.vault.encryption_string import given, key_of
from app.words import Secret
from tests.stand_ins.clock import StoppedClock


@pytest.mark.timeout(60)
def test_four_at_once_all_end() -> None:
    def derive(number: int) -> bytes:
        text = Secret(f"the string of customer number {number}")
        return key_of(given(text, StoppedClock(), os.urandom)).reveal()

    with ThreadPoolExecutor(4) as pool:
        keys = list(pool.map(derive, range(4)))
    assert len(set(keys)) == 4
