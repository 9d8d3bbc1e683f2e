"""Whose site an address is: asked of the address itself, without any credential."""

from __future__ import annotations

import hmac
from typing import Final

from app.errors import AppError
from app.instances.events import SiteRules, site_address
from app.outside.answers import accepted, mapping, text
from app.outside.http import HttpCaller
from app.sentences import JIRA_SITE

_SECONDS: Final = 1.0  # between two bytes; three for all of it: an event is answered within five
_MOST_BYTES: Final = 64 * 1024


class SiteAddresses:
    """`app.instances.forge_instances.SiteAddresses` over HTTP."""

    def __init__(self, http: HttpCaller, rules: SiteRules) -> None:
        self._http = http
        self._rules = rules

    def confirms(self, site_url: str, cloud_id: str) -> bool:
        """Whether `{site_url}/_edge/tenant_info` names this cloud id. A failure is a no, and only
        an address that a site may have is asked."""
        try:
            told = self._told(site_address(site_url, self._rules))
        except AppError:
            return False
        return hmac.compare_digest(told.lower().encode(), cloud_id.lower().encode())

    def _told(self, address: str) -> str:
        answer = self._http.send(
            "GET",
            f"{address}/_edge/tenant_info",
            allowed_origin=address,
            read_seconds=_SECONDS,
            max_bytes=_MOST_BYTES,
        )
        return text(mapping(accepted(answer, JIRA_SITE).json()), "cloudId")
