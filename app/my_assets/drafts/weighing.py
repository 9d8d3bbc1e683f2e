"""What each of a crowd sees before and after: the list's own decision, asked with both rules."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from app.my_assets.access import lookups_for
from app.my_assets.asking import believed
from app.my_assets.catalogue import Catalogue
from app.my_assets.decision import Decision
from app.my_assets.drafts.crowd import Someone
from app.my_assets.drafts.lookups import Lookups
from app.my_assets.drafts.tally import Side, Tally
from app.my_assets.ports import People
from app.site_settings.documents import Access, Visibility

_OPEN = Access()
Known = Collection[str] | None


class Weighing:
    def __init__(
        self, saved: Visibility, draft: Visibility, catalogue: Catalogue, people: People
    ) -> None:
        self._rules = (saved, draft)
        self._catalogue = catalogue
        self._people = people

    def weigh(self, crowd: Sequence[Someone], lookups: Lookups) -> Tally:
        """Only those are looked up in Jira for whom the access rules can make a difference."""
        tally = Tally()
        open_to = []
        for someone in crowd:
            if self._can_differ(someone):
                open_to.append(someone)
            else:
                tally.looked_at += 1
        viewers = lookups.viewers(
            [one.viewer for one in open_to], [one.access for one in self._rules]
        )
        known = [self._known_groups(one.access) for one in self._rules] if any(viewers) else []
        for someone, viewer in zip(open_to, viewers, strict=True):
            if viewer is not None:
                before, after = self._sides(replace(someone, viewer=viewer), known)
                tally.add(before, after, someone.assets)
        return tally

    def _can_differ(self, someone: Someone) -> bool:
        before, after = (
            self._side(someone, one.model_copy(update={"access": _OPEN}), None)
            for one in self._rules
        )
        access_differs = self._rules[0].access != self._rules[1].access
        return before.rows != after.rows or (access_differs and bool(before.rows or after.rows))

    def _sides(self, someone: Someone, groups: Sequence[Known]) -> tuple[Side, Side]:
        before, after = (
            self._side(someone, rules, known)
            for rules, known in zip(self._rules, groups, strict=True)
        )
        return before, after

    def _side(self, someone: Someone, rules: Visibility, known: Known) -> Side:
        decision = Decision(rules, someone.viewer, someone.person, self._catalogue, known)
        rows = {
            one.id: decision.shown(one)
            for one in someone.assets.values()
            if decision.judge(one).visible
        }
        return Side(decision.may_enter, rows)

    def _known_groups(self, access: Access) -> Known:
        if not lookups_for(access).known_groups:
            return None
        with believed():
            return self._people.known_groups(access.groups)
