"""What a start may ask for: a mode, and a preview to keep to. Pure."""

from __future__ import annotations

from typing import Final

from app.errors import InputRefused, Problem
from app.words import Json

FIELDS: Final = ("mode", "preview")
MODES: Final = ("full", "delta", "preview", "accounts")


def asked(body: Json) -> tuple[str, str | None]:
    """Mode and preview of a start. Raises InputRefused, every problem named."""
    problems = [Problem(name, "This field is not known.") for name in body if name not in FIELDS]
    if body.get("mode") not in MODES:
        problems.append(Problem("mode", f"Choose one of {', '.join(MODES)}."))
    preview = body.get("preview")
    if preview is not None and (not isinstance(preview, str) or not preview):
        problems.append(Problem("preview", "Name a preview by its id."))
    elif preview is not None and body.get("mode") in ("preview", "accounts"):
        problems.append(Problem("preview", "Only an import can follow a preview."))
    if problems:
        raise InputRefused("The import was not started.", problems=problems)
    return str(body["mode"]), preview
