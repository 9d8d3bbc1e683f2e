"""What the doors can call: the features, joined by `app.wiring`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from app.callers.connect import InstallKeys
from app.imports.desk import ImportDesk
from app.instances.administrators import Administrators
from app.instances.claims import ClaimDesk
from app.instances.directory import ConnectInstances
from app.instances.lifecycle import Lifecycle
from app.my_assets.desk import MyAssetsDesk
from app.settings import Settings
from app.site_settings.desk import SettingsDesk
from app.words import Clock, Json, RandomBytes


@dataclass(frozen=True)
class Services:
    """One object for each feature a door calls, and what every answer needs."""

    settings: Settings
    clock: Clock
    random: RandomBytes
    install_keys: InstallKeys
    connect: ConnectInstances
    lifecycle: Lifecycle
    administrators: Administrators
    claims: ClaimDesk
    site_settings: SettingsDesk
    imports: ImportDesk
    my_assets: MyAssetsDesk
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
