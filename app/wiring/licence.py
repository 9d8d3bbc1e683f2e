"""Whether a site has a licence for the app: about money, not about safety. No answer is a yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.errors import AppError
from app.instances.reference import InstanceReference
from app.instances.site_token import SiteTokens
from app.site import Licence


class LicenceResource(Protocol):
    """The site, asked as the app itself."""

    def licence(self, app_key: str) -> Licence: ...


class Licences:
    """Asked by the doors before a write, and by the scheduler, which has no call to go by."""

    def __init__(
        self,
        as_app: Callable[[InstanceReference], LicenceResource],
        app_key: str,
        site_tokens: SiteTokens,
    ) -> None:
        self._as_app = as_app
        self._app_key = app_key
        self._site_tokens = site_tokens

    def of_connect(self, instance: InstanceReference) -> bool:
        """What the licence resource of a Connect site says now. Never the `lic` of a page."""
        try:
            return self._as_app(instance).licence(self._app_key).active
        except AppError:
            return True

    def without_a_call(self, instance: InstanceReference) -> bool:
        """What can be known when nobody calls: on Forge, what the newest call said."""
        if instance.door == "connect":
            return self.of_connect(instance)
        try:
            return self._site_tokens.licensed(instance)
        except AppError:
            return True
