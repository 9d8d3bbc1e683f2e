"""Whoever Jira does not call an administrator is none, and without an answer nobody can say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from app.errors import AppError, NotThere, ServiceTimedOut, ServiceUnreachable
from app.instances.administrators import Administrators
from app.words import AccountId, Secret

SOMEBODY = AccountId("somebody")


def asked(door: str, says: bool | AppError) -> bool:
    def answer(*_: object) -> bool:
        if isinstance(says, AppError):
            raise says
        return says

    jira = SimpleNamespace(is_administrator=answer, administers=answer)
    site: Any = SimpleNamespace(door=door)
    desk = Administrators(lambda _: jira, lambda _, __: jira)
    return desk.is_one(site, SOMEBODY, Secret("of-somebody"))


@pytest.mark.parametrize("door", ["connect", "forge"])
def test_only_a_yes_is_a_yes(door: str) -> None:
    assert asked(door, says=True)
    assert not asked(door, says=False)
    assert not asked(door, NotThere())


@pytest.mark.parametrize("door", ["connect", "forge"])
def test_B11_a_late_answer_is_none(door: str) -> None:
    with pytest.raises(ServiceUnreachable):
        asked(door, ServiceTimedOut("late"))
