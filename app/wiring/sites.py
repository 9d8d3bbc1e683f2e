"""How each instance is reached: its site, its storage, its Assets, and with which credential."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from app.errors import (
    AppError,
    CredentialRefused,
    NotAllowed,
    NotConfigured,
    NotThere,
    SettingsUnreadable,
)
from app.instances.connect_secret import ConnectSecrets
from app.instances.directory import Directory
from app.instances.pointers import InstancePointers
from app.instances.reference import InstanceReference
from app.instances.table import InstanceTable
from app.my_assets.who import SiteUser
from app.outside.atlassian.assets import AssetsRest
from app.outside.atlassian.connect_properties import ConnectProperties
from app.outside.atlassian.import_source import ImportSetUp
from app.outside.atlassian.jira import JiraSite
from app.outside.credentials import AppToken, Basic
from app.outside.http import HttpCaller
from app.outside.watched import WatchedCaller
from app.settings import Settings
from app.site import Account
from app.site_settings.documents import AssetsAccess
from app.site_settings.reading import SettingsReader
from app.vault.shelf import Shelf
from app.vault.vault import Vault
from app.words import AccountId, Clock

_KEEP_WORKSPACE: Final = timedelta(minutes=10)  # stable: "the id is stable, cache it"
_KEEP_AT_MOST: Final = 5000


class Sites:
    """Clients of one instance, made for each use; they share the pooled HTTP caller."""

    def __init__(
        self,
        settings: Settings,
        http: HttpCaller,
        table: InstanceTable,
        directory: Directory,
        secrets: ConnectSecrets,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._http = http
        self._table = table
        self._directory = directory
        self._secrets = secrets
        self._clock = clock

    def as_app(self, instance: InstanceReference) -> JiraSite:
        """The site, asked as the app itself."""
        http = self._watched(instance)
        return JiraSite(http, instance.base_url, self._app_token(instance))

    def as_account(self, instance: InstanceReference, access: AssetsAccess) -> JiraSite:
        """The site, asked with the account an administrator gave."""
        http = self._watched(instance)
        return JiraSite(http, instance.base_url, Basic(access.email, access.api_token))

    def assets(
        self, instance: InstanceReference, access: AssetsAccess, workspace_id: str
    ) -> AssetsRest:
        """The site's Assets workspace, asked with the account an administrator gave."""
        api = self._settings.atlassian_api_url
        credential = Basic(access.email, access.api_token)
        return AssetsRest(self._watched(instance), api, workspace_id, credential)

    def import_set_up(
        self, instance: InstanceReference, access: AssetsAccess, workspace_id: str
    ) -> ImportSetUp:
        """How imports are set up in Assets, asked with the account an administrator gave."""
        api = self._settings.atlassian_api_url
        credential = Basic(access.email, access.api_token)
        return ImportSetUp(self._watched(instance), api, workspace_id, credential)

    def shelf(self, vault: Vault, instance: InstanceReference) -> Shelf:
        """The sealed documents of an instance, for the vault's role."""
        storage = ConnectProperties(
            self._watched(instance),
            instance.base_url,
            self._settings.app_key,
            self._app_token(instance),
        )
        pointers = InstancePointers(self._table, instance.instance_id, self._directory)
        return vault.shelf(instance.instance_id, instance.generation, storage, pointers)

    def _watched(self, instance: InstanceReference) -> WatchedCaller:
        """The HTTP caller for one life of an instance: it stops when that life is over."""

        def check() -> None:
            found = self._directory.find(instance.instance_id)
            if found is None or found.generation != instance.generation or not found.is_alive:
                raise SettingsUnreadable("This site is no longer installed.")

        return WatchedCaller(self._http, check)

    def _app_token(self, instance: InstanceReference) -> AppToken:
        pair = self._secrets.open(instance)
        if pair is None or instance.client_key is None:
            raise SettingsUnreadable("This site is no longer installed.")
        return AppToken(
            self._settings.app_key, instance.client_key, pair.secret, instance.base_url, self._clock
        )


