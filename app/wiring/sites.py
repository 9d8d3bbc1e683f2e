"""The clients of one instance, made for each use, and with which credential each asks."""

from __future__ import annotations

from collections.abc import Callable

from app.errors import CredentialRefused, NotConfigured
from app.instances.directory import Directory
from app.instances.pointers import InstancePointers
from app.instances.reference import InstanceReference
from app.instances.table import InstanceTable
from app.outside.atlassian.assets import AssetsRest
from app.outside.atlassian.assets_imports import ImportExecutions
from app.outside.atlassian.forge_storage import ForgeStorage
from app.outside.atlassian.import_source import ImportBySource, ImportByToken, ImportSetUp
from app.outside.atlassian.jira import JiraSite
from app.outside.atlassian.named_import import NamedImportExecutions
from app.outside.credentials import Basic, Bearer
from app.outside.http import Credential, HttpCaller
from app.sentences import CONNECT_ASSETS
from app.site_settings.documents import AssetsAccess
from app.vault.parts import ENCRYPTION_STRING
from app.vault.place import property_name
from app.vault.shelf import Shelf
from app.vault.vault import Vault
from app.wiring.routes import Route, SiteRoutes
from app.words import InstanceId, Secret

Through = Callable[[InstanceId, HttpCaller], HttpCaller]


class Sites:
    """All clients of an instance share the pooled HTTP caller, and stop when its life is over."""

    def __init__(
        self, api_url: str, routes: SiteRoutes, table: InstanceTable, directory: Directory
    ) -> None:
        self._api_url = api_url
        self._routes = routes
        self._table = table
        self._directory = directory

    def as_app(self, instance: InstanceReference) -> JiraSite:
        """The site, asked as the app itself."""
        route = self._routes.to(instance)
        return JiraSite(route.http, route.jira_url, route.app)

    def as_user(self, instance: InstanceReference, token: Secret) -> JiraSite:
        """The site, asked as the person in session, with the token that came with the call."""
        route = self._routes.to(instance)
        return JiraSite(route.http, route.jira_url, Bearer(token))

    def as_account(self, instance: InstanceReference, access: AssetsAccess) -> JiraSite:
        """The site, asked with what an administrator gave for Assets."""
        route = self._routes.to(instance)
        return JiraSite(route.http, route.jira_url, _credential(route, access))

    def has_own_access(self, instance: InstanceReference) -> bool:
        """Whether the app has a token of its own that is good for Assets."""
        return self._routes.to(instance).own_access

    def assets(
        self,
        instance: InstanceReference,
        access: AssetsAccess,
        workspace_id: str,
        through: Through | None = None,
    ) -> AssetsRest:
        """The site's Assets workspace, asked with what an administrator gave for it.

        `through` puts a caller before the site's own.
        """
        route = self._routes.to(instance)
        http = through(instance.instance_id, route.http) if through else route.http
        return AssetsRest(http, route.assets_url, workspace_id, _credential(route, access))

    def import_set_up(
        self, instance: InstanceReference, access: AssetsAccess, workspace_id: str
    ) -> ImportSetUp:
        """How imports are set up in Assets, asked with what an administrator gave for it."""
        route = self._routes.to(instance)
        credential = _credential(route, access)
        return ImportSetUp(route.http, route.assets_url, workspace_id, credential)

    def import_by_token(self, instance: InstanceReference, token: Secret) -> ImportByToken:
        """The import behind a container token: the same address through either door."""
        return ImportByToken(self._routes.to(instance).http, self._api_url, token)

    def import_by_source(
        self, instance: InstanceReference, import_source_id: str, workspace_id: str
    ) -> ImportBySource:
        """The import of this name, asked as the app itself."""
        route = self._routes.to(instance)
        return ImportBySource(
            route.http, route.assets_url, route.app, workspace_id, import_source_id
        )

    def executions_by_token(self, instance: InstanceReference, token: Secret) -> ImportExecutions:
        """Executions of the import behind a container token."""
        return ImportExecutions(self._routes.to(instance).http, self._api_url, Bearer(token))

    def executions_by_source(
        self, instance: InstanceReference, import_source_id: str, workspace_id: str
    ) -> NamedImportExecutions:
        """Executions of the import of this name, driven by the app itself."""
        route = self._routes.to(instance)
        return NamedImportExecutions(
            route.http, route.assets_url, route.app, workspace_id, import_source_id
        )

    def shelf(self, vault: Vault, instance: InstanceReference) -> Shelf:
        """The sealed documents of an instance, for the vault's role."""
        storage = self._routes.to(instance).storage
        pointers = InstancePointers(self._table, instance.instance_id, self._directory)
        return vault.shelf(instance.instance_id, instance.generation, storage, pointers)

    def token_reads(self, instance: InstanceReference, token: Secret) -> bool | None:
        """Whether this system token reads what lies in our storage of this site, and only there.

        A token says itself which storage it opens, so an answer alone proves nothing: the name of
        the Encryption String cannot be guessed. None: none is saved yet. Raises ServiceFailed.
        """
        entry = instance.part_keys.get(ENCRYPTION_STRING)
        if entry is None:
            return None
        name = property_name(instance.generation, ENCRYPTION_STRING, str(entry["version"]))
        storage = ForgeStorage(self._routes.to(instance).http, self._api_url, Bearer(token))
        try:
            return storage.read(name) is not None
        except CredentialRefused:
            return False


def _credential(route: Route, access: AssetsAccess) -> Credential:
    if access.mode == "api_token":
        return Basic(access.email, access.api_token)
    if not route.own_access:
        raise NotConfigured(CONNECT_ASSETS())
    return route.app
