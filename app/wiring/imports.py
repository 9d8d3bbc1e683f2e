"""What a run of one instance talks to: opened with the worker's vault, read anew each time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import structlog

from app.errors import AppError, NotConfigured, Problem
from app.imports.run.ports import NamedImport
from app.instances.reference import InstanceReference
from app.my_assets.account_links import AccountLinking, AccountLinks
from app.outside.atlassian.assets import AssetsRest
from app.outside.atlassian.assets_imports import ImportExecutions
from app.outside.http import HttpCaller
from app.outside.microsoft.entra import EntraLogin
from app.outside.microsoft.graph import GraphReader
from app.outside.microsoft.lasting_token import LastingToken
from app.said import Sentence
from app.settings import Settings
from app.site_settings.clouds import cloud_addresses
from app.site_settings.documents import EntraSecret, ImportRules
from app.site_settings.reading import SettingsReader
from app.vault.tidying import put_in_order
from app.vault.vault import Vault
from app.wiring.import_documents import AccountPass, DeltaLinks, PreviewSamples, RunHistory
from app.wiring.secret_expiry import SecretExpiry
from app.wiring.sites import Sites
from app.wiring.workspaces import Workspaces
from app.words import Clock

# What an administrator has to do first, by the part that is missing.
FIRST: Final = {
    "assets-access": Sentence("first.connect_assets", "Connect Assets first."),
    "entra": Sentence("first.connect_entra", "Connect Entra ID first."),
    "import": Sentence("first.choose_import", "Choose what to import first."),
}
_log = structlog.get_logger()


class ImportConnections:
    """`app.imports.run.connections.Connections`."""

    def __init__(
        self,
        settings: Settings,
        http: HttpCaller,
        sites: Sites,
        workspaces: Workspaces,
        reader: SettingsReader,
        vault: Vault,
        accounts: AccountLinking,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._http = http
        self._sites = sites
        self._workspaces = workspaces
        self._reader = reader
        self._vault = vault
        self._accounts = accounts
        self._clock = clock
        self._cloud = cloud_addresses(
            settings.entra_login_url, settings.graph_url, sandbox=settings.is_sandbox
        )
        self._expiry = SecretExpiry(http, self._cloud, lambda each: sites.shelf(vault, each))

    def missing(self, instance: InstanceReference) -> Sequence[Problem]:
        names = self._reader.missing_for_import(instance)
        return [Problem(name, FIRST[name]()) for name in names]

    def require_readable(self, instance: InstanceReference) -> None:
        self._reader.require_readable_for_import(instance)

    def consented(self, instance: InstanceReference) -> bool:
        return self._reader.consent(instance).entra_import

    def rules(self, instance: InstanceReference) -> ImportRules:
        rules = self._reader.import_rules(instance)
        if rules is None:
            raise NotConfigured(FIRST["import"]())
        return rules

    def import_named(self, instance: InstanceReference) -> NamedImport | None:
        part = self._reader.stored(instance, "import")
        learned = part.learned if part is not None else {}
        source, workspace = learned.get("import_source_id"), learned.get("workspace_id")
        if not isinstance(source, str) or not isinstance(workspace, str):
            return None
        return NamedImport(source, workspace)

    def workspace_id(self, instance: InstanceReference) -> str:
        return self._workspaces.workspace_id(instance)

    def assets(self, instance: InstanceReference) -> AssetsRest:
        return self._workspaces.assets(instance)

    def executions(self, instance: InstanceReference) -> ImportExecutions:
        rules = self.rules(instance)
        if rules.import_source_id is not None and rules.workspace_id is not None:
            named = (rules.import_source_id, rules.workspace_id)
            return self._sites.executions_by_source(instance, *named)
        token = self._reader.container_token(instance)
        if token is None:
            raise NotConfigured(FIRST["import"]())
        return self._sites.executions_by_token(instance, token.container_token)

    def source(self, instance: InstanceReference) -> str:
        given = self._entra(instance)
        parts = (self._cloud(given.cloud).graph_url, given.tenant_id, given.client_id)
        return "\n".join(parts)

    def delta_links(self, instance: InstanceReference) -> DeltaLinks:
        return DeltaLinks(self._sites, self._vault, instance)

    def directory(self, instance: InstanceReference) -> GraphReader:
        given = self._entra(instance)
        cloud = self._cloud(given.cloud)
        login = EntraLogin(self._http, cloud.login_url)
        who = (given.tenant_id, given.client_id, given.client_secret)
        token = LastingToken(lambda: login.token(*who, cloud.scope), self._clock)
        return GraphReader(self._http, cloud.graph_url, token)

    def learn_secret_expiry(self, instance: InstanceReference) -> None:
        self._expiry.learn(instance)

    def tidy(self, instance: InstanceReference) -> None:
        """Wrap and seal anew what only this role opens, and sweep what no pointer names."""
        try:
            put_in_order(self._sites.shelf(self._vault, instance))
        except AppError as fault:
            _log.warning("not_tidied", error=type(fault).__name__)

    def history(self, instance: InstanceReference) -> RunHistory:
        return RunHistory(self._sites, self._vault, instance)

    def samples(self, instance: InstanceReference) -> PreviewSamples:
        return PreviewSamples(self._sites, self._vault, instance)

    def pass_store(self, instance: InstanceReference) -> AccountPass:
        return AccountPass(self._sites, self._vault, instance)

    def account_links(self, instance: InstanceReference, spared: Sequence[str]) -> AccountLinks:
        return self._accounts.of(instance, spared)

    def _entra(self, instance: InstanceReference) -> EntraSecret:
        given = self._reader.entra_secret(instance)
        if given is None:
            raise NotConfigured(FIRST["entra"]())
        return given
