"""The case: what a member of staff is here for. It is said once and stands in each look's line.

No free text: a customer's or an employee's name typed there would rest in the log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.errors import InputRefused, Problem
from app.said import Sentence

LASTS: Final = timedelta(minutes=30)
CAUSES: Final[Mapping[str, str]] = {
    "support": "A customer asked for help",
    "receipt": "A customer asked for a receipt",
    "erasure": "Erasing after an uninstall",
    "silent": "A site has gone silent",
    "incident": "A security incident",
    "audit": "An audit",
}
# A number of some ticket system: SUP-1042, 2026/17. A digit is needed, a name has none.
_NUMBER: Final = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9]+(?:[-/.#][A-Za-z0-9]+)*")
_MOST: Final = 32
WHAT_FOR: Final = Sentence("staff.what_for", "Choose what you are here for.")
A_NUMBER: Final = Sentence(
    "staff.number", "Write the number of the case, such as SUP-1042: no names, no words."
)


@dataclass(frozen=True)
class Case:
    """A cause of CAUSES, the number under which the case is found, and until when it counts."""

    cause: str
    number: str
    until: datetime

    @property
    def reason(self) -> str:
        """As it stands in the log."""
        return f"{self.cause} {self.number}"


def opened(form: Mapping[str, str], now: datetime) -> Case:
    """The case as it was typed. Raises InputRefused naming every problem."""
    cause, number = form.get("cause", ""), form.get("number", "").strip()
    problems = []
    if cause not in CAUSES:
        problems.append(Problem("cause", WHAT_FOR()))
    if len(number) > _MOST or not _NUMBER.fullmatch(number):
        problems.append(Problem("number", A_NUMBER()))
    if problems:
        raise InputRefused(problems=problems)
    return Case(cause, number, now + LASTS)
