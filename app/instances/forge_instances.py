"""The instances of the Forge door: found, made, started anew and ended by verified calls.

The cloud id says which instance a call is for, because it stays over reinstalls; the installation
id says which life. Nothing is ever taken from a body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.instances.directory import Directory
from app.instances.events import SiteRules
from app.instances.lifecycle import Decision, Home
from app.instances.reference import InstanceReference
from app.instances.table import InstanceTable
from app.words import Clock

if TYPE_CHECKING:
    from app.callers.forge import ForgeCaller


class SiteAddresses(Protocol):
    """Asks an address whose site it is."""

    def confirms(self, site_url: str, cloud_id: str) -> bool:
        """Whether `GET {site_url}/_edge/tenant_info` names this cloud id. A failure is a no."""
        ...


class ForgeInstances:
    """Finds the instance of a verified Forge call, and applies what its lifecycle events say."""

    def __init__(
        self,
        table: InstanceTable,
        directory: Directory,
        home: Home,
        forge_environment: str,
        sites: SiteRules,
        addresses: SiteAddresses,
        clock: Clock,
    ) -> None:
        """`forge_environment` is the accepted `app.environment.type`: part of the instance id."""
        self._table = table
        self._directory = directory
        self._home = home
        self._forge_environment = forge_environment
        self._sites = sites
        self._addresses = addresses
        self._clock = clock

    def instance(self, caller: ForgeCaller) -> InstanceReference:
        """The living instance of a verified call; a new, empty one for one never seen.

        Raises Refused, ServiceUnreachable.
        """
        raise NotImplementedError

    def installed(self, caller: ForgeCaller) -> Decision:
        """Apply an install event. Raises Refused, ServiceUnreachable."""
        raise NotImplementedError

    def upgraded(self, caller: ForgeCaller) -> Decision:
        """Apply an upgrade event: it changes nothing of an instance that stands."""
        raise NotImplementedError

    def leaving(self, caller: ForgeCaller) -> Decision:
        """Apply a preUninstall: forget every key at once. Another installation's is nothing."""
        raise NotImplementedError

    def seen(self, reference: InstanceReference) -> None:
        """Remember that the site called (hourly tick); one that was silent is no longer."""
        raise NotImplementedError
