"""Probe of `visibility`: names groups, schemas, types and attributes that are not there.

Warnings only: what is hidden may be gone already, and an unknown group never widens access.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.errors import CredentialRefused, NotAllowed, NotThere
from app.said import Sentence
from app.site_settings.documents import Visibility
from app.site_settings.findings import Finding, Probed, warning
from app.site_settings.ports import Assets
from app.site_settings.probes.question import Question
from app.site_settings.reach import MAY_NOT_LOOK, CannotLook, reach, readable_types

NOBODY: Final = Sentence("visibility.nobody", "No group is named, so nobody may open My Assets.")
NO_OWNERS: Final = Sentence(
    "visibility.no_owners", "No rule says what makes an owner, so nobody sees any asset."
)
NOT_CHECKED: Final = Sentence(
    "visibility.not_checked", "Whether everything named here exists was not checked: {why}."
)
IGNORED_GROUP: Final = Sentence(
    "visibility.group_ignored", "Jira knows no group with the id {group}: it is ignored."
)
REFUSING_GROUP: Final = Sentence(
    "visibility.group_refuses",
    "Jira knows no group with the id {group}: everyone is refused until it is removed here.",
)
NO_SUCH_SCHEMA: Final = Sentence(
    "visibility.no_schema", "Assets shows no object schema with id {schema}."
)
NO_SUCH_TYPE: Final = Sentence("visibility.no_type", "Assets shows no object type with id {type}.")
NO_SUCH_ATTRIBUTE: Final = Sentence(
    "visibility.no_attribute", "The object type {type} has no attribute “{name}”."
)


def probe_visibility(question: Question) -> Probed:
    """Raises the service errors when the site or Assets do not answer."""
    rules = question.rules
    if not isinstance(rules, Visibility):
        raise TypeError("the form of another part")
    findings = []
    if rules.access.mode == "allow" and not rules.access.groups:
        findings.append(warning("access.groups", NOBODY()))
    if not rules.owner_rules:
        findings.append(warning("owner_rules", NO_OWNERS()))
    if _names_something(rules):
        findings += _looked_up(question, rules)
    return Probed(tuple(findings))


def _names_something(rules: Visibility) -> bool:
    named = rules.access.groups or rules.hidden_schemas or rules.hidden_object_types
    return bool(named or rules.columns or _typed(rules))


def _typed(rules: Visibility) -> bool:
    return any(rule.object_type != "*" for rule in rules.owner_rules)


def _looked_up(question: Question, rules: Visibility) -> list[Finding]:
    try:
        near = reach(question.instance, question.reader, question.outside)
        known = {group.id for group in near.site.groups_by_id(rules.access.groups)}
        return [*_groups(rules, known), *_inventory(rules, near.assets)]
    except CannotLook as reason:
        why = reason.said
    except (CredentialRefused, NotAllowed, NotThere):
        why = MAY_NOT_LOOK()
    return [warning("", NOT_CHECKED(why=why))]


def _groups(rules: Visibility, known: set[str]) -> Iterator[Finding]:
    unknown = {"allow": IGNORED_GROUP, "restrict": REFUSING_GROUP}[rules.access.mode]
    for group in rules.access.groups:
        if group not in known:
            yield warning("access.groups", unknown(group=group))


def _inventory(rules: Visibility, assets: Assets) -> Iterator[Finding]:
    schemas = assets.schemas()
    known = {schema.id for schema in schemas}
    for schema_id in rules.hidden_schemas:
        if schema_id not in known:
            yield warning("hidden_schemas", NO_SUCH_SCHEMA(schema=schema_id))
    if rules.hidden_object_types or rules.columns or _typed(rules):
        yield from _types(rules, assets, {kind.id for _, kind in readable_types(assets, schemas)})


def _types(rules: Visibility, assets: Assets, known: set[str]) -> Iterator[Finding]:
    for type_id in rules.hidden_object_types:
        if type_id not in known:
            yield _unknown_type("hidden_object_types", type_id)
    for type_id, columns in rules.columns.items():
        yield from _attributes(f"columns.{type_id}", type_id, columns, assets, known)
    for number, rule in enumerate(rules.owner_rules):
        if rule.object_type != "*":
            about = f"owner_rules.{number}"
            yield from _attributes(about, rule.object_type, (rule.attribute,), assets, known)


def _attributes(
    about: str, type_id: str, names: tuple[str, ...], assets: Assets, known: set[str]
) -> Iterator[Finding]:
    if type_id not in known:
        yield _unknown_type(about, type_id)
        return
    there = {attribute.name for attribute in assets.attributes(type_id)}
    for name in names:
        if name not in there:
            yield warning(about, NO_SUCH_ATTRIBUTE(type=type_id, name=name))


def _unknown_type(about: str, type_id: str) -> Finding:
    return warning(about, NO_SUCH_TYPE(type=type_id))
