"""One look of one viewer: all that has to be known before a row may be shown.

Look-ups that do not need each other run side by side. Nothing of a viewer outlives the request,
but that the link to their person was refused.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal

from app.errors import NotAllowed, RequestRefused
from app.instances.reference import InstanceReference
from app.my_assets.access import lookups_for, may_enter
from app.my_assets.asking import MOST_CALLS, Questions
from app.my_assets.catalogue import Catalogue
from app.my_assets.decision import Decision, needs_person
from app.my_assets.lookups import ViewerLookups
from app.my_assets.ports import Alarms, Assets, Site
from app.my_assets.refused_links import RefusedLinks
from app.my_assets.shares import Shares
from app.my_assets.shelf import CatalogueShelf
from app.my_assets.viewer import PersonFinder
from app.my_assets.who import Person, Viewer
from app.said import Sentence
from app.site_settings.documents import Visibility
from app.words import AccountId

PersonState = Literal["matched", "unmatched", "not_needed"]
CLOSED: Final = Sentence("mine.closed", "My Assets is not open to you here.")


@dataclass(frozen=True)
class Look:
    """`anew` reads the catalogue again and decides by that, for the same viewer and person."""

    catalogue: Catalogue
    decision: Decision
    person: PersonState
    questions: Questions
    anew: Callable[[], Look] = field(repr=False)


@dataclass(frozen=True)
class _Seen:
    """What is known of a viewer, whatever the catalogue says. `fresh` gives the catalogue."""

    visibility: Visibility
    viewer: Viewer
    known_groups: frozenset[str] | None
    person: Person | None
    questions: Questions
    fresh: Callable[[], Catalogue]

    def by(self, catalogue: Catalogue) -> Look:
        decision = Decision(self.visibility, self.viewer, self.person, catalogue, self.known_groups)
        state = _state(self.person, needed=needs_person(self.visibility))
        return Look(catalogue, decision, state, self.questions, lambda: self.by(self.fresh()))


class Looker:
    def __init__(
        self,
        site: Site,
        shelf: CatalogueShelf,
        refused: RefusedLinks,
        shares: Shares,
        alarms: Alarms,
    ) -> None:
        self._site = site
        self._shelf = shelf
        self._refused = refused
        self._shares = shares
        self._alarms = alarms

    def look(
        self,
        instance: InstanceReference,
        account_id: AccountId,
        visibility: Visibility,
        *,
        most_calls: int = MOST_CALLS,
        even_if_refused: bool = False,
    ) -> Look:
        """Raises NotAllowed if the viewer may not enter, unless `even_if_refused`."""
        _refuse_everyone_if_so(visibility, account_id, even_if_refused=even_if_refused)
        assets = self._site.assets(instance)
        share = self._shares.of(instance.instance_id)
        people = self._site.people(instance)
        with closing(ViewerLookups(share, people, account_id, visibility)) as lookups:
            person_schema = partial(self._site.person_schema, instance)
            fresh = partial(self._shelf.of, instance, assets, person_schema)
            questions = Questions(assets, most_calls, lambda: self._shelf.forget(instance))

            def look_with(catalogue: Catalogue) -> Look:
                finder = PersonFinder(instance, account_id, catalogue, questions, self._alarms)
                found = self._resolve(finder, lookups, assets, visibility, even_if_refused)
                return _Seen(visibility, *found, questions, fresh).by(catalogue)

            try:
                return look_with(fresh())
            except RequestRefused:  # the catalogue may name what Assets no longer has
                if questions.left == 0:
                    raise
                return look_with(fresh())

    def _resolve(
        self,
        finder: PersonFinder,
        lookups: ViewerLookups,
        assets: Assets,
        visibility: Visibility,
        even_if_refused: bool,  # noqa: FBT001 - handed on
    ) -> tuple[Viewer, frozenset[str] | None, Person | None]:
        needed = needs_person(visibility)
        person = finder.by_account() if needed else None
        viewer, known, enters = lookups.outcome(visibility.access)
        if not enters and not even_if_refused:
            raise NotAllowed(CLOSED())
        if enters and needed and person is None:
            person = self._by_address(finder, lookups, assets)
        return viewer, known, person

    def _by_address(
        self, finder: PersonFinder, lookups: ViewerLookups, assets: Assets
    ) -> Person | None:
        unlinked = finder.by_address(lookups.address())
        if unlinked is None:
            return None
        finder.link(unlinked, assets, self._refused)
        return finder.person(unlinked)


def _refuse_everyone_if_so(
    visibility: Visibility, account_id: AccountId, *, even_if_refused: bool
) -> None:
    """Where the rules let nobody in, nobody is looked up."""
    need = lookups_for(visibility.access)
    asked = need.account_type or need.groups or need.known_groups
    if even_if_refused or asked:
        return
    if not may_enter(visibility.access, Viewer(account_id), None):
        raise NotAllowed(CLOSED())


def _state(person: Person | None, *, needed: bool) -> PersonState:
    if not needed:
        return "not_needed"
    return "matched" if person else "unmatched"
