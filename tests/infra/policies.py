"""IAM policies of the template, read: every statement, whose it is, and on what."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.infra.conftest import Template


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(template: Template) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each statement of each policy of whatever kind, with the logical id of what holds it."""
    for name, resource in template.resources.items():
        if resource["Type"] == "AWS::WAFv2::WebACL":
            continue  # what it calls statements are rules about requests
        for document in _documents(resource.get("Properties", {})):
            for each in document["Statement"]:
                yield name, each


def _documents(properties: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(properties, Mapping):
        if "Statement" in properties:
            yield properties
        else:
            for value in properties.values():
                yield from _documents(value)
    elif isinstance(properties, list):
        for value in properties:
            yield from _documents(value)


def role_statements(template: Template, role: str) -> list[Mapping[str, Any]]:
    """What a role's own policies say. `role` is its logical id."""
    found: list[Mapping[str, Any]] = []
    for policy in template.of("IAM::Policy").values():
        if {"Ref": role} in policy["Roles"]:
            found += policy["PolicyDocument"]["Statement"]
    return found


def spelled(resource: Any) -> str:
    """A resource as text, so that two can be compared."""
    return json.dumps(resource, sort_keys=True)
