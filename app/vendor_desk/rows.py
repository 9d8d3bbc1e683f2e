"""The list of instances as the desk shows it: which, in what order, and what is due. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args
from urllib.parse import urlsplit

from app.errors import InputRefused, Problem
from app.goodbye.references import References, is_over, overdue
from app.instances.reference import InstanceReference, InstanceState, stamp
from app.kept import PURGE_WISHES
from app.said import Sentence
from app.words import Json

SHOWN: Final = ("all", "due", *get_args(InstanceState))
PAGE: Final = 100
_MOST_FIND: Final = 100
_LATEST: Final = "9999"
NOT_A_FILTER: Final = Sentence("staff.filter", "{name}: this list does not know it.")
SHOW_ONE_OF: Final = Sentence("staff.show", "show: one of {choices}.")
FIND_AT_MOST: Final = Sentence("staff.find", "find: at most {most} characters.")
PAGE_NUMBER: Final = Sentence("staff.page", "page: a number from 1.")


@dataclass(frozen=True)
class Question:
    """Which instances: `show` is one of SHOWN, `find` a piece of an address or id."""

    show: str = "all"
    find: str = ""
    page: int = 1


@dataclass(frozen=True)
class Row:
    """One instance. `overdue`: it should have been erased by now."""

    instance_id: str
    site: str
    door: str
    state: str
    seen_at: str | None
    silent_since: str | None
    erase_due_at: str | None
    overdue: bool


@dataclass(frozen=True)
class Page:
    rows: tuple[Row, ...]
    total: int
    question: Question
    pages: int


def asked(query: Mapping[str, str]) -> Question:
    """The question of an address. Raises InputRefused naming every problem."""
    show, find, page = query.get("show", "all"), query.get("find", "").strip(), query.get("page")
    problems = [
        Problem(name, NOT_A_FILTER(name=name))
        for name in query
        if name not in ("show", "find", "page")
    ]
    if show not in SHOWN:
        problems.append(Problem("show", SHOW_ONE_OF(choices=tuple(SHOWN))))
    if len(find) > _MOST_FIND:
        problems.append(Problem("find", FIND_AT_MOST(most=_MOST_FIND)))
    if page is not None and not (page.isascii() and page.isdigit() and 0 < int(page) < 10_000):
        problems.append(Problem("page", PAGE_NUMBER()))
    if problems:
        raise InputRefused(problems=problems)
    return Question(show, find, int(page or 1))


def listed(table: References, question: Question, now: datetime) -> Page:
    """The page that was asked for: what is due first, then who is silent, then by address.

    Raises ServiceUnreachable.
    """
    rows = [_row(each, now) for each in table.all() if not is_over(each, now)]
    rows = [row for row in rows if _wanted(row, question)]
    rows.sort(key=_order)
    start = (question.page - 1) * PAGE
    pages = max(1, -(-len(rows) // PAGE))
    return Page(tuple(rows[start : start + PAGE]), len(rows), question, pages)


def wish_until(one: Json, now: datetime) -> str | None:
    """Until when a wish to purge counts; None: there is none, or it counts no more."""
    asked_at = str((one.get("purge") or {}).get("asked_at", ""))
    try:
        end = datetime.fromisoformat(asked_at) + PURGE_WISHES
    except ValueError:
        return None
    return stamp(end) if now < end else None


def _row(reference: InstanceReference, now: datetime) -> Row:
    return Row(
        instance_id=reference.instance_id,
        site=urlsplit(reference.base_url).netloc,
        door=reference.door,
        state=reference.state,
        seen_at=reference.seen_at,
        silent_since=reference.silent_since,
        erase_due_at=reference.erase_due_at,
        overdue=overdue(reference, now),
    )


def _wanted(row: Row, question: Question) -> bool:
    shown = row.overdue if question.show == "due" else question.show in ("all", row.state)
    piece = question.find.lower()
    return shown and (piece in row.site.lower() or piece in row.instance_id)


def _order(row: Row) -> tuple[str, ...]:
    return (row.erase_due_at or _LATEST, row.silent_since or _LATEST, row.site, row.instance_id)
