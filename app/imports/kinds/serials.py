"""Which serial numbers say nothing: what makers leave in where a number should stand. Pure.

A serial number is never a key here; one of these is not even shown.
"""

from __future__ import annotations

from typing import Final

# Compared without case, spaces and punctuation. Source: facts 3.8 (belief) and what firmware of
# boards that were never numbered is known to hold.
_WORDS: Final = """
    default defaultstring none null nil na notapplicable notavailable notspecified unknown undefined
    invalid empty oem tobefilledbyoem tobefilled filledbyoem serialnumber systemserialnumber
    chassisserialnumber baseboardserialnumber boardserialnumber sernum sn serial test unspecified
    01234567 012345678 0123456789 123456 1234567 12345678 123456789 1234567890 123456789012
"""
PLACEHOLDERS: Final = frozenset(_WORDS.split())
# As many devices with one number do not come from putting a machine up again: it is a placeholder.
SHARED_BY: Final = 5


def real_serial(given: str | None) -> str:
    """The serial number, or nothing for a placeholder."""
    text = (given or "").strip()
    plain = "".join(letter for letter in text.casefold() if letter.isalnum())
    if len(set(plain)) <= 1 or plain in PLACEHOLDERS:
        return ""
    return text
