"""The people a draft may concern: everyone whom an asset names as its owner, as Jira accounts.

Resolves a viewer's person as a look does, from what was read at once instead of one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.inventory import AssetObject
from app.my_assets.catalogue import EMAIL, ENTRA_ID, JIRA_ACCOUNT, Catalogue
from app.my_assets.drafts.lookups import Known, Lookups, Way
from app.my_assets.drafts.owners import Named, lowered
from app.my_assets.viewer import as_person, said_of
from app.my_assets.who import Person, Viewer
from app.words import AccountId


@dataclass
class Someone:
    """One who may open My Assets, and the assets that may be theirs."""

    viewer: Viewer
    person: Person | None
    assets: dict[str, AssetObject] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Crowd:
    """`unknown`: how many owners are named of whom no account is known.

    `unlinked`: how many people stand for the account that nobody looked for. Whoever is named by
    their account too is then there twice.
    """

    people: tuple[Someone, ...] = field(repr=False)
    unknown: int
    unlinked: int


class Persons:
    """The imported people that were read, by all that names them."""

    def __init__(self, read: Iterable[AssetObject], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._by: dict[tuple[str, str], list[AssetObject]] = {}
        for one in read:
            for kind, said in self._names(one):
                self._by.setdefault((kind, said), []).append(one)

    def named(self, named: Named) -> Sequence[AssetObject]:
        """Those whom the value of an attribute may mean."""
        kind = "id" if named.match == "person" else named.match
        return self._by.get((kind, named.value), ())

    def of(self, account_id: str, address: str | None) -> Person | None:
        """The viewer's person. Two are none; an address counts where nobody is linked."""
        linked = self._by.get(("account", account_id), ())
        if linked or not address:
            return self._only(linked)
        same = self._by.get(("email", lowered(address)), ())
        return None if any(map(self.account, same)) else self._only(same)

    def _only(self, found: Sequence[AssetObject]) -> Person | None:
        return as_person(self._catalogue, found[0]) if len(found) == 1 else None

    def account(self, one: AssetObject) -> str:
        said = said_of(self._catalogue, one, JIRA_ACCOUNT)
        return said[0].key if said else ""

    def address(self, one: AssetObject) -> str:
        said = said_of(self._catalogue, one, EMAIL)
        return said[0].key if said else ""

    def _names(self, one: AssetObject) -> set[tuple[str, str]]:
        entra = said_of(self._catalogue, one, ENTRA_ID)
        accounts = said_of(self._catalogue, one, JIRA_ACCOUNT)
        addresses = said_of(self._catalogue, one, EMAIL)
        return {
            ("id", one.id),
            ("id", one.key),
            *(("entra_id", lowered(said.key)) for said in entra),
            *(("account", said.key) for said in accounts),
            *(("email", lowered(said.key)) for said in addresses),
        }


def crowd_of(
    owners: Mapping[Named, Sequence[AssetObject]], persons: Persons, lookups: Lookups
) -> Crowd:
    """Everybody named, once, whatever names them. Who is not found is counted."""
    meant = {named: _meant(named, persons) for named in owners}
    ways = {one for each in meant.values() for one in each}
    found = _unlinked(lookups.accounts(ways), lookups, persons)
    addresses = _addresses(found)
    people: dict[str, Someone] = {}
    unknown = 0
    for named, assets in owners.items():
        accounts = {each for one in meant[named] for each in found.get(one, ())}
        unknown += not accounts
        for one in accounts:
            address = addresses.get(one.key)
            someone = people.setdefault(
                one.key,
                Someone(Viewer(one.account_id, address), persons.of(one.account_id, address)),
            )
            someone.assets |= {each.id: each for each in assets}
    unlinked = sum(not one.viewer.account_id for one in people.values())
    return Crowd(tuple(people.values()), unknown, unlinked)


def _unlinked(
    found: Mapping[Way, tuple[Known, ...]], lookups: Lookups, persons: Persons
) -> Mapping[Way, tuple[Known, ...]]:
    """With those whose account nobody could look for any more, but who are people for sure."""
    alone = {
        one: (Known(AccountId(""), one.value),)
        for one in lookups.unasked
        if one.by == "address" and persons.of("", one.value)
    }
    return {**found, **alone}


def _meant(named: Named, persons: Persons) -> list[Way]:
    """How to find the accounts that a named owner may have."""
    if named.match == "account":
        return [Way("account", named.value, sure=named.sure)]
    if named.match == "email":
        return [Way("address", named.value)]
    ways = []
    for one in persons.named(named):
        if account := persons.account(one):
            ways.append(Way("account", account, sure=True))
        elif address := persons.address(one):
            ways.append(Way("address", lowered(address)))
    return ways


def _addresses(found: Mapping[Way, Sequence[Known]]) -> Mapping[str, str]:
    """The address of each account that was found by one."""
    known = (one for each in found.values() for one in each)
    return {one.key: one.address for one in known if one.address}
