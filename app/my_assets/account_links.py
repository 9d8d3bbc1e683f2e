"""Links people to Jira accounts, person by person, by the rule that finds a viewer's Person.

Gives nothing of a person to whoever asks but what stands in Assets; keeps nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Executor
from functools import partial
from typing import Final, Literal

from app.errors import NotThere, RequestRefused
from app.instances.reference import InstanceReference
from app.inventory import AssetObject, AttributeType
from app.my_assets.aql import one_of, quoted
from app.my_assets.asking import Questions, believed
from app.my_assets.catalogue import EMAIL, ENTRA_ID, JIRA_ACCOUNT, Catalogue
from app.my_assets.ownership import same_ignoring_case
from app.my_assets.ports import MOST_FOUND, Alarms, Site
from app.my_assets.shares import Shares
from app.my_assets.shelf import CatalogueShelf
from app.my_assets.viewer import LINK_FAILED, PersonFinder
from app.words import AccountId, Clock

Linked = Literal["linked", "unmatched", "failed"]
MOST_CALLS: Final = 2  # one question by account, one by address


class AccountLinking:
    """Of one process. `pool` reads a catalogue side by side."""

    def __init__(self, site: Site, alarms: Alarms, pool: Executor, clock: Clock) -> None:
        self._site = site
        self._alarms = alarms
        self._shelf = CatalogueShelf(Shares(pool), clock)

    def of(self, instance: InstanceReference, spared: Collection[str]) -> AccountLinks:
        """Of one instance, without the people of these Entra ids.

        Raises NotConfigured, SettingsUnreadable.
        """
        return AccountLinks(instance, self._site, self._shelf, self._alarms, spared)


class AccountLinks:
    """All methods raise what Assets and Jira raise: ServiceFailed and its kinds, SlowDown."""

    def __init__(
        self,
        instance: InstanceReference,
        site: Site,
        shelf: CatalogueShelf,
        alarms: Alarms,
        spared: Collection[str],
    ) -> None:
        self._instance = instance
        self._spared = frozenset(each.casefold() for each in spared)
        self._assets = site.assets(instance)
        self._people = site.people(instance)
        self._fresh = partial(
            shelf.of, instance, self._assets, partial(site.person_schema, instance)
        )
        self._forget = partial(shelf.forget, instance)
        self._alarms = alarms

    def count(self) -> int:
        """How many people have an address and no account."""
        where = _without_account(self._fresh())
        if where is None:
            return 0
        with believed():
            return self._assets.count(where)

    def people(self, start: int, limit: int) -> tuple[AssetObject, ...]:
        """Some of them, in an order that stays. Assets may give fewer than `limit`."""
        where = _without_account(self._fresh())
        if where is None:
            return ()
        order = f"{where} ORDER BY {quoted(ENTRA_ID)} ASC"
        return Questions(self._assets, 1, self._forget).ask(order, start, limit).objects

    def account_of(self, person: AssetObject) -> AccountId | None:
        """The one active account whose address Jira shows, and is the person's. One call."""
        catalogue = self._fresh()
        address = _text(catalogue, person, EMAIL)
        if not address or _text(catalogue, person, ENTRA_ID).casefold() in self._spared:
            return None
        found = self._people.found_by(address)
        # The search is fuzzy; where it gives as many as it may, another one may be behind them.
        if len(found) >= MOST_FOUND:
            return None
        true = {
            one.id
            for one in found
            if one.active and one.kind != "app" and same_ignoring_case(one.email or "", address)
        }
        return true.pop() if len(true) == 1 else None

    def link(self, person: AssetObject, account_id: AccountId) -> Linked:
        """Write the account into the person, if it would be them who looked at My Assets."""
        catalogue = self._fresh()
        questions = Questions(self._assets, MOST_CALLS, self._forget)
        finder = PersonFinder(self._instance, account_id, catalogue, questions, self._alarms)
        if finder.by_account() is not None:
            return "unmatched"
        found = finder.by_address(_text(catalogue, person, EMAIL))
        if found is None or found.id != person.id:
            return "unmatched"
        try:
            finder.write_link(found, self._assets)
        except NotThere:
            return "unmatched"
        except RequestRefused:  # an account that the attribute does not take
            self._alarms.raise_(LINK_FAILED, self._instance.instance_id)
            return "failed"
        return "linked"


def _without_account(catalogue: Catalogue) -> str | None:
    """The question for them; None where no type can hold both, as before the first import."""
    having = [
        one
        for one in catalogue.person_types()
        if catalogue.attribute(one, EMAIL) and catalogue.attribute(one, JIRA_ACCOUNT)
    ]
    if not having:
        return None
    types = one_of("objectTypeId", having)
    return f"{types} AND {quoted(EMAIL)} IS NOT EMPTY AND {quoted(JIRA_ACCOUNT)} IS EMPTY"


def _text(catalogue: Catalogue, person: AssetObject, name: str) -> str:
    attribute = catalogue.attribute(person.object_type_id, name)
    if attribute is None or attribute.type != AttributeType.DEFAULT:
        return ""
    values = person.values.get(attribute.id, ())
    return values[0].key if values else ""
