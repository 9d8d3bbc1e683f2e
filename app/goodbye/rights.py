"""Answers to what a person or an instance has a right to: JSON with a schema, a deadline, a hash.

The vendor holds no person, so an answer to a person is a search that found nothing, and where what
they mean does lie. Nothing here opens anything, and no word of a person is repeated.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final, Literal, get_args

from app.goodbye.references import receipt_name
from app.goodbye.rights_texts import NOT_SEARCHED, OF_A_PERSON, OF_AN_INSTANCE
from app.goodbye.search import FORMS, Result, Search
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Change, Equals, InstanceTable
from app.words import Json

Right = Literal["access", "correct", "delete", "restrict", "object", "export"]
RIGHTS: Final[tuple[Right, ...]] = get_args(Right)
FORMAT: Final = "my-assets rights answer 1"
# A month at the latest (GDPR, article 12(3)); the shortest month has 28 days.
ANSWER_WITHIN: Final = timedelta(days=28)
_SECRETS: Final = ("connect_secret", "site_token")
Store = tuple[str, Iterable[tuple[str, Any]]]


def about_person(
    right: Right, words: Iterable[str], stores: Iterable[Store], received: datetime, now: datetime
) -> Json:
    """What is held of a person. `stores`: everything that lies with the vendor, by name."""
    search, control = Search(words), _Control()
    for name, items in stores:
        kept = list(items)
        search.through(name, kept)
        control.through(name, kept)
    found = search.result.found
    return _signed_off(
        _frame(right, "person", received, now)
        | {
            "outcome": "held" if found else "nothing_held",
            "answer": OF_A_PERSON["held" if found else right],
            "search": _told(search.result, control),
            "held": None,
        }
    )


def about_instance(
    right: Right, found: InstanceReference, table: InstanceTable, received: datetime, now: datetime
) -> Json:
    """What is held of an instance; to delete what has ended makes it due at once."""
    if right != "delete":
        return _of_instance(right, "held", OF_AN_INSTANCE[right], found, received, now)
    outcome = _make_due(found, table, now)
    return _of_instance(right, outcome, OF_AN_INSTANCE[outcome], found, received, now)


def export_of(found: InstanceReference, now: datetime) -> Json:
    """The same for an administrator of the site, who is answered at once."""
    return _of_instance("export", "held", OF_AN_INSTANCE["export"], found, now, now)


def _of_instance(
    right: Right,
    outcome: str,
    answer: str,
    found: InstanceReference,
    received: datetime,
    now: datetime,
) -> Json:
    frame = _frame(right, "instance", received, now)
    told = {"outcome": outcome, "answer": answer, "search": None, "held": held_of(found)}
    return _signed_off(frame | told)


def held_of(reference: InstanceReference) -> Json:
    """The whole reference in plain words; of keys and secrets that they are there, never more."""
    plain: Json = {
        each.name: value
        for each in fields(reference)
        if (value := getattr(reference, each.name)) not in (None, "")
        and each.name not in ("part_keys", "receipt", *_SECRETS)
    }
    plain["wrapped_keys_of"] = sorted(reference.part_keys)
    plain["sealed_secrets"] = [name for name in _SECRETS if getattr(reference, name) is not None]
    plain["receipt"] = receipt_name(reference) if reference.receipt else None
    return plain


def _make_due(found: InstanceReference, table: InstanceTable, now: datetime) -> str:
    if found.state == "erased":
        return "erased"
    if found.state != "uninstalled":
        return "uninstall_first"
    still = [Equals(("state",), "uninstalled"), Equals(("generation",), found.generation)]
    due = min(found.erase_due_at or "~", stamp(now))
    done = table.change(found.instance_id, Change({("erase_due_at",): due}, conditions=still))
    return "due_now" if done is not None else "uninstall_first"


def _frame(right: Right, about: str, received: datetime, now: datetime) -> Json:
    by = received + ANSWER_WITHIN
    return {
        "format": FORMAT,
        "right": right,
        "about": about,
        "received_at": stamp(received),
        "answered_at": stamp(now),
        "answer_by": stamp(by),
        "days_left": (by - now).days,
        "overdue": now > by,
    }


class _Control:
    """Looks for something that does lie there, so that "nothing" cannot mean "did not look"."""

    def __init__(self) -> None:
        self._looked_in: dict[str, bool] = {}

    def through(self, store: str, items: list[tuple[str, Any]]) -> None:
        for name, item in items[-1:]:
            search = Search([name])
            search.through(store, [(name, item)])
            self._looked_in[store] = bool(search.result.found)

    def shown(self) -> Json:
        return {"looked_for": "the name of an item that is there", "found_in": self._looked_in}


def _told(result: Result, control: _Control) -> Json:
    return {
        "stores": result.searched,
        "forms": list(FORMS),
        "control": control.shown(),
        "found": result.found,
        "not_searched": dict(NOT_SEARCHED),
    }


def _signed_off(answer: Json) -> Json:
    """With the hash of all the rest, so that a copy can be compared."""
    return answer | {"sha256": digest_of(answer)}


def digest_of(answer: Mapping[str, Any]) -> str:
    """The SHA-256 of an answer without its own `sha256`, keys sorted, no spaces, as UTF-8."""
    rest = {name: value for name, value in answer.items() if name != "sha256"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
