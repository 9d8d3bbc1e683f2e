"""Who is a Jira administrator: asked of Jira for this caller, now, and never remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from app.errors import CredentialRefused, NotAllowed, NotThere, ServiceTimedOut, ServiceUnreachable
from app.instances.reference import InstanceReference
from app.said import Sentence
from app.words import AccountId, Secret

ADMINISTRATORS_ONLY: Final = Sentence(
    "administrators.only", "Only a Jira administrator may do this."
)


class Permissions(Protocol):
    """The permission question, asked of one site as the app itself (Connect)."""

    def is_administrator(self, account_id: AccountId) -> bool:
        """Whether Jira grants ADMINISTER to this account. Raises ServiceFailed."""
        ...


class OwnPermissions(Protocol):
    """The permission question, asked of one site with the caller's own token (Forge)."""

    def administers(self) -> bool:
        """Whether Jira grants ADMINISTER to whom the token belongs. Raises ServiceFailed."""
        ...


class Administrators:
    """Lets administrators through and nobody else. The instance says through which door."""

    def __init__(
        self,
        as_app: Callable[[InstanceReference], Permissions],
        as_user: Callable[[InstanceReference, Secret], OwnPermissions],
    ) -> None:
        self._as_app = as_app
        self._as_user = as_user

    def is_one(
        self, instance: InstanceReference, account_id: AccountId, user_token: Secret | None = None
    ) -> bool:
        """Ask Jira. A display condition or a browser's word is never taken for an answer.

        On Forge only the caller's own token can ask: without one the answer is no, and the app's
        token is never asked instead. A late answer counts as none: ServiceUnreachable.
        """
        try:
            if instance.door == "forge":
                return user_token is not None and self._says(instance, user_token)
            return self._as_app(instance).is_administrator(account_id)
        except NotThere:
            return False
        except ServiceTimedOut as late:
            raise ServiceUnreachable(late.detail) from None

    def require(
        self, instance: InstanceReference, account_id: AccountId, user_token: Secret | None = None
    ) -> None:
        """Raises NotAllowed for everyone else, ServiceFailed when Jira gives no answer."""
        if not self.is_one(instance, account_id, user_token):
            raise NotAllowed(ADMINISTRATORS_ONLY())

    def _says(self, instance: InstanceReference, user_token: Secret) -> bool:
        """A token that Jira does not take, here or any more, is no administrator's."""
        try:
            return self._as_user(instance, user_token).administers()
        except (CredentialRefused, NotAllowed, NotThere):
            return False