def connected_account(reader: SettingsReader, instance: InstanceReference) -> AssetsAccess:
    """The account that Assets is read with. Raises NotConfigured, SettingsUnreadable."""
    access = reader.assets_access(instance)
    if access is None:
        raise NotConfigured("An administrator has to connect Assets first.")
    return access


class Workspaces:
    """The Assets workspace of each instance, remembered for ten minutes."""

    def __init__(self, sites: Sites, reader: SettingsReader, clock: Clock) -> None:
        self._sites = sites
        self._reader = reader
        self._clock = clock
        self._kept: OrderedDict[tuple[str, ...], tuple[datetime, str]] = OrderedDict()
        self._lock = threading.Lock()

    def assets(self, instance: InstanceReference) -> AssetsRest:
        """Assets as the saved account sees it. Raises NotConfigured, SettingsUnreadable."""
        access = connected_account(self._reader, instance)
        return self._sites.assets(instance, access, self._workspace(instance, access))

    def workspace_id(self, instance: InstanceReference) -> str:
        """Raises NotConfigured, and CredentialRefused where the account sees no Assets."""
        access = connected_account(self._reader, instance)
        return self._workspace(instance, access)

    def _workspace(self, instance: InstanceReference, access: AssetsAccess) -> str:
        mark = (instance.instance_id, instance.generation, instance.base_url, access.email)
        with self._lock:
            kept = self._kept.get(mark)
        if kept is not None and kept[0] > self._clock():
            return kept[1]
        found = self._sites.as_account(instance, access).workspace_id()
        if found is None:
            raise CredentialRefused("The saved account sees no Assets on this site.")
        with self._lock:
            self._kept[mark] = (self._clock() + _KEEP_WORKSPACE, found)
            while len(self._kept) > _KEEP_AT_MOST:
                self._kept.popitem(last=False)
        return found


class People:
    """`app.my_assets.ports.People`: accounts and groups of one site."""

    def __init__(self, instance: InstanceReference, sites: Sites, reader: SettingsReader) -> None:
        self._instance = instance
        self._sites = sites
        self._reader = reader

    def user(self, account_id: AccountId) -> SiteUser | None:
        """As the app sees the account; what Jira hides from it, as the saved account sees it."""
        try:
            account = self._sites.as_app(self._instance).user(account_id)
        except NotThere:
            return None
        except NotAllowed:
            account = self._seen_by_saved_account(account_id)
            return SiteUser(account.email, account.kind)
        email = account.email
        if email is None:
            # No address is an answer; a failing second question must not become a refusal.
            with suppress(AppError):
                email = self._seen_by_saved_account(account_id).email
        return SiteUser(email, account.kind)

    def _seen_by_saved_account(self, account_id: AccountId) -> Account:
        access = connected_account(self._reader, self._instance)
        return self._sites.as_account(self._instance, access).user(account_id)

    def groups_of(self, account_id: AccountId) -> frozenset[str]:
        groups = self._sites.as_app(self._instance).groups_of(account_id)
        return frozenset(group.id for group in groups)

    def known_groups(self, group_ids: Collection[str]) -> frozenset[str]:
        access = connected_account(self._reader, self._instance)
        groups = self._sites.as_account(self._instance, access).groups_by_id(group_ids)
        return frozenset(group.id for group in groups)


class MyAssetsSite:
    """`app.my_assets.ports.Site`."""

    def __init__(self, sites: Sites, workspaces: Workspaces, reader: SettingsReader) -> None:
        self._sites = sites
        self._workspaces = workspaces
        self._reader = reader

    def people(self, instance: InstanceReference) -> People:
        return People(instance, self._sites, self._reader)

    def assets(self, instance: InstanceReference) -> AssetsRest:
        return self._workspaces.assets(instance)

    def person_schema(self, instance: InstanceReference) -> str | None:
        """The schema that the import fills: only its Person is one. None: not known."""
        part = self._reader.stored(instance, "import")
        source_id = part.learned.get("import_source_id") if part is not None else None
        if not isinstance(source_id, str):
            return None
        try:
            source = self._workspaces.assets(instance).import_source(source_id)
        except (NotAllowed, NotThere):
            return None  # the saved account may not read it
        return source.schema_id if source is not None else None
