"""A judged document carried out: types, attributes and statuses made, never renamed or deleted."""

from typing import Any

from sandbox.assets.mapping_document import AttributeDraft, Document, TypeDraft
from sandbox.assets.mapping_types import kind_of
from sandbox.assets.model import Attribute, ObjectType
from sandbox.assets.workspace import Workspace

_CATEGORIES = {"inactive": 0, "active": 1, "pending": 2}


def build(workspace: Workspace, schema_id: int, document: Document) -> None:
    """Make what a document describes and the schema has not."""
    with workspace.lock:
        for name, description, category in document.statuses:
            known = {s.name.casefold() for s in workspace.statuses_for(schema_id)}
            if name.casefold() not in known:
                workspace.add_status(name, _CATEGORIES[category], description, schema_id)
        for draft in document.types:  # all types first: a reference may point forward
            _type(workspace, schema_id, draft)
        for draft in document.types:
            found = by_external_id(workspace, draft.external_id)
            for attribute in draft.attributes:
                _attribute(workspace, schema_id, found, attribute)


def by_external_id(workspace: Workspace, external_id: str) -> ObjectType:
    """The object type with an external id. Raises StopIteration if there is none."""
    return next(t for t in workspace.types.values() if t.external_id == external_id)


def _type(workspace: Workspace, schema_id: int, draft: TypeDraft) -> None:
    for found in workspace.types.values():
        unclaimed = found.external_id is None and found.name.casefold() == draft.name.casefold()
        if found.external_id == draft.external_id:
            found.description = draft.description
            return
        if found.schema_id == schema_id and unclaimed:
            found.external_id = draft.external_id
            return
    parent = by_external_id(workspace, draft.parent).id if draft.parent else None
    workspace.add_type(
        schema_id,
        draft.name,
        description=draft.description,
        external_id=draft.external_id,
        parent_id=parent,
    )


def _attribute(
    workspace: Workspace, schema_id: int, found: ObjectType, draft: AttributeDraft
) -> None:
    held = workspace.attributes_of(found.id)
    known = next((a for a in held if a.external_id == draft.external_id), None)
    known = known or workspace.attribute_named(found.id, draft.name)
    if known is None:
        known = workspace.add_attribute(found.id, draft.name, **_kind(workspace, schema_id, draft))
    known.external_id = draft.external_id
    if not known.system:
        _restrict(known, draft)
    if draft.label:
        workspace.set_label(found.id, known)


def _restrict(known: Attribute, draft: AttributeDraft) -> None:
    known.description = draft.description
    known.minimum, known.maximum = draft.minimum, draft.maximum
    known.unique = draft.unique


def _kind(workspace: Workspace, schema_id: int, draft: AttributeDraft) -> dict[str, Any]:
    kind, default_type = kind_of(draft.type)
    fields: dict[str, Any] = {"kind": kind, "default_type": default_type}
    if draft.target:
        fields["target_type_id"] = by_external_id(workspace, draft.target).id
        fields["additional_value"] = "3"
    if draft.statuses:
        wanted = {name.casefold() for name in draft.statuses}
        known = workspace.statuses_for(schema_id)
        fields["statuses"] = tuple(s.id for s in known if s.name.casefold() in wanted)
    return fields
