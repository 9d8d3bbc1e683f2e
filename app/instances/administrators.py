"""Who is a Jira administrator: asked of Jira for this caller, now, and never remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.errors import NotAllowed
from app.instances.reference import InstanceReference
from app.words import AccountId


class Permissions(Protocol):
    """The permission question, asked of one site as the app itself."""

    def is_administrator(self, account_id: AccountId) -> bool:
        """Whether Jira grants ADMINISTER to this account. Raises ServiceFailed."""
        ...


class Administrators:
    """Lets administrators through and nobody else."""

    def __init__(self, site: Callable[[InstanceReference], Permissions]) -> None:
        self._site = site

    def is_one(self, instance: InstanceReference, account_id: AccountId) -> bool:
        """Ask Jira. A display condition or a browser's word is never taken for an answer."""
        return self._site(instance).is_administrator(account_id)

    def require(self, instance: InstanceReference, account_id: AccountId) -> None:
        """Raises NotAllowed for everyone else, ServiceFailed when Jira gives no answer."""
        if not self.is_one(instance, account_id):
            raise NotAllowed("Only a Jira administrator may do this.")
