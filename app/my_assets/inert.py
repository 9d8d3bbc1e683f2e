"""Text for the cells of a CSV: no part of it is run, whatever sign the spreadsheet separates by."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Spreadsheets run a cell that starts with one of these (OWASP, CSV Injection), the full-width
# forms too.
_STARTERS: Final = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_BREAKS: Final = ("\t", "\r", "\n")
# Where `;` or a tab separates cells, as it does in much of Europe, quotation marks that stand
# inside such a cell do not protect it: what follows one of these may be the start of a cell.
_SEPARATORS: Final = re.compile("([;\t\r\n])")


def inert(text: str) -> str:
    """The text with an apostrophe before each part that a spreadsheet could take for a formula."""
    whole = text.startswith(_BREAKS)
    parts = _SEPARATORS.split(text)
    guarded = "".join(f"'{one}" if _runs(one) else one for one in parts)
    return f"'{guarded}" if whole else guarded


def _runs(part: str) -> bool:
    first = next((sign for sign in part if not _looked_past(sign)), "")
    return first in _STARTERS


def _looked_past(sign: str) -> bool:
    """Blanks, what cannot be seen (a byte order mark), and quotation marks, which a cell loses."""
    return sign == '"' or unicodedata.category(sign)[0] in "CZ"
