"""The Assets workspace of each instance, and who reads it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from app.errors import CredentialRefused, NotConfigured
from app.instances.reference import InstanceReference
from app.outside.atlassian.assets import AssetsRest
from app.said import Sentence
from app.sentences import CONNECT_ASSETS
from app.site_settings.documents import AssetsAccess
from app.site_settings.reading import SettingsReader
from app.wiring.sites import Sites, Through
from app.words import Clock

NO_ASSETS: Final = Sentence("mine.no_assets", "The saved account sees no Assets on this site.")

_KEEP_WORKSPACE: Final = timedelta(minutes=10)  # stable: "the id is stable, cache it"
_KEEP_AT_MOST: Final = 5000


def connected_account(reader: SettingsReader, instance: InstanceReference) -> AssetsAccess:
    """The account that Assets is read with. Raises NotConfigured, SettingsUnreadable."""
    access = reader.assets_access(instance)
    if access is None:
        raise NotConfigured(CONNECT_ASSETS())
    return access


class Workspaces:
    """The Assets workspace of each instance, remembered for ten minutes.

    `through`: whose share of Atlassian's quota is used, see `app.outside.quota`.
    """

    def __init__(
        self, sites: Sites, reader: SettingsReader, clock: Clock, through: Through | None = None
    ) -> None:
        self._sites = sites
        self._through = through
        self._reader = reader
        self._clock = clock
        self._kept: OrderedDict[tuple[str, ...], tuple[datetime, str]] = OrderedDict()
        self._lock = threading.Lock()

    def assets(self, instance: InstanceReference) -> AssetsRest:
        """Assets as the saved account sees it. Raises NotConfigured, SettingsUnreadable."""
        access = connected_account(self._reader, instance)
        workspace = self._workspace(instance, access)
        return self._sites.assets(instance, access, workspace, self._through)

    def workspace_id(self, instance: InstanceReference) -> str:
        """Raises NotConfigured, and CredentialRefused where the account sees no Assets."""
        access = connected_account(self._reader, instance)
        return self._workspace(instance, access)

    def _workspace(self, instance: InstanceReference, access: AssetsAccess) -> str:
        site = (instance.instance_id, instance.generation, instance.base_url)
        mark = (*site, access.mode, access.email)
        with self._lock:
            kept = self._kept.get(mark)
        if kept is not None and kept[0] > self._clock():
            return kept[1]
        found = self._sites.as_account(instance, access).workspace_id()
        if found is None:
            raise CredentialRefused(NO_ASSETS())
        with self._lock:
            self._kept[mark] = (self._clock() + _KEEP_WORKSPACE, found)
            while len(self._kept) > _KEEP_AT_MOST:
                self._kept.popitem(last=False)
        return found
