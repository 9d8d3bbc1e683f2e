"""Which schemas of Assets can be read with a credential, and the name of each that cannot."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from app.errors import AppError, NotAllowed, NotThere
from app.inventory import Schema
from app.said import Sentence
from app.site_settings.findings import Finding, error, warning
from app.site_settings.ports import Assets

AT_ONCE: Final = 8  # schemas are asked side by side: a site may have a hundred


@dataclass(frozen=True)
class Words:
    """What is said about whose credential it is; `closed` has the schema's `{name}` in it."""

    field: str
    nothing: Sentence
    no_schema: Sentence
    closed: Sentence


def reading(assets: Assets, words: Words) -> list[Finding]:
    """Raises the service errors, CredentialRefused among them."""
    try:
        schemas = assets.schemas()
    except (NotAllowed, NotThere):
        return [error(words.field, words.nothing())]
    closed, hidden = _closed(assets, schemas), _hidden(assets, schemas)
    if not schemas and not hidden:
        return [warning(words.field, words.no_schema())]
    named = [warning(words.field, words.closed(name=name)) for name in sorted([*closed, *hidden])]
    return named if len(closed) < len(schemas) else [error(words.field, words.nothing()), *named]


def _closed(assets: Assets, schemas: list[Schema]) -> list[str]:
    """The listed schemas that are closed when they are opened, by name."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        readable = pool.map(lambda schema: _readable(assets, schema), schemas)
        return [schema.name for schema, may in zip(schemas, readable, strict=True) if not may]


def _hidden(assets: Assets, listed: list[Schema]) -> list[str]:
    """The schemas that the list leaves out: the count of all objects still names them."""
    try:
        usage = assets.usage()
    except AppError:
        return []  # only a courtesy: it must not stand in the way of saving
    seen = {schema.id for schema in listed}
    return [usage.names.get(number) or number for number in usage.by_schema if number not in seen]


def _readable(assets: Assets, schema: Schema) -> bool:
    try:
        assets.object_types(schema.id)
    except (NotAllowed, NotThere):
        return False
    return True
