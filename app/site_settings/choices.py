"""What an administrator can choose from: Jira's groups, Assets' schemas and types, service desks.

Lists are read anew for each page. A cursor is the place in such a list, nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.errors import InputRefused, NotConfigured, Problem
from app.instances.reference import InstanceReference
from app.said import Sentence
from app.site_settings.ports import Assets, Outside
from app.site_settings.reach import CannotLook, reach, readable_types, saved_account
from app.site_settings.reading import SettingsReader
from app.words import Json

PAGE: Final = 50
TYPES_A_PAGE: Final = 10  # each type's attributes are a call of their own
LONGEST_QUERY: Final = 255

NOTHING_TO_CHOOSE: Final = Sentence("choices.none", "There is nothing to choose from: {why}.")
KIND: Final = Sentence("choices.kind", "This must be one of: {choices}.")
TOO_LONG: Final = Sentence("choices.too_long", "This is too long: at most {most} characters.")
DESK_AND_TYPE: Final = Sentence(
    "choices.desk_and_type", "Name a service desk and a request type, as 1/2."
)
NO_CURSOR: Final = Sentence("choices.cursor", "This is not a cursor that was given here.")


@dataclass(frozen=True)
class _Asked:
    instance: InstanceReference
    reader: SettingsReader
    outside: Outside
    query: str
    start: int

    def matches(self, *texts: str) -> bool:
        """Whether a text holds the query, ignoring case, or an id is the query."""
        return any(self.query.lower() in text.lower() for text in texts)

    def page(self, found: Iterable[Json]) -> Json:
        """One page of a whole list, by name."""
        rows = sorted(found, key=lambda row: (str(row["name"]).lower(), str(row["id"])))
        end = self.start + PAGE
        return _answer(rows[self.start : end], end if end < len(rows) else None)


def read_choices(
    instance: InstanceReference,
    reader: SettingsReader,
    outside: Outside,
    kind: str | None,
    query: str | None,
    cursor: str | None,
) -> Json:
    """`{"choices": [{"id", "name", …}], "next_cursor"}`.

    `query` filters by name; for object types also the id of a schema, for attributes that of an
    object type, for request types that of a desk, for their fields `desk/type`.
    Raises InputRefused for an unknown kind or cursor, NotConfigured without an account to ask.
    """
    asked = _Asked(instance, reader, outside, query or "", _start(cursor))
    read = _reader(kind, asked)
    try:
        return read(asked)
    except CannotLook as reason:
        raise NotConfigured(NOTHING_TO_CHOOSE(why=reason.said)) from None


def _reader(kind: str | None, asked: _Asked) -> Callable[[_Asked], Json]:
    read = READERS.get(kind or "")
    problems = []
    if read is None:
        problems.append(Problem("kind", KIND(choices=tuple(READERS))))
    if len(asked.query) > LONGEST_QUERY:
        problems.append(Problem("query", TOO_LONG(most=LONGEST_QUERY)))
    if asked.start < 0:
        problems.append(Problem("cursor", NO_CURSOR()))
    if read is None or problems:
        raise InputRefused(problems=problems)
    return read


def _start(cursor: str | None) -> int:
    """Where the page begins; -1 for something that is no cursor."""
    if not cursor:
        return 0
    return int(cursor) if cursor.isascii() and cursor.isdecimal() and len(cursor) < 10 else -1


def _groups(asked: _Asked) -> Json:
    found = asked.outside.app_site(asked.instance).find_groups(asked.query)
    return asked.page({"id": group.id, "name": group.name} for group in found)


def _schemas(asked: _Asked) -> Json:
    assets = _assets(asked)
    return asked.page(
        {"id": schema.id, "name": schema.name, "key": schema.key}
        for schema in assets.schemas()
        if asked.matches(schema.name)
    )


def _object_types(asked: _Asked) -> Json:
    assets = _assets(asked)
    return asked.page(
        {
            "id": kind.id,
            "name": kind.name,
            "schema": {"id": schema.id, "name": schema.name},
            "parent_id": kind.parent_id,
        }
        for schema, kind in readable_types(assets, assets.schemas())
        if asked.matches(kind.name) or asked.query == kind.schema_id
    )


def _attributes(asked: _Asked) -> Json:
    """Type by type: a page holds the attributes of a few types, so it may hold none that match."""
    assets = _assets(asked)
    types = [kind for _, kind in readable_types(assets, assets.schemas())]
    named = [kind for kind in types if kind.id == asked.query]
    shown = (named or types)[asked.start : asked.start + TYPES_A_PAGE]
    rows = [
        {
            "id": attribute.id,
            "name": attribute.name,
            "object_type": {"id": kind.id, "name": kind.name},
            "hidden": attribute.hidden,  # by Assets: no column shows it, but it may name an owner
        }
        for kind in shown
        for attribute in assets.attributes(kind.id)
        if named or asked.matches(attribute.name, kind.name)
    ]
    end = asked.start + TYPES_A_PAGE
    return _answer(rows, end if end < len(named or types) else None)


def _service_desks(asked: _Asked) -> Json:
    _, site = saved_account(asked.instance, asked.reader, asked.outside)
    return asked.page(
        {"id": desk.id, "name": desk.name, "project_key": desk.project_key}
        for desk in site.service_desks()
        if asked.matches(desk.name, desk.project_key)
    )


def _request_types(asked: _Asked) -> Json:
    _, site = saved_account(asked.instance, asked.reader, asked.outside)
    desks = site.service_desks()
    named = [desk for desk in desks if desk.id == asked.query]
    return asked.page(
        {"id": kind.id, "name": kind.name, "service_desk": {"id": desk.id, "name": desk.name}}
        for desk in named or desks
        for kind in site.request_types(desk.id)
        if named or asked.matches(kind.name)
    )


def _request_fields(asked: _Asked) -> Json:
    """Of one request type, named as `desk/type`: the fields that may carry an asset."""
    desk, _, kind = asked.query.partition("/")
    if not desk or not kind:
        raise InputRefused(problems=[Problem("query", DESK_AND_TYPE())])
    _, site = saved_account(asked.instance, asked.reader, asked.outside)
    return asked.page(
        {"id": field.id, "name": field.name}
        for field in site.request_fields(desk, kind)
        if field.holds_assets is not False
    )


def _assets(asked: _Asked) -> Assets:
    return reach(asked.instance, asked.reader, asked.outside).assets


def _answer(rows: list[Json], following: int | None) -> Json:
    return {"choices": rows, "next_cursor": None if following is None else str(following)}


READERS: Final[Mapping[str, Callable[[_Asked], Json]]] = MappingProxyType(
    {
        "groups": _groups,
        "schemas": _schemas,
        "object_types": _object_types,
        "attributes": _attributes,
        "service_desks": _service_desks,
        "request_types": _request_types,
        "request_fields": _request_fields,
    }
)
