"""When the Entra secret ends: which of two it is, who said so, and which warning it calls for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.site_settings.expiry import (
    WARNINGS,
    PasswordCredential,
    day_of_ours,
    expiry_of,
    warning_at,
)
from app.site_settings.stored import SecretMark, StoredPart
from app.words import Secret
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import body

TODAY = date(2026, 3, 1)
OURS = Secret("abc8Q~the-one-in-use")


def part(
    given: str | None = None, learned: str | None = None, *, secret: bool = True
) -> StoredPart:
    return StoredPart(
        rules={"tenant_id": "t", "secret_expires_on": given},
        changed_at="2026-01-01T00:00:00Z",
        secret=SecretMark(changed_at="2026-01-01T00:00:00Z") if secret else None,
        learned={"roles": [], **({"secret_expires_on": learned} if learned else {})},
    )


@pytest.mark.parametrize(
    ("days", "warning"),
    [(61, None), (60, 60), (31, 60), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (2, 7),
     (1, 1), (0, 0), (-400, 0)],
)  # fmt: skip
def test_the_last_warning_that_is_reached_holds(days: int, warning: int | None) -> None:
    assert warning_at(days) == warning
    assert WARNINGS == (60, 30, 14, 7, 1)


def test_what_entra_id_says_wins_over_what_somebody_typed() -> None:
    found = expiry_of(part("2026-12-31", "2026-03-11"), TODAY)
    assert found is not None
    assert (found.expires_on, found.days_left, found.warning) == ("2026-03-11", 10, 14)
    assert found.read_from == "entra_id"
    typed = expiry_of(part("2026-12-31"), TODAY)
    assert typed is not None
    assert (typed.read_from, typed.warning) == ("settings", None)


@pytest.mark.parametrize("stored", [None, part(), part("2026-12-31", secret=False), part("soon")])
def test_where_nobody_named_a_day_there_is_none(stored: StoredPart | None) -> None:
    assert expiry_of(stored, TODAY) is None


def test_of_two_that_overlap_the_one_in_use_counts() -> None:
    newer = PasswordCredential("2028-01-01", "xyz")
    ours = PasswordCredential("2026-04-01", "abc")
    assert day_of_ours([newer, ours], OURS) == "2026-04-01"
    assert day_of_ours([newer], OURS) is None


def test_two_that_begin_alike_count_as_the_first_to_end() -> None:
    found = [PasswordCredential("2028-01-01", "abc"), PasswordCredential("2026-04-01", "abc")]
    assert day_of_ours(found, OURS) == "2026-04-01"


def test_a_single_one_without_its_first_characters_is_ours_and_several_are_nobodys() -> None:
    bare = PasswordCredential("2026-04-01")
    assert day_of_ours([bare], OURS) == "2026-04-01"
    assert day_of_ours([bare, PasswordCredential("2027-04-01")], OURS) is None
    assert day_of_ours([PasswordCredential("")], OURS) is None


def test_the_settings_show_how_long_the_secret_lasts(administrator: Administrator) -> None:
    ends = (TODAY + timedelta(days=29)).isoformat()
    saved = administrator.save("entra", body("entra", secret_expires_on=ends))
    assert saved["secret_expiry"] == {
        "expires_on": ends, "days_left": 29, "warning": 30, "read_from": "settings",
    }  # fmt: skip
    assert administrator.overview()["entra"] == saved
    assert "secret_expiry" not in administrator.save("entra", body("entra"))
