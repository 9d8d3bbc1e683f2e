"""A site as a draft may meet it: asked once for each thing, and never written to.

Lives for one request. What it remembers of people and assets goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from app.instances.reference import InstanceReference
from app.inventory import AssetObject, Attribute, ObjectType, Page, Schema
from app.my_assets.ports import Assets, People, ServiceDesk, Site
from app.my_assets.who import SiteUser
from app.site import Account
from app.words import AccountId, InstanceId

Answer = TypeVar("Answer")


class _Once:
    """Two threads at once may ask a thing twice; neither gets another answer for it."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Any] = {}

    def ask(self, key: tuple[Any, ...], how: Callable[[], Answer]) -> Answer:
        """What `how` gives, remembered. What fails is not remembered."""
        if key not in self._known:
            self._known[key] = how()
        found: Answer = self._known[key]
        return found


class ReadOnlyAssets:
    """`app.my_assets.ports.Assets`. A link that a look would write is not written."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._once = _Once()

    def schemas(self) -> Sequence[Schema]:
        return self._assets.schemas()

    def object_types(self, schema_id: str) -> Sequence[ObjectType]:
        return self._assets.object_types(schema_id)

    def attributes(self, object_type_id: str) -> Sequence[Attribute]:
        return self._assets.attributes(object_type_id)

    def search(self, aql: str, start_at: int, limit: int) -> Page:
        key = (aql, start_at, limit)
        return self._once.ask(key, lambda: self._assets.search(aql, start_at, limit))

    def count(self, aql: str) -> int:
        return self._assets.count(aql)

    def object(self, object_id: str) -> AssetObject | None:
        return self._assets.object(object_id)

    def update(
        self, object_id: str, object_type_id: str, values: Mapping[str, Sequence[str]]
    ) -> None:
        """Nothing: trying a draft out links nobody."""


class RememberedPeople:
    """`app.my_assets.ports.People`."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._once = _Once()

    def user(self, account_id: AccountId) -> SiteUser | None:
        return self._once.ask(("user", account_id), lambda: self._people.user(account_id))

    def groups_of(self, account_id: AccountId) -> frozenset[str]:
        return self._once.ask(("groups", account_id), lambda: self._people.groups_of(account_id))

    def known_groups(self, group_ids: Collection[str]) -> frozenset[str]:
        asked = tuple(sorted(set(group_ids)))
        return self._once.ask(("known", asked), lambda: self._people.known_groups(asked))

    def found_by(self, words: str) -> Sequence[Account]:
        return self._people.found_by(words)


class ReadOnlySite:
    """`app.my_assets.ports.Site` of one instance, for one request."""

    def __init__(self, site: Site, instance: InstanceReference) -> None:
        self._site = site
        self._assets = ReadOnlyAssets(site.assets(instance))
        self._people = RememberedPeople(site.people(instance))

    def people(self, _: InstanceReference) -> RememberedPeople:
        return self._people

    def assets(self, _: InstanceReference) -> ReadOnlyAssets:
        return self._assets

    def workspace_id(self, instance: InstanceReference) -> str:
        return self._site.workspace_id(instance)

    def service_desk(self, _: InstanceReference) -> ServiceDesk:
        raise RuntimeError("a draft raises no request")

    def person_schema(self, instance: InstanceReference) -> str | None:
        return self._site.person_schema(instance)


class Noted:
    """`app.my_assets.ports.Alarms`: nobody was shown anything, so the operators are not woken."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def raise_(self, name: str, _: InstanceId) -> None:
        self.names.add(name)
