"""How a site is reached through its door: where Jira and Assets lie, who the app is there, and
where the sealed settings rest. Nothing above this file knows which door it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.errors import SettingsUnreadable
from app.instances.connect_secret import ConnectSecrets
from app.instances.directory import Directory
from app.instances.reference import InstanceReference
from app.instances.site_token import SiteTokens
from app.outside.atlassian.connect_properties import ConnectProperties
from app.outside.atlassian.forge_storage import ForgeStorage
from app.outside.credentials import AppToken, Bearer
from app.outside.http import Credential, HttpCaller
from app.outside.watched import WatchedCaller
from app.sentences import GONE
from app.settings import Settings
from app.vault.ports import SiteStorage
from app.words import Clock


@dataclass(frozen=True)
class Route:
    """The way to one life of an instance: `http` stops when that life is over.

    `{jira_url}/rest/…` and `{assets_url}/jsm/assets/…` are its addresses. `own_access`: the app's
    own credential `app` is good for Assets too.
    """

    http: HttpCaller
    jira_url: str
    assets_url: str
    app: Credential
    own_access: bool
    storage: SiteStorage


class InForce:
    """The app's own credential as it is at each request: a token may be replaced in between."""

    def __init__(self, current: Callable[[], Credential]) -> None:
        self._current = current

    def authorization(self, method: str, url: str) -> str:
        """Raises SettingsUnreadable, and SiteTokenMissing where the site has to send one first."""
        return self._current().authorization(method, url)


class SiteRoutes:
    """The way to any instance, by the door that its reference names."""

    def __init__(
        self,
        settings: Settings,
        http: HttpCaller,
        directory: Directory,
        secrets: ConnectSecrets,
        site_tokens: SiteTokens,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._http = http
        self._directory = directory
        self._secrets = secrets
        self._site_tokens = site_tokens
        self._clock = clock

    def to(self, instance: InstanceReference) -> Route:
        """Makes no call. Raises SettingsUnreadable for a reference that leads nowhere."""
        return self._forge(instance) if instance.door == "forge" else self._connect(instance)

    def _connect(self, instance: InstanceReference) -> Route:
        http, site, key = self._watched(instance), instance.base_url, self._settings.app_key
        app = InForce(lambda: self._app_token(instance))
        return Route(
            http=http,
            jira_url=site,
            assets_url=self._settings.atlassian_api_url,
            app=app,
            own_access=False,
            storage=ConnectProperties(http, site, key, app),
        )

    def _forge(self, instance: InstanceReference) -> Route:
        if not instance.cloud_id:
            raise _gone()
        http, api = self._watched(instance), self._settings.atlassian_api_url
        site = f"{api}/ex/jira/{instance.cloud_id}"
        app = InForce(lambda: Bearer(self._site_tokens.token(self._living(instance))))
        return Route(
            http=http,
            jira_url=site,
            assets_url=site,
            app=app,
            own_access=True,
            storage=ForgeStorage(http, api, app),
        )

    def _watched(self, instance: InstanceReference) -> WatchedCaller:
        return WatchedCaller(self._http, lambda: self._living(instance))

    def _living(self, instance: InstanceReference) -> InstanceReference:
        """The reference as it is by now. Raises SettingsUnreadable if that life is over."""
        found = self._directory.find(instance.instance_id)
        if found is None or found.generation != instance.generation or not found.is_alive:
            raise _gone()
        return found

    def _app_token(self, instance: InstanceReference) -> AppToken:
        pair = self._secrets.open(instance)
        if pair is None or instance.client_key is None:
            raise _gone()
        return AppToken(
            self._settings.app_key, instance.client_key, pair.secret, instance.base_url, self._clock
        )


def _gone() -> SettingsUnreadable:
    return SettingsUnreadable(GONE())
