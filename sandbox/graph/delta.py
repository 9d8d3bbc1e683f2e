"""Delta answers as awkward as Graph's own: empty pages, objects twice, removals in round one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sandbox.directory.journal import Merged
from sandbox.graph.access import require
from sandbox.graph.delta_objects import Shown, Subject, removed, show_changed, show_first
from sandbox.graph.delta_round import Round, following, opened
from sandbox.graph.errors import bad_request, unsupported
from sandbox.graph.options import Ask, check_delta, check_select
from sandbox.graph.resources import Resource
from sandbox.graph.stage import Stage

_IDS = re.compile(r"\s*id\s+eq\s+'([^']*)'\s*")
_MOST_IDS = 50


@dataclass
class _Page:
    value: list[dict[str, Any]]
    rest: Round | None  # where the next page starts; None at the end of the round


def delta_page(stage: Stage, resource: Resource, ask: Ask) -> dict[str, Any]:
    """One page of a delta round, ending in a next link or the delta link. Raises GraphError."""
    check_delta(ask, resource)
    names = check_select(ask, resource, extra=resource.delta_relation)
    at = _round(stage, resource, ask, names)
    require(ask, resource, at.names or resource.defaults(resource.rows(stage.directory)))
    page = _Page([], at) if _is_empty(stage, at) else _fill(stage, resource, ask, at)
    path = f"{resource.path}/delta"
    answer: dict[str, Any] = {"@odata.context": stage.context(resource.path, at.names)}
    if page.rest is not None:
        token = replace(page.rest, page=at.page + 1).token(stage)
        answer["@odata.nextLink"] = stage.address(path, f"$skiptoken={token}")
    else:
        last = replace(at, done=True, issued=stage.clock().timestamp())
        answer["@odata.deltaLink"] = stage.address(path, f"$deltatoken={last.token(stage)}")
    answer["value"] = page.value
    return answer


def _round(stage: Stage, resource: Resource, ask: Ask, names: tuple[str, ...] | None) -> Round:
    token = ask.options.get("$deltatoken", "")
    if "$skiptoken" in ask.options:
        return opened(stage, resource, ask.options["$skiptoken"], done=False)
    if token and token.lower() != "latest":
        return following(stage, opened(stage, resource, token, done=True))
    now = stage.directory.journal.now
    return Round(
        resource.path,
        names,
        _ids(ask),
        now if token else None,  # `latest`: nothing now, changes from here on
        now,
        stage.behaviour.delta_generation,
        stage.clock().timestamp(),
    )


def _ids(ask: Ask) -> tuple[str, ...] | None:
    if "$filter" not in ask.options:
        return None
    matches = [_IDS.fullmatch(part) for part in ask.options["$filter"].split(" or ")]
    ids = tuple(match[1] for match in matches if match)
    if len(ids) != len(matches):
        raise unsupported("A delta query filters by id only.")
    if len(ids) > _MOST_IDS:
        raise bad_request(f"A delta query filters by at most {_MOST_IDS} ids.")
    return ids


def _is_empty(stage: Stage, at: Round) -> bool:
    return stage.behaviour.empty_pages and at.page % 5 == 1


def _fill(stage: Stage, resource: Resource, ask: Ask, at: Round) -> _Page:
    minimal = "return=minimal" in ask.headers.get("prefer", "").lower()
    subject = Subject(stage, resource, at, minimal=minimal and at.since is not None)
    source = _Changes(subject) if at.since is not None else _Everything(subject)
    value: list[dict[str, Any]] = []
    if stage.behaviour.repeated_objects and at.page and at.place and not at.member:
        value += source.again(at.place - 1)
    for place in range(at.place, source.end):
        if len(value) >= stage.behaviour.delta_page:
            return _Page(value, replace(at, place=place, member=0))
        shown = source.show(place, at.member if place == at.place else 0)
        if shown is None:
            continue
        value.append(shown.value)
        if shown.members_left:
            return _Page(value, replace(at, place=place, member=shown.members_given))
    return _Page(value, None)


class _Everything:
    """The first round: each object in its place, and who lies in the recycle bin."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._order: Sequence[str] = subject.at.ids or subject.table.order
        self.end = len(self._order)

    def show(self, place: int, member: int) -> Shown | None:
        one = self._order[place]
        if one in self._subject.table:
            return show_first(self._subject, one, member)
        bin_shows = self._subject.stage.behaviour.removed_in_first_round
        if bin_shows and self._subject.in_recycle_bin(one):
            return Shown(removed(self._subject, one))
        return None

    def again(self, place: int) -> Iterator[dict[str, Any]]:
        shown = self.show(place, 0)
        return iter([shown.value] if shown and not shown.members_left else [])


class _Changes:
    """A later round: each changed object once, in its present state."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        at = subject.at
        replayed = subject.stage.behaviour.replayed_changes
        merged = subject.stage.directory.journal.merged(
            subject.resource.kind, max(0, (at.since or 0) - replayed), at.until
        )
        self._merged = [one for one in merged if self._matters(one)]
        self.end = len(self._merged)

    def _matters(self, one: Merged) -> bool:
        at = self._subject.at
        if at.ids is not None and one.object_id not in at.ids:
            return False
        tracked = {*self._subject.names, self._subject.relation, "*"}
        if self._subject.stage.behaviour.owners_tell_devices:
            tracked.add("registeredOwners")
        return bool(one.fields & tracked)

    def show(self, place: int, member: int) -> Shown | None:
        one = self._merged[place]
        if one.object_id in self._subject.table:
            return show_changed(self._subject, one, member)
        return Shown(removed(self._subject, one.object_id))

    def again(self, place: int) -> Iterator[dict[str, Any]]:
        shown = self.show(place, 0)
        return iter([shown.value] if shown and not shown.members_left else [])
