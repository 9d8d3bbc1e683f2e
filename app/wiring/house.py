"""One process, joined: instances, vault, settings, imports, My Assets and what the doors call."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.callers.forge import ForgeApp
from app.doors.services import Services
from app.errors import AppError
from app.goodbye.trust import trust_page
from app.imports.desk import ImportDesk
from app.imports.import_type import ImportType
from app.imports.local_runner import LocalRunner
from app.imports.ports import Queue
from app.imports.runs import Runs
from app.imports.schedule import Scheduler
from app.imports.worker import ImportWorker
from app.instances.administrators import Administrators
from app.instances.claims import ClaimDesk
from app.instances.connect_secret import ConnectSecrets
from app.instances.directory import ConnectInstances, Directory
from app.instances.events import SiteRules
from app.instances.forge_instances import ForgeInstances
from app.instances.lifecycle import Home, Lifecycle
from app.instances.living import Living
from app.instances.reference import InstanceReference
from app.instances.site_token import SiteTokens
from app.my_assets.desk import MyAssetsDesk
from app.outside.atlassian.forge_keys import ForgeKeyAddress
from app.outside.atlassian.import_source import ImportByToken
from app.outside.atlassian.install_keys import InstallKeyAddress
from app.outside.aws.claims import DynamoClaims
from app.outside.aws.dynamodb import DynamoInstanceTable
from app.outside.aws.kms import KmsDataKeys
from app.outside.aws.sqs import SqsQueue
from app.outside.http import HttpCaller
from app.outside.microsoft.entra import EntraLogin
from app.settings import Settings
from app.site_settings.clouds import cloud_addresses
from app.site_settings.desk import SettingsDesk
from app.site_settings.documents import PartName
from app.site_settings.ports import Outside
from app.site_settings.reading import SettingsReader
from app.vault.keys import KeyIds
from app.vault.parts import Role
from app.vault.vault import Vault
from app.wiring.alarms import LoggedAlarms
from app.wiring.aws import Aws, aws_clients
from app.wiring.forge import ForgeSites, has_licence
from app.wiring.imports import ImportConnections
from app.wiring.sites import MyAssetsSite, Sites, Workspaces
from app.words import InstanceId

_LOOK_UPS_AT_ONCE: Final = 16
_NOBODY: Final = InstanceId("readiness")


def utc_now() -> datetime:
    """The clock of a real process."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """What the commands call. `runner` runs imports in this process; None where a queue does."""

    settings: Settings
    aws: Aws
    services: Services
    worker: ImportWorker
    scheduler: Scheduler
    runner: LocalRunner | None


class _Rooms:
    """The parts in the order in which they need each other."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.aws = aws_clients(settings)
        self.http = HttpCaller()
        self.table = DynamoInstanceTable(self.aws.dynamodb, settings.table)
        self.directory = Directory(self.table, utc_now)
        self.home = Home(settings.app_key, settings.environment, settings.aws_region)
        self.web = self.vault("web")
        self.secrets = ConnectSecrets(self.web, utc_now)
        self.site_tokens = SiteTokens(self.table, self.directory, self.web, utc_now, os.urandom)
        self.forge_sites = ForgeSites(self.http, settings.atlassian_api_url)
        self.sites = Sites(settings, self.http, self.table, self.directory, self.secrets, utc_now)
        self.cloud = cloud_addresses(
            settings.entra_login_url, settings.graph_url, sandbox=settings.is_sandbox
        )
        self.runs = Runs(self.table, utc_now)

    def vault(self, role: Role) -> Vault:
        settings = self.settings
        keys = KeyIds(
            settings.settings_key_id,
            settings.instance_key_id,
            settings.settings_key_previous_ids,
            settings.instance_key_previous_ids,
        )
        vault = Vault(role, KmsDataKeys(self.aws.kms), keys, settings.app_key, utc_now, os.urandom)
        vault.self_test()
        return vault

    def connections(self, vault: Vault) -> ImportConnections:
        """Everything a run talks to, opened with this vault's role."""
        reader = SettingsReader(lambda instance: self.sites.shelf(vault, instance))
        workspaces = Workspaces(self.sites, reader, utc_now)
        return ImportConnections(self.settings, self.http, self.sites, workspaces, reader, vault)


