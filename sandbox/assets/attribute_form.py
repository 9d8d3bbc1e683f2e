"""A new attribute as somebody sends it, checked before it is made."""

from typing import Any

from sandbox.assets.asking import field_refusal
from sandbox.assets.model import DEFAULT_TYPES, REFERENCE_TYPES, Kind, ObjectType
from sandbox.assets.workspace import Workspace

_KINDS = {int(kind): kind for kind in Kind}


def read_attribute(
    workspace: Workspace, found: ObjectType, sent: Any
) -> tuple[str, dict[str, Any]]:
    """The new attribute's name and fields. Raises Refused: 400 with a text for each bad field."""
    if not isinstance(sent, dict):
        raise field_refusal({}, "A JSON object is expected.")
    errors: dict[str, str] = {}
    name = sent.get("name")
    if not isinstance(name, str) or not name.strip():
        errors["name"] = "A name is required"
    elif workspace.attribute_named(found.id, name) is not None:
        errors["name"] = "An attribute with this name exists"
    kind = _KINDS.get(sent.get("type", -1))
    if kind is None:
        errors["type"] = "The type is not known"
    fields = {} if kind is None else _of_kind(workspace, kind, sent, errors)
    if errors:
        raise field_refusal(errors)
    return str(name), {**fields, **_shared(sent), "kind": kind}


def _shared(sent: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": str(sent.get("description") or ""),
        "label": bool(sent.get("label", False)),
        "minimum": int(sent.get("minimumCardinality") or 0),
        "maximum": int(sent.get("maximumCardinality", 1)),
        "unique": bool(sent.get("uniqueAttribute", False)),
        "hidden": bool(sent.get("hidden", False)),
        "options": str(sent.get("options") or ""),
    }


def _of_kind(
    workspace: Workspace, kind: Kind, sent: dict[str, Any], errors: dict[str, str]
) -> dict[str, Any]:
    if kind is Kind.DEFAULT:
        number = sent.get("defaultTypeId")
        if number not in DEFAULT_TYPES:
            errors["defaultTypeId"] = "A default type is required"
        return {"default_type": number}
    multi = sent.get("typeValueMulti") or []
    if kind is Kind.USER:
        return {"groups": tuple(str(g) for g in multi)}
    if kind is Kind.STATUS:
        return {"statuses": tuple(int(s) for s in multi)}
    return _reference(workspace, sent, errors) if kind is Kind.REFERENCE else {}


def _reference(
    workspace: Workspace, sent: dict[str, Any], errors: dict[str, str]
) -> dict[str, Any]:
    target, chosen = str(sent.get("typeValue", "")), str(sent.get("additionalValue", ""))
    if not target.isdigit() or int(target) not in workspace.types:
        errors["typeValue"] = "The referenced object type is required"
        return {}
    if chosen not in REFERENCE_TYPES:
        errors["additionalValue"] = "The reference type is required"
    return {"target_type_id": int(target), "additional_value": chosen}
