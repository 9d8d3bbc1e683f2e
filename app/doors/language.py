"""The reader's language, as Jira names it in a page's address."""

from __future__ import annotations

from typing import Final

from flask import request

LANGUAGES: Final = ("en", "de")


def language() -> str:
    """The language of the address, if there are words in it; else English."""
    named = request.args.get("loc", "").partition("-")[0].partition("_")[0].lower()
    return named if named in LANGUAGES else LANGUAGES[0]
