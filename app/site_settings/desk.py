"""The settings of an instance: shown, checked, saved, forgotten. The one class the doors call.

A part is probed before it is sealed; what the probe refuses, or cannot ask, stores nothing.
Never opens the secrets of `entra` and `import`, and never gives any secret back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from app.errors import (
    Clash,
    NotAllowed,
    NotThere,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
    SettingsUnreadable,
)
from app.instances.reference import InstanceReference
from app.said import Sentence
from app.site_settings.choices import read_choices
from app.site_settings.documents import PARTS, Visibility
from app.site_settings.findings import Probed, errors_in, refuse_errors
from app.site_settings.opened import damaged_secrets, open_part
from app.site_settings.packing import Packed, packed
from app.site_settings.parts import BY_NAME, Part, part_named
from app.site_settings.ports import Outside, Shelf
from app.site_settings.probes import PROBES
from app.site_settings.probes.question import Question
from app.site_settings.reading import SettingsReader
from app.site_settings.state import UNREADABLE, state_of
from app.site_settings.stored import StoredPart
from app.site_settings.submission import Submission, read_submission
from app.words import Json

SERVICE_REFUSED: Final = Sentence(
    "settings.service_refused", "A service refused to answer the account in use."
)


@dataclass(frozen=True)
class _Examined:
    """A submission and what its probe found, with what was stored when it was looked at."""

    submission: Submission
    probed: Probed
    stored: StoredPart | None
    versions: dict[str, str]


class SettingsDesk:
    """Every method takes the instance first and raises the tree of app.errors."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._reader = SettingsReader(outside.shelf)

    def overview(self, instance: InstanceReference) -> Json:
        """The state of every part. A part that does not open says `readable: false`.

        Of a secret that only the worker opens: where it no longer lies in the site.
        """
        shelf = self._outside.shelf(instance)
        shelf.prepare(PARTS)
        damaged = damaged_secrets(shelf, BY_NAME.values())
        return {
            name: dict(UNREADABLE)
            if damaged.intersection(part.documents)
            else self._shown(shelf, part)
            for name, part in BY_NAME.items()
        }

    def save(
        self,
        instance: InstanceReference,
        part: str,
        body: bytes | Json,
        *,
        with_findings: bool = False,
    ) -> Json:
        """Replace a part; gives its new state and, if asked for, what its probe warns of.

        Raises NotThere for an unknown part, InputRefused with every problem, Clash if somebody
        else saved it meanwhile, and the service errors. What is refused stores nothing.
        """
        shape = part_named(part)
        examined = self._examine(instance, shape, body)
        refuse_errors(examined.probed.findings)
        saved = self._packed(shape, examined)
        told = [one.shown() for one in examined.probed.findings]
        remarks: Json = {"findings": told} if with_findings else {}
        if not saved.documents:
            return self._state(shape, saved.stored) | remarks
        shelf = self._outside.shelf(instance)
        expected = {n: v for n, v in examined.versions.items() if n in saved.documents}
        beside = self._outside.beside(shape.name, examined.submission.rules)
        shelf.save(saved.documents, expected=expected, beside=beside)
        return self._state(shape, self._settled(instance, shelf, shape, saved.stored)) | remarks

    def check(self, instance: InstanceReference, part: str, body: bytes | Json) -> Json:
        """Probe a body without saving: `{"ok", "findings"}`. Raises as `save` does."""
        findings = self._examine(instance, part_named(part), body).probed.findings
        return {"ok": not errors_in(findings), "findings": [one.shown() for one in findings]}

    def visibility_draft(self, body: bytes | Json) -> Visibility:
        """A body of the part `visibility`, read as for saving it. Raises InputRefused alike."""
        rules = read_submission(BY_NAME["visibility"], body, None).rules
        if not isinstance(rules, Visibility):
            raise TypeError("the form of another part")
        return rules

    def forget(self, instance: InstanceReference, part: str) -> None:
        """Forget a part and its secret; a forgotten Encryption String becomes a random one."""
        shape = part_named(part)
        shelf = self._outside.shelf(instance)
        shelf.forget(shape.documents, self._outside.beside(shape.name, None))
        self._settled(instance, shelf, shape, None)

    def choices(
        self,
        instance: InstanceReference,
        kind: str | None,
        query: str | None = None,
        cursor: str | None = None,
    ) -> Json:
        """What an administrator can choose from: `{"choices", "next_cursor"}`."""
        with _services_speak_of_themselves():
            return read_choices(instance, self._reader, self._outside, kind, query, cursor)

    def _shown(self, shelf: Shelf, part: Part) -> Json:
        try:
            return self._state(part, open_part(shelf, part))
        except SettingsUnreadable:
            return dict(UNREADABLE)

    def _state(self, part: Part, stored: StoredPart | None) -> Json:
        return state_of(part, stored, self._outside.clock().date())

    def _settled(
        self,
        instance: InstanceReference,
        shelf: Shelf,
        part: Part,
        stored: StoredPart | None,
    ) -> StoredPart | None:
        """What follows a save; gives the part as it now reads (None: forgotten)."""
        self._outside.saved(instance, part.name)
        if part.name != "encryption-string":
            return stored
        _reseal(shelf)
        return open_part(shelf, part)

    def _examine(self, instance: InstanceReference, part: Part, body: bytes | Json) -> _Examined:
        shelf = self._outside.shelf(instance)
        versions = dict(shelf.versions())
        stored = _kept(shelf, part)
        mark = stored.secret if stored else None
        may_own = self._outside.own_access(instance)
        submission = read_submission(part, body, mark, may_own=may_own)
        question = Question(
            instance, submission.rules, submission.secret, stored, self._reader, self._outside
        )
        with _services_speak_of_themselves():
            probed = PROBES[part.name](question)
        return _Examined(submission, probed, stored, versions)

    def _packed(self, part: Part, examined: _Examined) -> Packed:
        return packed(
            part,
            examined.submission,
            examined.stored,
            examined.probed.learned,
            self._outside.clock(),
        )


def _reseal(shelf: Shelf) -> None:
    """What stays under the former string stays readable, and the worker seals it later."""
    with suppress(ServiceFailed, Clash):
        shelf.reseal()


def _kept(shelf: Shelf, part: Part) -> StoredPart | None:
    """What is stored and can be kept. What does not open is saved anew, secret included."""
    if not all(shelf.is_set(document) for document in part.documents):
        return None
    if damaged_secrets(shelf, [part]):
        return None
    try:
        return open_part(shelf, part)
    except SettingsUnreadable:
        return None


@contextmanager
def _services_speak_of_themselves() -> Iterator[None]:
    """A service's 403 or 404 is about the saved account, not about the administrator here.

    A service that does not answer in time counts as unreachable (contract, settings: 503).
    """
    try:
        yield
    except (NotAllowed, NotThere):
        raise ServiceFailed(SERVICE_REFUSED()) from None
    except ServiceTimedOut as late:
        raise ServiceUnreachable(late.detail) from None
