"""The codes with which Assets refuses a mapping. They may be shown; the messages beside may not."""

from __future__ import annotations

import re
from typing import Final

from app.errors import ServiceFailed
from app.outside.answers import items, mapping, text_or_none
from app.outside.http import Answer
from app.said import Sentence

MOST_CODES: Final = 20
_CODE: Final = re.compile(r"[A-Z_]{1,64}")

CODE: Final = Sentence("mapping.code", "Assets names this code.")


def refusal_codes(answer: Answer) -> list[str]:
    """The codes of a refusal, each once. Their messages quote values, so they stay behind."""
    try:
        rows = items(mapping(answer.json()).get("dataValidationErrors") or [])
    except ServiceFailed:
        return []
    codes = (text_or_none(row, "code") or "" for row in rows)
    return [code for code in dict.fromkeys(codes) if _CODE.fullmatch(code)][:MOST_CODES]
