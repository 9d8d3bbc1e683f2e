"""What Jira is asked about a viewer: account, groups, address. A look-up that fails is closed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Final, TypeVar

from app.errors import AppError, NotAllowed, NotThere, ServiceUnreachable, SlowDown
from app.my_assets.access import lookups_for, may_enter
from app.my_assets.decision import needs_address
from app.my_assets.ports import People
from app.my_assets.who import SiteUser, Viewer
from app.said import Sentence
from app.site_settings.documents import Access, Visibility
from app.words import AccountId

CANNOT_LOOK_UP: Final = Sentence("mine.cannot_look_up", "Jira does not let this app look you up.")
WHO_UNKNOWN: Final = Sentence("mine.who_unknown", "Jira cannot say who you are just now.")

Answer = TypeVar("Answer")


class ViewerLookups:
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
        user = _closed(self._user.result, may_wait=True) if self._user else None
        viewer = Viewer(
            account_id=self._account_id,
            email=user.email if user else None,
            groups=_closed(self._groups.result) if self._groups else None,
            is_customer=is_customer(user),
        )
        known = _closed(self._known.result) if self._known else None
        return viewer, known, may_enter(access, viewer, known)

    def address(self) -> str | None:
        """The viewer's address as Jira shows it; asked only now if nothing else needed it."""
        if self._user is not None:
            user = _closed(self._user.result, may_wait=True)
            return user.email if user else None
        try:
            user = _closed(lambda: self._people.user(self._account_id), may_wait=True)
        except NotAllowed:
            return None  # not shown to the app: the viewer then has no address here
        return user.email if user else None


def _closed(ask: Callable[[], Answer], *, may_wait: bool = False) -> Answer:
    """A look-up that fails refuses: 403 where Jira refuses it, else 503.

    `may_wait`: where Jira asks to wait, so do we. Of groups a 503 says it (contract, visibility).
    """
    try:
        return ask()
    except (NotAllowed, NotThere):
        raise NotAllowed(CANNOT_LOOK_UP()) from None
    except ServiceUnreachable:
        raise
    except AppError as failure:
        if may_wait and isinstance(failure, SlowDown):
            raise
        raise ServiceUnreachable(WHO_UNKNOWN(), retry_after=failure.retry_after) from None


def is_customer(user: SiteUser | None) -> bool | None:
    """Whether it is a portal customer's.

    None for an account type nobody knows: then whoever must know it, refuses.
    """
    if user is None:
        return None
    return {"customer": True, "atlassian": False, "app": False}.get(user.account_type)
