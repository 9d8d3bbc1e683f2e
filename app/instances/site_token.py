"""The site token of a Forge instance: the newest system token, sealed inside its reference.

It lives for four hours at most and is the app's own key to one site. With it lie what the newest
call said about the licence, and the key of the instance's digests.
"""

from __future__ import annotations

from typing import ClassVar

from app.errors import ServiceUnreachable
from app.instances.connect_secret import Sealer
from app.instances.directory import Directory
from app.instances.reference import InstanceReference
from app.instances.table import InstanceTable
from app.words import Clock, RandomBytes, Secret


class SiteTokenMissing(ServiceUnreachable):
    """The site gave no token that still counts; the next call or hourly tick brings one."""

    title: ClassVar[str] = "The site has to send a new token first"


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
        self, reference: InstanceReference, token: Secret, *, licensed: bool
    ) -> InstanceReference:
        """Store the token if it lasts longer than the stored one; give the reference as it is.

        Raises Refused if that life of the instance is over, ServiceUnreachable.
        """
        raise NotImplementedError

    def token(self, reference: InstanceReference) -> Secret:
        """The stored token. Raises SiteTokenMissing, SettingsUnreadable, ServiceUnreachable."""
        raise NotImplementedError

    def licensed(self, reference: InstanceReference) -> bool:
        """What the newest token's call said; True if nothing is known. Raises ServiceUnreachable."""
        raise NotImplementedError

    def digest_key(self, reference: InstanceReference) -> Secret:
        """What an instance's digests are keyed with: 32 bytes. Raises SettingsUnreadable."""
        raise NotImplementedError
