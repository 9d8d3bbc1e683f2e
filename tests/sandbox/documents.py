"""A mapping document for tests: persons with managers and groups, devices with owners."""

from __future__ import annotations

import copy
from typing import Any


def attribute(owner: str, name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    """One attribute of a document."""
    return {
        "externalId": f"t/{owner}/{name.lower()}",
        "name": name,
        "description": "",
        "type": kind,
        **more,
    }


def mapped(owner: str, name: str, locator: str, **more: Any) -> dict[str, Any]:
    """One attribute's mapping."""
    return {
        "attributeExternalId": f"t/{owner}/{name.lower()}",
        "attributeName": name,
        "attributeLocators": [locator],
        **more,
    }


_ONE = {"minimumCardinality": 1, "maximumCardinality": 1, "unique": True}
_TO_PERSON = {"referenceObjectTypeExternalId": "t/person", "maximumCardinality": 1}
_TO_GROUPS = {"referenceObjectTypeExternalId": "t/group", "maximumCardinality": -1}


def _kind(owner: str, name: str, attributes: list[dict[str, Any]]) -> dict[str, Any]:
    born = [
        attribute(owner, "Entra ID", **_ONE),
        attribute(owner, "Name", label=True),
    ]
    return {
        "externalId": f"t/{owner}",
        "name": name,
        "description": name,
        "attributes": [*born, *attributes],
    }


def _mapping(owner: str, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    born = [
        mapped(owner, "Entra ID", "id", externalIdPart=True),
        mapped(owner, "Name", "displayName"),
    ]
    return {
        "objectTypeExternalId": f"t/{owner}",
        "objectTypeName": name,
        "selector": f"{owner}s",
        "description": name,
        "attributesMapping": [*born, *rows],
    }


def document() -> dict[str, Any]:
    """A fresh document that is valid."""
    by_id = '"Entra ID" = ${%s}'
    statuses = [
        {"name": "Active", "description": "", "category": "active"},
        {"name": "Left", "description": "", "category": "inactive"},
    ]
    types = [
        _kind(
            "person",
            "Person",
            [
                attribute("person", "Email", "email"),
                attribute("person", "Status", "status", typeValues=["Active", "Left"]),
                attribute("person", "Manager", "referenced_object", **_TO_PERSON),
                attribute("person", "Groups", "referenced_object", **_TO_GROUPS),
            ],
        ),
        _kind("group", "Group", []),
        _kind(
            "device",
            "Device",
            [
                attribute("device", "Last seen", "date_time"),
                attribute("device", "Assigned To", "referenced_object", **_TO_PERSON),
            ],
        ),
    ]
    maps = [
        _mapping(
            "person",
            "Person",
            [
                mapped("person", "Email", "mail"),
                mapped("person", "Status", "status"),
                mapped("person", "Manager", "manager", objectMappingIQL=by_id % "manager"),
                mapped("person", "Groups", "groups", objectMappingIQL=by_id % "groups"),
            ],
        ),
        _mapping("group", "Group", []),
        _mapping(
            "device",
            "Device",
            [
                mapped("device", "Last seen", "seen"),
                mapped("device", "Assigned To", "owner", objectMappingIQL=by_id % "owner"),
            ],
        ),
    ]
    return copy.deepcopy(
        {
            "schema": {
                "statusSchema": {"statuses": statuses},
                "objectSchema": {"name": "Directory", "description": "", "objectTypes": types},
            },
            "mapping": {"objectTypeMappings": maps},
        }
    )
