"""Turns what pydantic found wrong into sentences an administrator can act on.

Never repeats what was sent but for the names of its fields: a secret may stand in a wrong place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from app.errors import Problem
from app.said import Said, Sentence
from app.sentences import NEEDED

LONGEST_NAME: Final = 100
BLANKS: Final = ("min_length", "max_length", "ge", "le", "expected")

NO_SUCH_FIELD: Final = Sentence("form.no_such_field", "There is no field of this name.")
TEXT: Final = Sentence("form.text", "This must be text.")
TOO_SHORT: Final = Sentence(
    "form.too_short", "This is too short: at least {min_length} characters."
)
WHOLE_NUMBER: Final = Sentence("form.whole_number", "This must be a whole number.")
AN_OBJECT: Final = Sentence("form.object", "This must be an object.")
NOT_AS_IT_MUST_BE: Final = Sentence("form.pattern", "This is not written as it must be.")
NOT_ACCEPTED: Final = Sentence("form.not_accepted", "This is not accepted.")

# Type of the error → the sentence; `{…}` are limits from our own models, never the input.
SENTENCES: Final[Mapping[str, Sentence]] = {
    "missing": NEEDED,
    "extra_forbidden": NO_SUCH_FIELD,
    "string_type": TEXT,
    "string_sub_type": TEXT,
    "string_too_short": TOO_SHORT,
    "string_too_long": Sentence(
        "form.too_long", "This is too long: at most {max_length} characters."
    ),
    "too_short": TOO_SHORT,
    "too_long": Sentence("form.too_many", "This is too long: at most {max_length}."),
    "bool_type": Sentence("form.true_or_false", "This must be true or false."),
    "int_type": WHOLE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "greater_than_equal": Sentence("form.at_least", "This must be at least {ge}."),
    "less_than_equal": Sentence("form.at_most", "This must be at most {le}."),
    "tuple_type": Sentence("form.list", "This must be a list."),
    "dict_type": AN_OBJECT,
    "model_type": AN_OBJECT,
    "model_attributes_type": AN_OBJECT,
    "literal_error": Sentence("form.one_of", "This must be one of: {expected}."),
}

# A pattern says nothing to a person, so these fields say what they want.
PATTERNS: Final[Mapping[str, Sentence]] = {
    "email": Sentence("form.email", "This is not an e-mail address."),
    "tenant_id": Sentence(
        "form.tenant_id",
        "This is not a tenant id; copy it from the overview of the app in Entra ID.",
    ),
    "client_id": Sentence(
        "form.client_id",
        "This is not a client id; copy it from the overview of the app in Entra ID.",
    ),
    "import_source_id": Sentence(
        "form.import_source_id", "This is not the id of an import in Assets."
    ),
    "workspace_id": Sentence("form.workspace_id", "This is not the id of an Assets workspace."),
    "restricted_people": Sentence(
        "form.restricted_people",
        "This is not an object id; copy it from the person in Entra ID.",
    ),
    "at": Sentence("form.at", "This is not a time of day; write it as 02:00."),
    "secret_expires_on": Sentence(
        "form.secret_expires_on", "This is not a date; write it as 2027-01-31."
    ),
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


def _sentence(found: Mapping[str, Any]) -> Said:
    kind, limits = found["type"], found.get("ctx", {})
    if kind == "value_error":
        return _said(limits["error"])
    if kind == "string_pattern_mismatch":
        named = next(str(step) for step in reversed(found["loc"]) if isinstance(step, str))
        return PATTERNS.get(named, NOT_AS_IT_MUST_BE)()
    sentence = SENTENCES.get(kind)
    blanks = {name: limits[name] for name in BLANKS if name in limits}
    return sentence(**blanks) if sentence else NOT_ACCEPTED()


def _said(error: ValueError) -> Said:
    """What a rule of our own said; pydantic's are not shown."""
    said = error.args[0] if error.args else None
    return said if isinstance(said, Said) else NOT_ACCEPTED()
