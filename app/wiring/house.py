"""One process, joined: instances, vault, settings, imports, My Assets and what the doors call."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from app.doors.services import Services
from app.errors import AppError
from app.imports.desk.desk import ImportDesk
from app.imports.desk.import_type import ImportType
from app.imports.desk.sample_desk import SampleDesk
from app.imports.desk.schedule import Scheduler
from app.imports.legs.local_runner import LocalRunner
from app.imports.legs.worker import ImportWorker
from app.imports.run.due import due_beside
from app.imports.run.ports import Queue
from app.instances.administrators import Administrators
from app.instances.claims import ClaimDesk
from app.instances.directory import ConnectInstances
from app.instances.lifecycle import Lifecycle
from app.instances.living import Living
from app.instances.reference import InstanceReference
from app.instances.table import InstanceTable
from app.instances.token_trial import TokenTrial
from app.my_assets.desk import MyAssetsDesk
from app.outside.atlassian.forge_keys import ForgeKeyAddress
from app.outside.atlassian.install_keys import InstallKeyAddress
from app.outside.aws.claims import DynamoClaims
from app.outside.aws.sqs import SqsQueue
from app.outside.microsoft.entra import EntraLogin
from app.settings import Settings
from app.site_settings.desk import SettingsDesk
from app.site_settings.documents import Document, ImportRules, PartName
from app.site_settings.ports import Outside
from app.site_settings.reading import SettingsReader
from app.wiring.alarms import LoggedAlarms
from app.wiring.aws import Aws
from app.wiring.clock import utc_now
from app.wiring.imports import ImportConnections
from app.wiring.my_assets_site import MyAssetsSite
from app.wiring.rooms import Rooms
from app.wiring.scheduling import build_scheduler
from app.wiring.silence import having_asked
from app.wiring.tidying import asking as asking_to_tidy
from app.wiring.trust import trust_of
from app.wiring.workspaces import Workspaces
from app.words import Clock, InstanceId

_LOOK_UPS_AT_ONCE: Final = 16
_NOBODY: Final = InstanceId("readiness")


@dataclass(frozen=True)
class House:
    """What the commands call. `runner` runs imports in this process; None where a queue does."""

    settings: Settings
    aws: Aws
    services: Services
    worker: ImportWorker
    scheduler: Scheduler
    runner: LocalRunner | None


def build_house(settings: Settings, runs_clock: Clock | None = None) -> House:
    """Join everything. Connects to nothing yet. Raises SelfTestFailed if a cipher is broken."""
    runs_clock = runs_clock or utc_now
    rooms = Rooms(settings, runs_clock)
    runner = None if settings.queue_url else LocalRunner()
    queue: Queue = runner or SqsQueue(rooms.aws.sqs, settings.queue_url or "", os.urandom)
    workers_own = rooms.connections(rooms.vault("worker"))
    worker = ImportWorker(
        rooms.runs,
        workers_own,
        runs_clock,
        os.urandom,
        time.sleep,
        ThreadPoolExecutor(4, thread_name_prefix="ahead"),
    )
    if runner is not None:
        runner.attach(worker)
    connections = rooms.connections(rooms.web)
    desk = ImportDesk(rooms.runs, connections, queue, runs_clock, os.urandom)
    samples = SampleDesk(desk, connections, utc_now)
    asking = having_asked(queue) if runner is None else rooms.asker()
    scheduler = build_scheduler(rooms, queue, asking, runs_clock)
    outside = _settings_outside(rooms, workers_own.tidy if runner else asking_to_tidy(queue))
    services = _services(rooms, outside, desk, connections, samples)
    return House(settings, rooms.aws, services, worker, scheduler, runner)


def _services(
    rooms: Rooms,
    outside: Outside,
    desk: ImportDesk,
    connections: ImportConnections,
    samples: SampleDesk,
) -> Services:
    settings, site_settings = rooms.settings, SettingsDesk(outside)
    my_assets = _my_assets(rooms, outside)
    administrators = Administrators(rooms.sites.as_app, rooms.sites.as_user)
    return Services(
        settings=settings,
        clock=utc_now,
        random=os.urandom,
        install_keys=InstallKeyAddress(rooms.http, settings.install_keys_url, utc_now),
        connect=ConnectInstances(rooms.directory, rooms.secrets, rooms.home, utc_now),
        lifecycle=Lifecycle(rooms.table, rooms.secrets, rooms.home, utc_now),
        forge_app=rooms.forge_app(),
        forge_keys=ForgeKeyAddress(rooms.http, settings.forge_jwks_url, utc_now),
        forge=rooms.forge_instances(),
        site_tokens=rooms.site_tokens,
        token_trial=TokenTrial(rooms.sites.token_reads, administrators, utc_now),
        living=Living(rooms.directory, rooms.secrets, rooms.site_tokens),
        connect_licence=rooms.licences.of_connect,
        administrators=administrators,
        claims=ClaimDesk(DynamoClaims(rooms.aws.dynamodb, settings.table), utc_now),
        site_settings=site_settings,
        imports=desk,
        samples=samples,
        import_type=ImportType(
            desk, connections, lambda instance: site_settings.forget(instance, "import")
        ),
        my_assets=my_assets,
        drafts=my_assets.drafts,
        trust=trust_of(settings, rooms.aws.kms),
        ready=lambda: _answers(rooms.table),
    )


def _my_assets(rooms: Rooms, outside: Outside) -> MyAssetsDesk:
    reader = SettingsReader(outside.shelf)
    workspaces = Workspaces(rooms.sites, reader, utc_now, rooms.quotas.for_pages)
    site = MyAssetsSite(rooms.sites, workspaces, reader)
    pool = ThreadPoolExecutor(_LOOK_UPS_AT_ONCE, thread_name_prefix="look-up")
    return MyAssetsDesk(reader, site, LoggedAlarms(), pool, utc_now)


def _settings_outside(rooms: Rooms, tidy: Callable[[InstanceReference], None]) -> Outside:
    """`tidy` is the worker's: done here where this process is both, else asked for."""

    def beside(part: PartName, rules: Document | None) -> Mapping[str, str | None]:
        if part != "import":
            return {}
        return due_beside(rules.schedule if isinstance(rules, ImportRules) else None, utc_now())

    def saved(instance: InstanceReference, part: PartName) -> None:
        if part == "encryption-string":
            tidy(instance)

    return Outside(
        clock=utc_now,
        shelf=lambda instance: rooms.sites.shelf(rooms.web, instance),
        app_site=rooms.sites.as_app,
        account_site=rooms.sites.as_account,
        assets=rooms.sites.assets,
        cloud=rooms.cloud,
        login=lambda cloud: EntraLogin(rooms.http, cloud.login_url),
        import_by_token=rooms.sites.import_by_token,
        import_set_up=rooms.sites.import_set_up,
        beside=beside,
        saved=saved,
        own_access=rooms.sites.has_own_access,
        import_by_source=rooms.sites.import_by_source,
    )


def _answers(table: InstanceTable) -> bool:
    """Whether the table gives an answer, whatever it is."""
    try:
        table.read(_NOBODY)
    except AppError:
        return False
    return True
