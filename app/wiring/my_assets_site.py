"""What My Assets asks of a site: its people, its groups, its Assets."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from app.errors import AppError, NotAllowed, NotThere
from app.instances.reference import InstanceReference
from app.my_assets.who import SiteUser
from app.outside.atlassian.assets import AssetsRest
from app.outside.atlassian.jira import JiraSite
from app.site import Account
from app.site_settings.reading import SettingsReader
from app.wiring.sites import Sites
from app.wiring.workspaces import Workspaces, connected_account
from app.words import AccountId


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
        if access.mode == "app":
            raise NotAllowed  # the app has been asked already
        return self._sites.as_account(self._instance, access).user(account_id)

    def found_by(self, words: str) -> tuple[Account, ...]:
        access = connected_account(self._reader, self._instance)
        return self._sites.as_account(self._instance, access).find_users(words)

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

    def workspace_id(self, instance: InstanceReference) -> str:
        return self._workspaces.workspace_id(instance)

    def service_desk(self, instance: InstanceReference) -> JiraSite:
        access = connected_account(self._reader, instance)
        return self._sites.as_account(instance, access)

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
