"""The parts of one process in the order in which they need each other."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from app.callers.forge import ForgeApp
from app.imports.run.runs import Runs
from app.instances.connect_secret import ConnectSecrets
from app.instances.directory import Directory
from app.instances.events import SiteRules
from app.instances.forge_instances import ForgeInstances
from app.instances.lifecycle import Home
from app.instances.reference import InstanceReference
from app.instances.site_token import SiteTokens
from app.my_assets.account_links import AccountLinking
from app.outside.aws.kms import KmsDataKeys
from app.outside.http import READ_SECONDS_OF_A_PAGE, HttpCaller
from app.outside.quota import Quotas
from app.settings import Settings
from app.site_settings.clouds import cloud_addresses
from app.site_settings.reading import SettingsReader
from app.site_settings.stored import StoredPart
from app.vault.keys import KeyIds
from app.vault.parts import Role
from app.vault.vault import Vault
from app.wiring.addresses import SiteAddresses
from app.wiring.alarms import LoggedAlarms
from app.wiring.aws import aws_clients
from app.wiring.clock import utc_now
from app.wiring.imports import ImportConnections
from app.wiring.licence import Licences
from app.wiring.my_assets_site import MyAssetsSite
from app.wiring.routes import SiteRoutes
from app.wiring.silence import Asker
from app.wiring.sites import Sites
from app.wiring.tables import pinned_table
from app.wiring.workspaces import Workspaces
from app.words import Clock

LOOK_UPS: Final = 4  # side by side, of what a pass of Jira accounts asks about types


def key_ids(settings: Settings) -> KeyIds:
    """The two KMS keys in use, and those still accepted."""
    return KeyIds(
        settings.settings_key_id,
        settings.instance_key_id,
        settings.settings_key_previous_ids,
        settings.instance_key_previous_ids,
    )


class Rooms:
    """What the features of one process are joined from. Connects to nothing yet."""

    def __init__(self, settings: Settings, runs_clock: Clock | None = None) -> None:
        """`runs_clock` is the time by which runs are due, age and end; tokens keep the real one."""
        self.settings = settings
        self.aws = aws_clients(settings)
        self.http = HttpCaller(read_seconds=READ_SECONDS_OF_A_PAGE)
        self._http_of_runs = HttpCaller()  # nobody waits for them
        self.table = pinned_table(settings, self.aws)
        self.directory = Directory(self.table, utc_now)
        self.home = Home(settings.app_key, settings.environment, settings.aws_region)
        self.web = self.vault("web")
        self.secrets = ConnectSecrets(self.web, utc_now)
        self.site_tokens = SiteTokens(self.table, self.directory, self.web, utc_now, os.urandom)
        self.sites = self._sites(self.http)
        self.licences = Licences(self.sites.as_app, settings.app_key, self.site_tokens)
        self.cloud = cloud_addresses(
            settings.entra_login_url, settings.graph_url, sandbox=settings.is_sandbox
        )
        self.runs = Runs(self.table, runs_clock or utc_now)
        self.quotas = Quotas(utc_now)
        self._look_ups = ThreadPoolExecutor(LOOK_UPS, thread_name_prefix="account")

    def vault(self, role: Role) -> Vault:
        """A vault handle of this role. Raises SelfTestFailed if a cipher is broken."""
        settings, kms = self.settings, KmsDataKeys(self.aws.kms)
        vault = Vault(role, kms, key_ids(settings), settings.app_key, utc_now, os.urandom)
        vault.self_test()
        return vault

    def connections(self, vault: Vault) -> ImportConnections:
        """Everything a run talks to, opened with this vault's role."""
        http = self._http_of_runs
        sites = self._sites(http)
        reader = SettingsReader(lambda instance: sites.shelf(vault, instance))
        workspaces = Workspaces(sites, reader, utc_now, self.quotas.for_import)
        site = MyAssetsSite(sites, workspaces, reader)
        accounts = AccountLinking(site, LoggedAlarms(), self._look_ups, utc_now)
        return ImportConnections(
            self.settings, http, sites, workspaces, reader, vault, accounts, utc_now
        )

    def entra_part(self, vault: Vault, instance: InstanceReference) -> StoredPart | None:
        """The part `entra` without its secret."""
        reader = SettingsReader(lambda each: self.sites.shelf(vault, each))
        return reader.stored(instance, "entra")

    def forge_app(self) -> ForgeApp | None:
        """What a Forge token must be for. None: the door is shut."""
        known = self.settings
        if known.forge_app_id is None:
            return None
        return ForgeApp(known.forge_app_id, known.forge_environment, known.atlassian_api_url)

    def forge_instances(self) -> ForgeInstances:
        """The instances of the Forge door."""
        rules = SiteRules(self.settings.site_hosts, self.settings.is_sandbox)
        return ForgeInstances(
            self.table,
            self.directory,
            self.home,
            self.settings.forge_environment,
            rules,
            SiteAddresses(self.http, rules),
            utc_now,
        )

    def asker(self) -> Asker:
        """Asks a Connect site by its licence resource, as the app itself."""
        return Asker(
            self.table, lambda each: self.sites.as_app(each).licence(self.settings.app_key)
        )

    def _sites(self, http: HttpCaller) -> Sites:
        routes = SiteRoutes(
            self.settings, http, self.directory, self.secrets, self.site_tokens, utc_now
        )
        return Sites(self.settings.atlassian_api_url, routes, self.table, self.directory)
