"""The site token of a Forge instance: the newest system token, sealed inside its reference.

It lives for four hours at most and is the app's own key to one site. With it lie what the newest
call said about the licence, and the key of the instance's digests.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from app.errors import Refused, ServiceUnreachable, SettingsUnreadable, SiteTokenMissing
from app.instances.connect_secret import Sealer
from app.instances.directory import Directory
from app.instances.lives import ATTEMPTS
from app.instances.reference import InstanceReference
from app.instances.table import Absent, Change, Condition, Equals, InstanceTable, OneOf
from app.instances.token_end import TokenEnd
from app.said import Sentence
from app.words import Clock, RandomBytes, Secret

AT_ONCE: Final = Sentence("token.at_once", "Too many changes at once; please call again.")
NEXT_HOUR: Final = Sentence("token.next_hour", "The next hourly call of the site brings one.")
NO_TOKEN_YET: Final = Sentence("token.none_yet", "The site has not sent a token yet.")

_NAME: Final = "site_token"
_DIGEST_KEY_BYTES: Final = 32


@dataclass(frozen=True)
class Kept:
    """What lies sealed. `licensed` is what the last call said that said anything of it."""

    token: Secret
    expires_at: datetime
    licensed: bool
    digest_key: Secret


class SiteTokens:
    """Keeps the newest system token of each Forge instance, and gives it while it counts."""

    def __init__(
        self,
        table: InstanceTable,
        directory: Directory,
        sealer: Sealer,
        clock: Clock,
        random: RandomBytes,
    ) -> None:
        self._table = table
        self._directory = directory
        self._sealer = sealer
        self._clock = clock
        self._random = random

    def keep(
        self, reference: InstanceReference, token: Secret, *, licensed: bool, newest: bool = False
    ) -> InstanceReference:
        """Store the token if it lasts longer than the stored one; give the reference as it is.

        The caller vouches for the token: nobody here can tell whose it is. `newest`: Forge itself
        sent it just now, so one of an unclear end lasts longer than an earlier one of that sort.
        Raises Refused if that life of the instance is over, ServiceUnreachable.
        """
        now = self._clock()
        end = TokenEnd.of(token, now)
        found: InstanceReference | None = reference
        for _ in range(ATTEMPTS):
            if found is None or not _same_life(found, reference):
                raise Refused("instance gone")
            stored = self._open(found)
            if stored is not None and not _is_newer(token, end, stored, now, newest=newest):
                return found
            key = stored.digest_key if stored else Secret(self._random(_DIGEST_KEY_BYTES))
            changed = self._write(found, Kept(token, end.at, licensed, key))
            if changed is not None:
                return changed
            found = self._directory.fresh(reference.instance_id)
        raise ServiceUnreachable(AT_ONCE())

    def wants(self, reference: InstanceReference, token: Secret, *, newest: bool = False) -> bool:
        """Whether `keep` would store this token: it lasts longer than the stored one."""
        now, stored = self._clock(), self._open(reference)
        return stored is None or _is_newer(
            token, TokenEnd.of(token, now), stored, now, newest=newest
        )

    def told(self, reference: InstanceReference, *, licensed: bool) -> InstanceReference:
        """Remember what a verified call says of the licence, where that is news.

        One and the same token comes along for hours, and a licence may end meanwhile. Raises
        ServiceUnreachable.
        """
        stored = self._open(reference)
        if stored is None or stored.licensed is licensed:
            return reference
        # Lost to another write: the next call says it again.
        return self._write(reference, replace(stored, licensed=licensed)) or reference

    def token(self, reference: InstanceReference) -> Secret:
        """The stored token. Raises SiteTokenMissing, ServiceUnreachable."""
        stored = self._open(reference)
        if stored is None or stored.expires_at <= self._clock():
            raise SiteTokenMissing(NEXT_HOUR())
        return stored.token

    def licensed(self, reference: InstanceReference) -> bool:
        """What the newest call said of it; True if nothing is known.

        A licence is about money and not about safety: it fails open. Raises ServiceUnreachable.
        """
        stored = self._open(reference)
        return stored is None or stored.licensed

    def digest_key(self, reference: InstanceReference) -> Secret:
        """What an instance's digests are keyed with: 32 bytes. Raises SettingsUnreadable."""
        stored = self._open(reference)
        if stored is None:
            raise SettingsUnreadable(NO_TOKEN_YET())
        return stored.digest_key

    def _write(self, reference: InstanceReference, kept: Kept) -> InstanceReference | None:
        sealed = self._sealer.seal_in_reference(
            reference.instance_id, reference.generation, _NAME, _document(kept)
        )
        was = reference.site_token
        conditions: list[Condition] = [
            Equals(("generation",), reference.generation),
            OneOf(("state",), ("installed", "silent")),
            Absent((_NAME,)) if was is None else Equals((_NAME,), was),
        ]
        try:
            change = Change({(_NAME,): sealed}, conditions=conditions)
            return self._table.change(reference.instance_id, change)
        finally:
            self._directory.forget(reference.instance_id)

    def _open(self, reference: InstanceReference) -> Kept | None:
        """What is stored; None if nothing is, or nothing that opens: the next token replaces it."""
        sealed = reference.site_token
        if sealed is None:
            return None
        try:
            plaintext = self._sealer.open_from_reference(
                reference.instance_id, reference.generation, _NAME, sealed
            )
        except SettingsUnreadable:
            return None
        return _kept(plaintext)


def _is_newer(token: Secret, end: TokenEnd, stored: Kept, now: datetime, *, newest: bool) -> bool:
    if token.reveal() == stored.token.reveal():
        return False
    sent_later = newest and not end.certain and end.at >= stored.expires_at
    return sent_later or end.is_after(stored.expires_at, now)


def _same_life(found: InstanceReference, reference: InstanceReference) -> bool:
    return found.generation == reference.generation and found.is_alive


def _document(kept: Kept) -> Secret:
    return Secret(
        json.dumps(
            {
                "token": kept.token.reveal_text(),
                "expires_at": kept.expires_at.isoformat(),
                "licensed": kept.licensed,
                "digest_key": kept.digest_key.reveal().hex(),
            }
        )
    )


def _kept(plaintext: Secret) -> Kept:
    document: Mapping[str, Any] = json.loads(plaintext.reveal())
    return Kept(
        Secret(document["token"]),
        datetime.fromisoformat(document["expires_at"]),
        bool(document["licensed"]),
        Secret(bytes.fromhex(document["digest_key"])),
    )
