"""The instances of the Forge door: found, made, started anew and ended by verified calls.

The cloud id says which instance a call is for, because it stays over reinstalls; the installation
id says which life. Nothing is ever taken from a body.
"""

from __future__ import annotations

from typing import Protocol

from app.callers.forge import ForgeCaller
from app.errors import AppError, Refused, ServiceUnreachable
from app.instances.directory import Directory
from app.instances.events import SiteRules, site_address
from app.instances.forge_rules import Reason, decide, stands
from app.instances.identity import instance_id
from app.instances.lifecycle import Decision, Home
from app.instances.lives import ATTEMPTS, begun, ended, first_of, heard, if_unchanged, revived
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Absent, AnyOf, Change, Condition, Equals, InstanceTable, OneOf, Path
from app.words import Clock, InstanceId


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
        found = self._directory.find(self.id_of(caller))
        if found is None or not stands(found, caller):
            self._apply(caller, "call")
            found = self._directory.fresh(self.id_of(caller))
        if found is None or not stands(found, caller):
            raise Refused("installation gone")
        return self._addressed(found, caller)

    def installed(self, caller: ForgeCaller) -> Decision:
        """Apply an install event; a late or repeated one changes nothing. Raises Refused."""
        return self._apply(caller, "arrival")

    def upgraded(self, caller: ForgeCaller) -> Decision:
        """Apply an upgrade event: it changes nothing of an instance that stands."""
        return self._apply(caller, "arrival")

    def leaving(self, caller: ForgeCaller) -> Decision:
        """Apply a preUninstall: forget every key at once. Another installation's is nothing."""
        return self._apply(caller, "leaving")

    def seen(self, reference: InstanceReference) -> None:
        """Remember that the site called just now (hourly tick)."""
        now = stamp(self._clock())
        self._table.change(
            reference.instance_id, Change({("seen_at",): now}, conditions=_alive(reference))
        )

    def _apply(self, caller: ForgeCaller, reason: Reason) -> Decision:
        key = self.id_of(caller)
        for _ in range(ATTEMPTS):
            reference = self._table.read(key)
            decision = decide(reference, caller, reason)
            if decision == "nothing" or self._write(key, reference, decision, caller):
                return decision
        raise ServiceUnreachable("Too many changes at once; please call again.")

    def _write(
        self,
        key: InstanceId,
        reference: InstanceReference | None,
        decision: Decision,
        caller: ForgeCaller,
    ) -> bool:
        change = self._change(key, reference, decision, caller)
        try:
            if reference is None:
                return self._table.create(first_of(key, "forge", change))
            return self._table.change(key, if_unchanged(reference, change)) is not None
        finally:
            self._directory.forget(key)

    def _change(
        self,
        key: InstanceId,
        reference: InstanceReference | None,
        decision: Decision,
        caller: ForgeCaller,
    ) -> Change:
        now = self._clock()
        if decision == "uninstall":
            return ended(caller.issued_at, None, now)
        if decision == "note":
            return heard(caller.issued_at, None)
        if decision == "renew" and reference is not None:
            return revived(reference, now)
        self._check_installation(key, caller)
        values = {
            "installation_id": caller.installation_id,
            "cloud_id": caller.cloud_id,
            "base_url": self._address(reference.base_url if reference else "", caller) or None,
        }
        return begun(values, caller.issued_at, self._home.region, now)

    def _check_installation(self, key: InstanceId, caller: ForgeCaller) -> None:
        """An installation belongs to one site: its token for another one is a mixture of two."""
        other = self._table.by_installation(caller.installation_id)
        if other is not None and other.instance_id != key:
            raise Refused("installation of another site")

    def _addressed(self, found: InstanceReference, caller: ForgeCaller) -> InstanceReference:
        address = self._address(found.base_url, caller)
        if address == found.base_url:
            return found
        here = ("base_url",)
        was: Condition = Equals(here, found.base_url)
        if not found.base_url:
            was = AnyOf((Absent(here), was))
        values: dict[Path, str] = {here: address, ("updated_at",): stamp(self._clock())}
        change = Change(values, conditions=[*_alive(found), was])
        changed = self._table.change(found.instance_id, change)
        self._directory.forget(found.instance_id)
        return changed or found  # lost: the next call looks again, this one keeps what it found

    def _address(self, known: str, caller: ForgeCaller) -> str:
        """The site's address as this call leaves it: another one counts once it confirms itself.

        A token that mixes two sites must not move it. An address that no site of ours may have,
        such as a domain of the customer's own, says nothing.
        """
        if not caller.site_url:
            return known
        try:
            said = site_address(caller.site_url, self._sites)
        except AppError:
            said = ""
        if said == known or not said or not known:
            return said or known
        if not self._addresses.confirms(said, caller.cloud_id):
            raise Refused("address of another site")
        return said

    def id_of(self, caller: ForgeCaller) -> InstanceId:
        """The instance that a verified call is for, whether it is known or not."""
        environment = f"{self._home.environment}/{self._forge_environment}"
        return instance_id("forge", self._home.app_key, environment, caller.cloud_id)


def _alive(reference: InstanceReference) -> list[Condition]:
    return [
        Equals(("generation",), reference.generation),
        OneOf(("state",), ("installed", "silent")),
    ]
