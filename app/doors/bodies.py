"""JSON bodies of API calls: bounded, objects only, no name given twice."""

from __future__ import annotations

import json
from typing import Any, Final

from flask import request

from app.errors import InputRefused, Problem, TooLarge
from app.said import Said, Sentence
from app.sentences import NOT_KNOWN_HERE, ONCE, TOO_LARGE
from app.words import Json

MAX_BODY_BYTES: Final = 256 * 1024
NOT_JSON: Final = Sentence("body.no_json", "The body is not JSON, or names a field twice.")
NO_OBJECT: Final = Sentence("body.not_an_object", "The body must be a JSON object.")


def json_object() -> Json:
    """The body as a JSON object. Raises InputRefused, TooLarge."""
    body = request.get_data()
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge(TOO_LARGE())
    try:
        value = json.loads(body, object_pairs_hook=_no_twins)
    except (ValueError, RecursionError):
        raise _refused(NOT_JSON()) from None
    if not isinstance(value, dict):
        raise _refused(NO_OBJECT())
    return value


def single_values(*names: str) -> dict[str, str | None]:
    """These query values, each once or not at all; any other name is a problem to name."""
    problems = [Problem(name, NOT_KNOWN_HERE()) for name in request.args if name not in names]
    problems += [Problem(n, ONCE()) for n in names if len(request.args.getlist(n)) > 1]
    if problems:
        raise InputRefused(problems=problems)
    return {name: request.args.get(name) for name in names}


def _no_twins(pairs: list[tuple[str, Any]]) -> Json:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name is given twice")
    return value


def _refused(message: Said) -> InputRefused:
    return InputRefused(problems=[Problem("body", message)])
