"""One look of one viewer: all that has to be known before a row may be shown.

Look-ups that do not need each other run side by side. Nothing of a viewer outlives the request,
but that the link to their person was refused.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, TypeVar

from app.errors import AppError, NotAllowed, NotThere, ServiceUnreachable
from app.instances.reference import InstanceReference
from app.my_assets.access import lookups_for, may_enter
from app.my_assets.asking import MOST_CALLS, Questions
from app.my_assets.catalogue import Catalogue
from app.my_assets.decision import Decision, needs_address, needs_person
from app.my_assets.ports import Alarms, Assets, People, Site
from app.my_assets.refused_links import RefusedLinks
from app.my_assets.shares import Shares
from app.my_assets.shelf import CatalogueShelf
from app.my_assets.viewer import PersonFinder
from app.my_assets.who import Person, SiteUser, Viewer
from app.site_settings.documents import Access, Visibility
from app.words import AccountId

PersonState = Literal["matched", "unmatched", "not_needed"]
Answer = TypeVar("Answer")
CLOSED: Final = "My Assets is not open to you here."


@dataclass(frozen=True)
class Look:
    catalogue: Catalogue
    decision: Decision
    person: PersonState
    questions: Questions


class _Lookups:
    """What Jira is asked about the viewer, started at once and waited for when it is needed."""

    def __init__(
        self, pool: Executor, people: People, account_id: AccountId, visibility: Visibility
    ) -> None:
        access = visibility.access
        need = lookups_for(access)
        self._people = people
        self._account_id = account_id
        self._user: Future[SiteUser | None] | None = None
        self._groups: Future[frozenset[str]] | None = None
        self._known: Future[frozenset[str]] | None = None
        if need.account_type or needs_address(visibility):
            self._user = pool.submit(people.user, account_id)
        if need.groups:
            self._groups = pool.submit(people.groups_of, account_id)
        if need.known_groups:
            self._known = pool.submit(people.known_groups, access.groups)

    def close(self) -> None:
        """What has not been asked yet, nobody wants any more."""
        for asked in (self._user, self._groups, self._known):
            if asked is not None:
                asked.cancel()

    def outcome(self, access: Access) -> tuple[Viewer, frozenset[str] | None, bool]:
        """The viewer, the named groups that Jira knows, and whether the viewer may enter.

        A look-up that fails lets nobody in.
        """
        user = _closed(self._user.result) if self._user else None
        viewer = Viewer(
            account_id=self._account_id,
            email=user.email if user else None,
            groups=_closed(self._groups.result) if self._groups else None,
            is_customer=_is_customer(user),
        )
        known = _closed(self._known.result) if self._known else None
        return viewer, known, may_enter(access, viewer, known)

    def address(self) -> str | None:
        """The viewer's address as Jira shows it; asked only now if nothing else needed it."""
        if self._user is not None:
            user = _closed(self._user.result)
            return user.email if user else None
        try:
            user = _closed(lambda: self._people.user(self._account_id))
        except NotAllowed:
            return None  # not shown to the app: the viewer then has no address here
        return user.email if user else None


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
        with closing(_Lookups(share, people, account_id, visibility)) as lookups:
            person_schema = partial(self._site.person_schema, instance)
            catalogue = self._shelf.of(instance, assets, person_schema)
            questions = Questions(assets, most_calls, lambda: self._shelf.forget(instance))
            finder = PersonFinder(instance, account_id, catalogue, questions, self._alarms)
            needed = needs_person(visibility)
            person = finder.by_account() if needed else None
            viewer, known, enters = lookups.outcome(visibility.access)
            if not enters and not even_if_refused:
                raise NotAllowed(CLOSED)
            if enters and needed and person is None:
                person = self._by_address(finder, lookups, assets)
        decision = Decision(visibility, viewer, person, catalogue, known)
        return Look(catalogue, decision, _state(person, needed=needed), questions)

    def _by_address(self, finder: PersonFinder, lookups: _Lookups, assets: Assets) -> Person | None:
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
        raise NotAllowed(CLOSED)


def _closed(ask: Callable[[], Answer]) -> Answer:
    """A look-up that fails refuses: 403 where Jira refuses it, else 503."""
    try:
        return ask()
    except (NotAllowed, NotThere):
        raise NotAllowed("Jira does not let this app look you up.") from None
    except ServiceUnreachable:
        raise
    except AppError as failure:
        raise ServiceUnreachable(
            "Jira cannot say who you are just now.", retry_after=failure.retry_after
        ) from None


def _is_customer(user: SiteUser | None) -> bool | None:
    """None for an account type nobody knows: then whoever must know it, refuses."""
    if user is None:
        return None
    return {"customer": True, "atlassian": False, "app": False}.get(user.account_type)


def _state(person: Person | None, *, needed: bool) -> PersonState:
    if not needed:
        return "not_needed"
    return "matched" if person else "unmatched"
