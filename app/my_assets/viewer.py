"""Which imported person the viewer is, and the one-time link to their Jira account.

Never by name, never by part of an address. Two candidates are none, and an alarm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from app.errors import AppError, SettingsUnreadable
from app.instances.reference import InstanceReference
from app.inventory import AssetObject, AttributeType, Value
from app.my_assets.aql import Unspeakable, equals, one_of
from app.my_assets.asking import Questions
from app.my_assets.catalogue import EMAIL, ENTRA_ID, JIRA_ACCOUNT, Catalogue
from app.my_assets.ownership import same_ignoring_case
from app.my_assets.ports import Alarms, Assets
from app.my_assets.refused_links import RefusedLinks
from app.my_assets.who import Person
from app.words import AccountId

TWO_PERSONS: Final = "two_persons_for_one_viewer"
LINK_FAILED: Final = "person_not_linked"
MOST_CANDIDATES: Final = 50
# Assets is known to say "more follows" on a last page (facts, 1.5). A page this short is believed
# to be all there is; nobody lowers pages below it.
SHORT_PAGE: Final = 10


@dataclass(frozen=True)
class _Found:
    """Those of the answer that truly match; `more` says that not all candidates were seen."""

    objects: tuple[AssetObject, ...] = field(repr=False)
    more: bool

    @property
    def doubtful(self) -> bool:
        return len(self.objects) > 1 or self.more


class PersonFinder:
    """For one viewer of one instance, within one request."""

    def __init__(
        self,
        instance: InstanceReference,
        account_id: AccountId,
        catalogue: Catalogue,
        questions: Questions,
        alarms: Alarms,
    ) -> None:
        self._instance = instance
        self._account_id = account_id
        self._catalogue = catalogue
        self._questions = questions
        self._alarms = alarms
        self._doubtful = False

    def by_account(self) -> Person | None:
        """The one whose `Jira account` is the viewer. One AQL call."""
        found = self._ask(JIRA_ACCOUNT, self._account_id, self._is_viewer)
        return self._only(found)

    def by_address(self, address: str | None) -> AssetObject | None:
        """The one with the viewer's address whom nobody is linked to. At most one AQL call."""
        if not address or self._doubtful:
            return None
        found = self._ask(EMAIL, address, lambda one: same_ignoring_case(one.key, address))
        if found.doubtful:
            self._alarm()
            return None
        unlinked = [one for one in found.objects if not self._values(one, JIRA_ACCOUNT)]
        return unlinked[0] if unlinked else None

    def link(self, unlinked: AssetObject, assets: Assets, refused: RefusedLinks) -> None:
        """Write the viewer's account into the person, so that the address is not asked again.

        The viewer is known for this request all the same if that fails; a later one tries again.
        """
        if refused.holds(self._instance, unlinked.id):
            return
        try:
            self.write_link(unlinked, assets)
        except SettingsUnreadable:
            raise  # the site is gone, or a setting does not open: no page for anyone
        except AppError:
            refused.remember(self._instance, unlinked.id)
            self._alarms.raise_(LINK_FAILED, self._instance.instance_id)

    def write_link(self, unlinked: AssetObject, assets: Assets) -> None:
        """Write it, where the type takes an account. Raises what Assets raises."""
        type_id = unlinked.object_type_id
        attribute = self._catalogue.attribute(type_id, JIRA_ACCOUNT)
        if attribute is not None and attribute.editable:
            assets.update(unlinked.id, type_id, {attribute.id: [self._account_id]})

    def person(self, found: AssetObject) -> Person:
        return as_person(self._catalogue, found)

    def _ask(self, name: str, value: str, is_it: Callable[[Value], bool]) -> _Found:
        having = [
            one for one in self._catalogue.person_types() if self._catalogue.attribute(one, name)
        ]
        if not having:
            return _Found((), more=False)
        try:
            aql = f"{one_of('objectTypeId', having)} AND {equals(name, value)}"
        except Unspeakable:
            return _Found((), more=False)
        page = self._questions.ask(aql, limit=MOST_CANDIDATES)
        # Assets compares names and ignores case: only what holds here counts.
        true = [
            one
            for one in page.objects
            if one.object_type_id in having and any(map(is_it, self._values(one, name)))
        ]
        more = not page.last and len(page.objects) >= SHORT_PAGE
        return _Found(tuple({one.id: one for one in true}.values()), more)

    def _only(self, found: _Found) -> Person | None:
        if found.doubtful:
            self._alarm()
            return None
        return self.person(found.objects[0]) if found.objects else None

    def _alarm(self) -> None:
        self._doubtful = True
        self._alarms.raise_(TWO_PERSONS, self._instance.instance_id)

    def _is_viewer(self, value: Value) -> bool:
        return value.kind in ("user", "text") and value.key == self._account_id

    def _values(self, found: AssetObject, name: str) -> tuple[Value, ...]:
        return said_of(self._catalogue, found, name)


def as_person(catalogue: Catalogue, found: AssetObject) -> Person:
    entra_ids = said_of(catalogue, found, ENTRA_ID)
    return Person(found.id, found.key, entra_ids[0].key if entra_ids else "")


def said_of(catalogue: Catalogue, found: AssetObject, name: str) -> tuple[Value, ...]:
    """What an imported person's attribute says.

    A person is found by what Assets calls a text or an account, never by a reference.
    """
    attribute = catalogue.attribute(found.object_type_id, name)
    if attribute is None or attribute.type not in (AttributeType.DEFAULT, AttributeType.USER):
        return ()
    return found.values.get(attribute.id, ())
