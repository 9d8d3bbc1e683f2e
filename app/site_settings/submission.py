"""Reads what an administrator sent for a part: every problem named at once, secrets wrapped.

A secret left out is kept, but only for what it was given for: with a stored secret and another
address, whoever may save settings could have it sent to a tenant of their own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NoReturn

from pydantic import SecretStr, ValidationError

from app.errors import InputRefused, Problem
from app.said import Sentence
from app.site_settings.documents import Document
from app.site_settings.form_problems import field_name, problems_of
from app.site_settings.own_access import OF_ONE_WAY, is_own, own_problems, with_mode
from app.site_settings.parts import Part, SecretField
from app.site_settings.stored import SecretMark
from app.words import Json, Secret

# Where these are empty, nothing is kept.
NOT_SAID: Final = (*OF_ONE_WAY, "object_allowance", "link_accounts", "restricted_people")
NOT_AN_OBJECT: Final = Sentence(
    "body.no_object", "The body must be one JSON object, and not a deeply nested one."
)
TWICE: Final = Sentence("body.twice", "This stands twice.")
ENTER: Final = Sentence("secret.enter", "Enter the {called}.")
ENTER_AGAIN: Final = Sentence(
    "secret.enter_again", "Enter the {called} again: it was given for another {changed}."
)
CHANGED: Final = Sentence(
    "secret.changed", "The saved {called} was given for another one than this."
)
# What a secret was given for, within a sentence.
OF: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        "tenant_id": Sentence("called.tenant", "tenant"),
        "client_id": Sentence("called.client", "client"),
        "cloud": Sentence("called.cloud", "cloud"),
        "email": Sentence("called.email", "e-mail address"),
    }
)
MUST_DELETE: Final = Sentence(
    "leavers.must_delete", "With missing objects removed by Assets, leavers must be set to delete."
)


@dataclass(frozen=True)
class Submission:
    """`rules` is everything but the secret; `secret` is None where the stored one is kept.

    `own`: the app's own token stands for the secret, and a stored one is not kept.
    """

    rules: Document
    given: Json
    secret: Secret | None
    given_for: Mapping[str, str]
    own: bool = False


def read_submission(
    part: Part, body: bytes | Json, kept: SecretMark | None, *, may_own: bool = False
) -> Submission:
    """Raises InputRefused with every problem. `kept` marks the secret that is stored, if any.

    `may_own`: on this site the app has a token of its own, which may stand for a secret.
    """
    sent = _object(body)
    if part.secret:
        sent = _without_placeholder(sent, part.secret)
    sent = with_mode(part.name, sent, may=may_own)
    own = is_own(part.name, sent)
    problems = [rule for check in RULES.get(part.name, ()) for rule in check(sent)]
    problems += own_problems(part.name, sent, may=may_own)
    form: Document | None = None
    try:
        form = part.form.model_validate_json(json.dumps(sent))
    except ValidationError as error:
        problems = problems_of(error) + problems
    except RecursionError:
        raise _not_an_object() from None
    if part.secret and not own:
        named = {problem.field for problem in problems}
        problems += _secret_problems(part, part.secret, sent, kept, named)
    if form is None or problems:
        raise InputRefused(problems=problems)
    return _submission(part, form, own=own)


def _submission(part: Part, form: Document, *, own: bool) -> Submission:
    if part.secret is None:
        return Submission(form, form.model_dump(mode="json"), None, {})
    typed = getattr(form, part.secret.name)
    secret = Secret(typed.get_secret_value()) if isinstance(typed, SecretStr) else None
    given_for = {} if own else {name: str(getattr(form, name)) for name in part.secret.given_for}
    not_kept = {name for name in NOT_SAID if getattr(form, name, None) in (None, ())}
    given = form.model_dump(mode="json", exclude={part.secret.name, *not_kept})
    return Submission(form, given, secret, given_for, own)


def _object(body: bytes | Json) -> Json:
    try:
        value = body if isinstance(body, dict) else _parsed(body)
    except (ValueError, RecursionError):
        raise _not_an_object() from None
    if not isinstance(value, dict):
        raise _not_an_object()
    return dict(value)


def _not_an_object() -> InputRefused:
    return InputRefused(NOT_AN_OBJECT(), problems=[Problem("", NOT_AN_OBJECT())])


def _parsed(body: bytes) -> Any:  # noqa: ANN401 - JSON before it is checked
    return json.loads(body, object_pairs_hook=_once_each, parse_constant=_no_such_number)


def _once_each(pairs: list[tuple[str, Any]]) -> Json:
    named = dict(pairs)
    if len(named) != len(pairs):
        # Two readers could each believe another one of the two values.
        seen = Counter(name for name, _ in pairs)
        twice = sorted(field_name(name) for name, times in seen.items() if times > 1)
        raise InputRefused(problems=[Problem(name, TWICE()) for name in twice])
    return named


def _no_such_number(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _without_placeholder(sent: Json, secret: SecretField) -> Json:
    """What the app itself shows in a secret's place, sent back, means: keep it."""
    value = sent.get(secret.name)
    shown = isinstance(value, dict) and set(value) <= {"set", "hint", "changed_at"}
    if shown or (secret.has_hint and isinstance(value, str) and value.startswith("…")):
        return {name: field for name, field in sent.items() if name != secret.name}
    return sent


def _secret_problems(
    part: Part,
    secret: SecretField,
    sent: Json,
    kept: SecretMark | None,
    named: Collection[str],
) -> list[Problem]:
    """`named`: fields that have a problem of their own, which says nothing of the secret."""
    if sent.get(secret.name) is not None:
        return []
    if kept is None:
        return [Problem(secret.name, ENTER(called=secret.called()))]
    asked = [name for name in secret.given_for if name not in named]
    changed = [name for name in asked if _changed(part, name, sent, kept)]
    if not changed:
        return []
    message = ENTER_AGAIN(called=secret.called(), changed=tuple(OF[name]() for name in changed))
    # At the changed field too: more often than not it is that one which is wrong.
    told = [Problem(name, CHANGED(called=secret.called())) for name in changed]
    return [*told, Problem(secret.name, message)]


def _changed(part: Part, name: str, sent: Json, kept: SecretMark) -> bool:
    value = sent.get(name, part.form.model_fields[name].get_default())
    if not isinstance(value, str):
        return False  # missing or of another type: the form's own problem names it
    # Ids and addresses of Entra ID and Atlassian mean the same in capitals.
    return value.lower() != kept.given_for.get(name, "").lower()


def _removes_only_what_it_deletes(sent: Json) -> list[Problem]:
    """Assets would delete what the app promised to keep (contract, `missing_objects`)."""
    if sent.get("missing_objects") != "remove" or sent.get("leavers") == "delete":
        return []
    return [Problem("leavers", MUST_DELETE())]


Rule = Callable[[Json], list[Problem]]
RULES: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {"import": (_removes_only_what_it_deletes,)}
)