def build_house(settings: Settings) -> House:
    """Join everything. Connects to nothing yet. Raises SelfTestFailed if a cipher is broken."""
    rooms = _Rooms(settings)
    web = rooms.web
    runner = None if settings.queue_url else LocalRunner()
    queue: Queue = runner or SqsQueue(rooms.aws.sqs, settings.queue_url or "", os.urandom)
    workers_own = rooms.connections(rooms.vault("worker"))
    worker = ImportWorker(
        rooms.runs,
        workers_own,
        utc_now,
        os.urandom,
        time.sleep,
        ThreadPoolExecutor(4, thread_name_prefix="ahead"),
    )
    if runner is not None:
        runner.attach(worker)
    connections = rooms.connections(web)
    desk = ImportDesk(rooms.runs, connections, queue, utc_now, os.urandom)
    scheduler = Scheduler(rooms.table, connections, desk)
    services = _services(rooms, web, desk, scheduler, workers_own if runner else None)
    return House(settings, rooms.aws, services, worker, scheduler, runner)


def _services(
    rooms: _Rooms,
    web: Vault,
    desk: ImportDesk,
    scheduler: Scheduler,
    worker: ImportConnections | None,
) -> Services:
    settings = rooms.settings
    outside = _settings_outside(rooms, web, scheduler, worker)
    settings_desk = SettingsDesk(outside)
    reader = SettingsReader(outside.shelf)
    workspaces = Workspaces(rooms.sites, reader, utc_now)
    pool = ThreadPoolExecutor(_LOOK_UPS_AT_ONCE, thread_name_prefix="look-up")
    return Services(
        settings=settings,
        clock=utc_now,
        random=os.urandom,
        install_keys=InstallKeyAddress(rooms.http, settings.install_keys_url, utc_now),
        connect=ConnectInstances(rooms.directory, rooms.secrets, rooms.home, utc_now),
        lifecycle=Lifecycle(rooms.table, rooms.secrets, rooms.home, utc_now),
        forge_app=_forge_app(settings),
        forge_keys=ForgeKeyAddress(rooms.http, settings.forge_jwks_url, utc_now),
        forge=_forge_instances(rooms),
        site_tokens=rooms.site_tokens,
        site_token_works=rooms.forge_sites.accepts,
        living=Living(rooms.directory, rooms.secrets, rooms.site_tokens),
        connect_licence=lambda instance: has_licence(rooms.sites.as_app, instance, settings),
        administrators=Administrators(rooms.sites.as_app, rooms.forge_sites.as_user),
        claims=ClaimDesk(DynamoClaims(rooms.aws.dynamodb, settings.table), utc_now),
        site_settings=settings_desk,
        imports=desk,
        import_type=ImportType(
            desk, rooms.connections(web), lambda instance: settings_desk.forget(instance, "import")
        ),
        my_assets=MyAssetsDesk(
            reader, MyAssetsSite(rooms.sites, workspaces, reader), LoggedAlarms(), pool, utc_now
        ),
        trust=lambda: trust_page(
            role_split=settings.queue_url is not None, region=settings.aws_region
        ),
        ready=lambda: _answers(rooms.table),
    )


def _forge_app(settings: Settings) -> ForgeApp | None:
    if settings.forge_app_id is None:
        return None
    return ForgeApp(settings.forge_app_id, settings.forge_environment, settings.atlassian_api_url)


def _forge_instances(rooms: _Rooms) -> ForgeInstances:
    settings = rooms.settings
    return ForgeInstances(
        rooms.table,
        rooms.directory,
        rooms.home,
        settings.forge_environment,
        SiteRules(settings.site_hosts, settings.is_sandbox),
        rooms.forge_sites,
        utc_now,
    )


def _settings_outside(
    rooms: _Rooms, web: Vault, scheduler: Scheduler, worker: ImportConnections | None
) -> Outside:
    """`worker` is this process's own, where it holds both roles; else a run's start tidies."""
    api = rooms.settings.atlassian_api_url

    reader = SettingsReader(lambda instance: rooms.sites.shelf(web, instance))

    def saved(instance: InstanceReference, part: PartName) -> None:
        if part == "import":
            rules = reader.import_rules(instance)
            scheduler.reschedule(instance, rules.schedule if rules else None, utc_now())
        elif part == "encryption-string" and worker is not None:
            worker.tidy(instance)

    return Outside(
        clock=utc_now,
        shelf=lambda instance: rooms.sites.shelf(web, instance),
        app_site=rooms.sites.as_app,
        account_site=rooms.sites.as_account,
        assets=rooms.sites.assets,
        cloud=rooms.cloud,
        login=lambda cloud: EntraLogin(rooms.http, cloud.login_url),
        import_by_token=lambda token: ImportByToken(rooms.http, api, token),
        import_set_up=rooms.sites.import_set_up,
        saved=saved,
    )


def _answers(table: DynamoInstanceTable) -> bool:
    """Whether the table gives an answer, whatever it is."""
    try:
        table.read(_NOBODY)
    except AppError:
        return False
    return True
