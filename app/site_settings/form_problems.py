"""Turns what pydantic found wrong into sentences an administrator can act on.

Never repeats what was sent but for the names of its fields: a secret may stand in a wrong place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from app.errors import Problem

LONGEST_NAME: Final = 100

# Type of the error → the sentence; `{…}` are limits from our own models, never the input.
SENTENCES: Final[Mapping[str, str]] = {
    "missing": "This is needed.",
    "extra_forbidden": "There is no field of this name.",
    "string_type": "This must be text.",
    "string_sub_type": "This must be text.",
    "string_too_short": "This is too short: at least {min_length} characters.",
    "string_too_long": "This is too long: at most {max_length} characters.",
    "too_short": "This is too short: at least {min_length} characters.",
    "too_long": "This is too long: at most {max_length}.",
    "bool_type": "This must be true or false.",
    "int_type": "This must be a whole number.",
    "int_from_float": "This must be a whole number.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than_equal": "This must be at most {le}.",
    "tuple_type": "This must be a list.",
    "dict_type": "This must be an object.",
    "model_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "literal_error": "This must be one of: {expected}.",
}

# A pattern says nothing to a person, so these fields say what they want.
PATTERNS: Final[Mapping[str, str]] = {
    "email": "This is not an e-mail address.",
    "tenant_id": "This is not a tenant id; copy it from the overview of the app in Entra ID.",
    "client_id": "This is not a client id; copy it from the overview of the app in Entra ID.",
    "import_source_id": "This is not the id of an import in Assets.",
    "workspace_id": "This is not the id of an Assets workspace.",
    "at": "This is not a time of day; write it as 02:00.",
    "secret_expires_on": "This is not a date; write it as 2027-01-31.",
}


def problems_of(error: ValidationError) -> list[Problem]:
    """One problem for each thing wrong, in the order of the fields."""
    found = error.errors(include_url=False, include_context=True, include_input=False)
    return [Problem(_field(one["loc"]), _sentence(one)) for one in found]


def field_name(name: str) -> str:
    """A field's name as shown: cut, and without what could disturb a page or a log line."""
    shown = name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"
    return "".join(c if c.isprintable() else "?" for c in shown)


def _field(location: tuple[int | str, ...]) -> str:
    # A dictionary's key that is wrong has "[key]" behind it; the key alone names it.
    return field_name(".".join(str(step) for step in location if step != "[key]"))


def _sentence(found: Mapping[str, Any]) -> str:
    kind, limits = found["type"], found.get("ctx", {})
    if kind == "value_error":
        return str(limits["error"])
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(str(found["loc"][-1]), "This is not written as it must be.")
    sentence = SENTENCES.get(kind)
    return sentence.format(**limits) if sentence else "This is not accepted."
