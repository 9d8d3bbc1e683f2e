"""How a part lies in its sealed documents: the rules with the secret's mark, the secret apart.

The mark (hint, date, what it was given for) is all that the web needs to show and keep a secret,
so it never has to open one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import Field

from app.errors import SettingsUnreadable
from app.said import Sentence
from app.site_settings.documents import Document
from app.site_settings.short import at_length, shortened
from app.words import Secret

UNKNOWN_FORM: Final = Sentence(
    "settings.unknown_form", "A saved setting has a form that is not known."
)
HINT_NEEDS: Final = 12  # of a shorter secret, four characters are too much of it
HINT_SHOWS: Final = 4
DocumentT = TypeVar("DocumentT", bound=Document)


class SecretMark(Document):
    """What may be known of a secret without opening it. `changed_at` is ISO 8601, UTC."""

    hint: str | None = None
    changed_at: str
    given_for: dict[str, str] = Field(default_factory=dict)


class StoredPart(Document):
    """The rules document. `value` is the secret of a part whose secret the web may open.

    `learned` is what a probe of the secret found out, kept because the secret cannot be asked
    again: the import a container token belongs to, the permissions of an Entra app.
    """

    rules: dict[str, Any]
    changed_at: str
    secret: SecretMark | None = None
    value: str | None = Field(default=None, repr=False)
    learned: dict[str, Any] = Field(default_factory=dict)


class StoredSecret(Document):
    """The secret document: the secret with what it was given for and what was learned of it."""

    value: str = Field(repr=False)
    given_for: dict[str, str] = Field(default_factory=dict)
    learned: dict[str, Any] = Field(default_factory=dict)


def mark_of(
    secret: Secret, changed_at: str, given_for: Mapping[str, str], *, hint: bool
) -> SecretMark:
    """The mark of a new secret; `hint` says whether this kind of secret has one at all."""
    text = secret.reveal_text()
    shown = "…" + text[-HINT_SHOWS:] if hint and len(text) >= HINT_NEEDS else None
    return SecretMark(hint=shown, changed_at=changed_at, given_for=dict(given_for))


def pack(document: StoredPart | StoredSecret) -> Secret:
    """A document as the bytes that are sealed: short, unless a secret is in them."""
    text = document.model_dump_json(exclude_defaults=True).encode()
    return Secret(shortened(text) if document.value is None else text)


def unpack(kind: type[DocumentT], sealed: Secret) -> DocumentT:
    """Opened bytes as a document. Raises SettingsUnreadable if another version wrote them."""
    try:
        return kind.model_validate_json(at_length(sealed.reveal()))
    except ValueError:  # pydantic's is one, too
        raise SettingsUnreadable(UNKNOWN_FORM()) from None


def rules_as(kind: type[DocumentT], stored: StoredPart) -> DocumentT:
    """The rules of a stored part as their document. Raises SettingsUnreadable."""
    return unpack(kind, Secret(json.dumps(stored.rules)))
