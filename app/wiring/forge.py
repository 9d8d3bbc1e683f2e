"""How a Forge site is asked with a token that came with the present call, and whose site one is."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Final

from app.errors import AppError, CredentialRefused, NotAllowed
from app.instances.reference import InstanceReference
from app.outside.answers import accepted
from app.outside.atlassian.jira import JiraSite
from app.outside.credentials import Bearer
from app.outside.http import HttpCaller
from app.settings import Settings
from app.words import Secret

_NO_SUCH_KEY: Final = (400, 404)  # a read of nothing is an answer, too: NOT_FOUND comes as a 400


class ForgeSites:
    """Calls with tokens that are tried or used once, and never kept here."""

    def __init__(self, http: HttpCaller, api_url: str) -> None:
        self._http = http
        self._api_url = api_url

    def as_user(self, instance: InstanceReference, token: Secret) -> JiraSite:
        """The site, asked as the person in session."""
        base_url = f"{self._api_url}/ex/jira/{instance.cloud_id}"
        return JiraSite(self._http, base_url, Bearer(token))

    def accepts(self, _instance: InstanceReference, token: Secret) -> bool:
        """Whether site storage takes this system token. Raises ServiceFailed."""
        answer = self._http.send(
            "POST",
            f"{self._api_url}/forge/storage/kvs/v1/get",
            allowed_origin=self._api_url,
            credential=Bearer(token),
            json_body={"key": "site-token-trial"},
        )
        if answer.status in _NO_SUCH_KEY:
            return True
        try:
            accepted(answer, "Forge storage")
        except (CredentialRefused, NotAllowed):
            return False
        return True

    def confirms(self, site_url: str, cloud_id: str) -> bool:
        """Whether the site at this address says it is this cloud id. A failure is a no."""
        try:
            told = JiraSite(self._http, site_url, None).cloud_id()
        except AppError:
            return False
        return hmac.compare_digest(told.encode(), cloud_id.encode())


def has_licence(
    as_app: Callable[[InstanceReference], JiraSite],
    instance: InstanceReference,
    settings: Settings,
) -> bool:
    """What a Connect site says of the licence now. No answer is a yes."""
    try:
        return as_app(instance).licence(settings.app_key).active
    except AppError:
        return True
