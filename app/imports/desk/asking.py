"""What a start may ask for: a mode, and a preview to keep to. Pure."""

from __future__ import annotations

from typing import Final

from app.errors import InputRefused, Problem
from app.said import Sentence
from app.sentences import CHOOSE
from app.words import Json

FIELDS: Final = ("mode", "preview")
MODES: Final = ("full", "delta", "preview", "accounts")
NOT_STARTED: Final = Sentence("import.not_started", "The import was not started.")
NO_SUCH_FIELD: Final = Sentence("import.no_such_field", "This field is not known.")
BY_ITS_ID: Final = Sentence("import.preview_id", "Name a preview by its id.")
ONLY_AN_IMPORT: Final = Sentence("import.only_after", "Only an import can follow a preview.")


def asked(body: Json) -> tuple[str, str | None]:
    """Mode and preview of a start. Raises InputRefused, every problem named."""
    problems = [Problem(name, NO_SUCH_FIELD()) for name in body if name not in FIELDS]
    if body.get("mode") not in MODES:
        problems.append(Problem("mode", CHOOSE(choices=MODES)))
    preview = body.get("preview")
    if preview is not None and (not isinstance(preview, str) or not preview):
        problems.append(Problem("preview", BY_ITS_ID()))
    elif preview is not None and body.get("mode") in ("preview", "accounts"):
        problems.append(Problem("preview", ONLY_AN_IMPORT()))
    if problems:
        raise InputRefused(NOT_STARTED(), problems=problems)
    return str(body["mode"]), preview
