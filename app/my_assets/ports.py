"""What this feature needs of the world; wiring joins it. Nothing here does anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, Protocol

from app.instances.reference import InstanceReference
from app.inventory import AssetObject, Attribute, ObjectType, Page, Schema
from app.my_assets.who import SiteUser
from app.site import Account
from app.site_settings.documents import Requests, Visibility
from app.words import AccountId, InstanceId

MOST_FOUND: Final = 50  # accounts that a search gives


class Settings(Protocol):
    """Both raise SettingsUnreadable for a part that is set but does not open."""

    def visibility(self, instance: InstanceReference) -> Visibility:
        """The saved part, or its defaults."""
        ...

    def assets_access(self, instance: InstanceReference) -> object | None:
        """Anything but None: the part is set."""
        ...

    def requests(self, instance: InstanceReference) -> Requests | None:
        """The request type that an administrator chose for reports; None: none yet."""
        ...


class People(Protocol):
    """Jira's accounts and groups. A failing look-up raises; it never answers "none"."""

    def user(self, account_id: AccountId) -> SiteUser | None:
        """None: Jira does not know the account."""
        ...

    def found_by(self, words: str) -> Sequence[Account]:
        """Accounts whose name or address begins with the words, `MOST_FOUND` of them at most."""
        ...

    def groups_of(self, account_id: AccountId) -> frozenset[str]:
        """The ids of the account's groups."""
        ...

    def known_groups(self, group_ids: Collection[str]) -> frozenset[str]:
        """Those of the ids that Jira knows."""
        ...


class Assets(Protocol):
    """Assets of one workspace: see app.outside.atlassian.assets for shapes and errors."""

    def schemas(self) -> Sequence[Schema]: ...

    def object_types(self, schema_id: str) -> Sequence[ObjectType]: ...

    def attributes(self, object_type_id: str) -> Sequence[Attribute]: ...

    def search(self, aql: str, start_at: int, limit: int) -> Page: ...

    def count(self, aql: str) -> int: ...

    def object(self, object_id: str) -> AssetObject | None: ...

    def update(
        self, object_id: str, object_type_id: str, values: Mapping[str, Sequence[str]]
    ) -> None: ...


class ServiceDesk(Protocol):
    """The service desks of one site, asked with the saved account."""

    def raise_request(
        self,
        service_desk_id: str,
        request_type_id: str,
        on_behalf_of: AccountId,
        values: Mapping[str, object],
    ) -> str:
        """The key of the request. See app.outside.atlassian.jira for errors."""
        ...


class Site(Protocol):
    """The services of one instance."""

    def people(self, instance: InstanceReference) -> People: ...

    def assets(self, instance: InstanceReference) -> Assets: ...

    def workspace_id(self, instance: InstanceReference) -> str: ...

    def service_desk(self, instance: InstanceReference) -> ServiceDesk: ...

    def person_schema(self, instance: InstanceReference) -> str | None:
        """The id of the schema that the saved import fills.

        None: not known, since no import is saved, or it is gone, or the saved account may not read
        it. A look-up that fails raises; it never answers None. Asked once for each catalogue.
        """
        ...


class Alarms(Protocol):
    def raise_(self, name: str, instance_id: InstanceId) -> None:
        """Tell the operators. A name and an instance, never a person."""
        ...
