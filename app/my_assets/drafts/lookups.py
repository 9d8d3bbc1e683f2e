"""What Jira is asked about a crowd: bounded in calls and time, a few at a time.

Who cannot be asked about any more is not counted, and that is told: nobody is guessed at.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeVar

from app.errors import AppError
from app.my_assets.access import lookups_for
from app.my_assets.drafts.reading import GoOn
from app.my_assets.lookups import is_customer
from app.my_assets.ownership import same_ignoring_case
from app.my_assets.ports import People
from app.my_assets.who import Viewer
from app.site_settings.documents import Access
from app.words import AccountId

AT_ONCE: Final = 3  # an instance has four places, and its pages need one of them
MOST_ASKED: Final = 40  # people that Jira is asked about for one count

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Way:
    """How an account is found: by its id, or by its address. `sure`: it needs no question."""

    by: Literal["account", "address"]
    value: str = field(repr=False)
    sure: bool = False


@dataclass(frozen=True)
class Known:
    """An account; with an empty id, somebody with this address whose account nobody looked for."""

    account_id: AccountId = field(repr=False)
    address: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        return self.account_id or self.address


class Lookups:
    """For one count. `skipped`: how many nobody asked about, or got no answer about.

    `unasked` are the ways among them.
    """

    def __init__(
        self, people: People, share: Executor, go_on: GoOn, most_asked: int = MOST_ASKED
    ) -> None:
        self._people = people
        self._share = share
        self._go_on = go_on
        self._left = most_asked
        self.skipped = 0
        self.unasked: frozenset[Way] = frozenset()

    def accounts(self, ways: Iterable[Way]) -> Mapping[Way, tuple[Known, ...]]:
        """The accounts that each way leads to; those that lead to none are absent."""
        wanted = sorted(set(ways), key=lambda one: (one.by, one.value, one.sure))
        sure = {one.value for one in wanted if one.sure}
        found = {one: (Known(AccountId(one.value)),) for one in wanted if one.value in sure}
        to_ask = [one for one in wanted if one not in found]
        asked = self._each(to_ask, self._find)
        self.unasked = frozenset(to_ask) - asked.keys()
        return found | {one: known for one, known in asked.items() if known}

    def viewers(self, given: Sequence[Viewer], rules: Sequence[Access]) -> list[Viewer | None]:
        """Each viewer with what these access rules need of Jira. None: not asked, or not there."""
        needs = [lookups_for(one) for one in rules]
        groups = any(one.groups for one in needs)
        account_type = any(one.account_type for one in needs)
        if not groups and not account_type:
            return list(given)

        def ask(one: Viewer) -> Viewer | None:
            user = self._people.user(one.account_id) if account_type else None
            if account_type and user is None:
                return None
            return replace(
                one,
                groups=self._people.groups_of(one.account_id) if groups else None,
                is_customer=is_customer(user),
            )

        with_account = [one for one in given if one.account_id]
        self.skipped += len(given) - len(with_account)
        asked = self._each(with_account, ask)
        return [asked.get(one) for one in given]

    def _find(self, way: Way) -> tuple[Known, ...]:
        """A portal customer may have the address of another account: then it is both."""
        if way.by == "account":
            there = self._people.user(AccountId(way.value)) is not None
            return (Known(AccountId(way.value)),) if there else ()
        return tuple(
            Known(one.id, one.email)
            for one in self._people.found_by(way.value)
            if one.active and one.email and same_ignoring_case(one.email, way.value)
        )

    def _each(self, keys: Sequence[Key], ask: Callable[[Key], Answer]) -> dict[Key, Answer]:
        """The answers by key; absent is what was not asked, or not answered."""
        taken = keys[: self._left]
        self._left -= len(taken)
        found: dict[Key, tuple[Answer] | None] = {}
        for start in range(0, len(taken), AT_ONCE):
            few = taken[start : start + AT_ONCE]
            asked = {one: self._share.submit(self._answer, ask, one) for one in few}
            found |= {one: answer.result() for one, answer in asked.items()}
        answered = {one: told[0] for one, told in found.items() if told}
        self.skipped += len(keys) - len(answered)
        return answered

    def _answer(self, ask: Callable[[Key], Answer], key: Key) -> tuple[Answer] | None:
        if not self._go_on():
            return None
        try:
            return (ask(key),)
        except AppError:
            return None
