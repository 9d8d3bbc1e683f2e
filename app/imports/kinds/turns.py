"""How a value of Graph becomes the text that Assets keeps. Pure, and the same for both sides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

ACTIVE: Final = "Active"
DISABLED: Final = "Disabled"
LEFT: Final = "Left"

# Assets: text up to 255 characters, textarea recommended up to 5,000 (facts, 1.12).
TEXT_LIMIT: Final = 255
TEXTAREA_LIMIT: Final = 5000


def as_text(value: object) -> str:
    """Text as Assets keeps it: no white space around it, no longer than it takes."""
    if not isinstance(value, str):
        return ""
    text = value.strip()
    return text if len(text) <= TEXT_LIMIT else text[:TEXT_LIMIT].rstrip()


def as_name(value: object) -> str:
    """Text that identifies: on one line, so that it can stand in a query."""
    text = value if isinstance(value, str) else ""
    return as_text("".join(max(letter, " ") for letter in text))


def as_long_text(value: object) -> str:
    return value.strip()[:TEXTAREA_LIMIT].rstrip() if isinstance(value, str) else ""


def as_status(enabled: object) -> str:
    """`accountEnabled`. Only a plain no disables: null is common among devices."""
    return DISABLED if enabled is False else ACTIVE


def as_known_status(name: object) -> str:
    """A status as Assets shows it, spelled as here: an existing one is adopted as it is."""
    text = as_text(name)
    return {each.casefold(): each for each in (ACTIVE, DISABLED, LEFT)}.get(text.casefold(), text)


def as_compliance(compliant: object) -> str:
    """`isCompliant`, in the words of Intune's `complianceState`; those are kept as they are."""
    if isinstance(compliant, str):
        return as_text(compliant)
    if compliant is True:
        return "compliant"
    return "noncompliant" if compliant is False else ""


def as_moment(value: object) -> str:
    """An ISO 8601 time in UTC to the second, so that equal times compare equal; else the text."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def as_day(value: object) -> str:
    return as_moment(value)[:10]
