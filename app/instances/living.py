"""What both doors ask of a living instance: its reference as it is now, and its digest key."""

from __future__ import annotations

from app.errors import Refused, SettingsUnreadable
from app.instances.connect_secret import ConnectSecrets
from app.instances.directory import Directory
from app.instances.reference import InstanceReference
from app.instances.site_token import SiteTokens
from app.sentences import GONE
from app.words import Secret


class Living:
    """Answers for an instance of either door; the reference says which one it came through."""

    def __init__(
        self, directory: Directory, connect_secrets: ConnectSecrets, site_tokens: SiteTokens
    ) -> None:
        self._directory = directory
        self._connect_secrets = connect_secrets
        self._site_tokens = site_tokens

    def as_it_is_now(self, reference: InstanceReference) -> InstanceReference:
        """The reference read anew. Raises Refused if that life of the instance is over."""
        found = self._directory.fresh(reference.instance_id)
        if found is None or found.generation != reference.generation or not found.is_alive:
            raise Refused("instance gone")
        return found

    def digest_key(self, reference: InstanceReference) -> Secret:
        """What an instance's digests are keyed with. Raises SettingsUnreadable."""
        if reference.door == "forge":
            return self._site_tokens.digest_key(reference)
        pair = self._connect_secrets.open(reference)
        if pair is None:
            raise SettingsUnreadable(GONE())
        return pair.secret
