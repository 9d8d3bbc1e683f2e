"""What the doors can call: the features, joined by `app.wiring`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app

from app.callers.connect import InstallKeys
from app.callers.forge import ForgeApp, ForgeKeys
from app.files import ui_release
from app.imports.desk.desk import ImportDesk
from app.imports.desk.import_type import ImportType
from app.imports.desk.sample_desk import SampleDesk
from app.instances.administrators import Administrators
from app.instances.claims import ClaimDesk
from app.instances.directory import ConnectInstances
from app.instances.forge_instances import ForgeInstances
from app.instances.lifecycle import Lifecycle
from app.instances.living import Living
from app.instances.reference import InstanceReference
from app.instances.site_token import SiteTokens
from app.instances.token_trial import TokenTrial
from app.my_assets.desk import MyAssetsDesk
from app.my_assets.drafts.desk import DraftDesk
from app.settings import Settings
from app.site_settings.desk import SettingsDesk
from app.words import Clock, Json, RandomBytes


@dataclass(frozen=True)
class Services:
    """One object for each feature a door calls, and what every answer needs.

    `forge_app` None: FORGE_APP_ID is unset and the Forge door is shut.
    `connect_licence(instance)`: what the licence resource of a Connect site says now. No answer is
    a yes: a licence is about money, not safety.
    """

    settings: Settings
    clock: Clock
    random: RandomBytes
    install_keys: InstallKeys
    connect: ConnectInstances
    lifecycle: Lifecycle
    forge_app: ForgeApp | None
    forge_keys: ForgeKeys
    forge: ForgeInstances
    site_tokens: SiteTokens
    token_trial: TokenTrial
    living: Living
    connect_licence: Callable[[InstanceReference], bool]
    administrators: Administrators
    claims: ClaimDesk
    site_settings: SettingsDesk
    imports: ImportDesk
    samples: SampleDesk
    import_type: ImportType
    my_assets: MyAssetsDesk
    drafts: DraftDesk
    trust: Callable[[], Json]
    ready: Callable[[], bool]


_NAME = "my-assets"


def attach(extensions: dict[str, object], services: Services) -> None:
    """Make the services reachable for the views of one app."""
    extensions[_NAME] = services


def services() -> Services:
    """The services of the app that answers the present request."""
    found: Services = current_app.extensions[_NAME]
    return found


def static_path() -> str:
    """What the links of pages begin with: below the app's base URL, named after their content."""
    return f"{urlsplit(services().settings.app_base_url).path}/static/{ui_release()}"
