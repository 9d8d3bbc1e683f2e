"""How schemas, types, attributes and statuses look on the wire."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.assets.model import (
    DEFAULT_TYPES,
    REFERENCE_TYPES,
    Attribute,
    Kind,
    ObjectType,
    Schema,
    Status,
)
from sandbox.assets.workspace import Workspace

Shape = dict[str, Any]


def moment(when: datetime) -> str:
    """A time as Assets writes it: UTC, milliseconds, Z."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Shapes:
    """Turns records into JSON for one workspace; `base` is the service's own address."""

    def __init__(self, workspace: Workspace, workspace_id: str, base: Callable[[], str]) -> None:
        self._workspace = workspace
        self._id = workspace_id
        self._base = base
        self._types: dict[int, Shape] = {}  # one answer names the same types again and again
        self._types_at = -1

    def named(self, number: int) -> Shape:
        """The three ids every record carries."""
        return {"workspaceId": self._id, "globalId": f"{self._id}:{number}", "id": str(number)}

    def schema(self, schema: Schema, *, counts: bool = True, manages: bool = True) -> Shape:
        """One schema; without `counts` they are 0, as the real one answers."""
        types = [t for t in self._workspace.types.values() if t.schema_id == schema.id]
        objects = sum(len(self._workspace.things_by_type[t.id]) for t in types)
        return {
            **self.named(schema.id),
            "name": schema.name,
            "objectSchemaKey": schema.key,
            "description": schema.description,
            "status": "Ok",
            "created": moment(schema.created),
            "updated": moment(schema.updated),
            "objectCount": objects if counts else 0,
            "objectTypeCount": len(types) if counts else 0,
            "canManage": manages,
        }

    def object_type(self, found: ObjectType) -> Shape:
        """One object type."""
        if self._types_at != self._workspace.version:
            self._types, self._types_at = {}, self._workspace.version
        if found.id not in self._types:
            self._types[found.id] = self._object_type(found)
        return self._types[found.id]

    def _object_type(self, found: ObjectType) -> Shape:
        above = self._workspace.types.get(found.parent_id or 0)
        shape = {
            **self.named(found.id),
            "name": found.name,
            "type": 0,
            "description": found.description,
            "icon": self._icon(),
            "position": found.position,
            "created": moment(found.created),
            "updated": moment(found.updated),
            "objectCount": len(self._workspace.things_by_type[found.id]),
            "objectSchemaId": str(found.schema_id),
            "inherited": found.inherited,
            "abstractObjectType": found.abstract,
            "parentObjectTypeInherited": above is not None and above.inherited,
        }
        return shape if above is None else {**shape, "parentObjectTypeId": str(above.id)}

    def _icon(self) -> Shape:
        url = f"{self._base()}/jsm/assets/workspace/{self._id}/v1/icon/1/icon.png?size="
        return {"id": "1", "name": "Item", "url16": f"{url}16", "url48": f"{url}48"}

    def attribute(self, attribute: Attribute) -> Shape:
        """One attribute of a type."""
        shape: Shape = {
            **self.named(attribute.id),
            "objectType": self.object_type(self._workspace.types[attribute.type_id]),
            "name": attribute.name,
            "label": attribute.label,
            "type": int(attribute.kind),
            "description": attribute.description,
            "editable": attribute.editable,
            "system": attribute.system,
            "indexed": True,
            "sortable": True,
            "summable": False,
            "minimumCardinality": attribute.minimum,
            "maximumCardinality": attribute.maximum,
            "removable": not attribute.system,
            "hidden": attribute.hidden,
            "includeChildObjectTypes": attribute.kind is Kind.REFERENCE,
            "uniqueAttribute": attribute.unique,
            "options": attribute.options,
            "position": attribute.position,
        }
        return {**shape, **self._of_kind(attribute)}

    def _of_kind(self, attribute: Attribute) -> Shape:
        if attribute.kind is Kind.DEFAULT:
            number = attribute.default_type
            return {"defaultType": {"id": number, "name": DEFAULT_TYPES[number]}}
        if attribute.kind is Kind.USER:
            return {"typeValueMulti": list(attribute.groups), "additionalValue": "SHOW_PROFILE"}
        if attribute.kind is Kind.STATUS:
            return {"typeValueMulti": [str(s) for s in attribute.statuses]}
        target = self._workspace.types.get(attribute.target_type_id or 0)
        if attribute.kind is not Kind.REFERENCE or target is None:
            return {}
        chosen = attribute.additional_value or "3"
        return {
            "typeValue": str(target.id),
            "additionalValue": chosen,
            "referenceType": {
                **self.named(int(chosen)),
                "name": REFERENCE_TYPES.get(chosen, "Reference"),
            },
            "referenceObjectTypeId": str(target.id),
            "referenceObjectType": self.object_type(target),
        }

    def status(self, status: Status) -> Shape:
        """One status."""
        shape = {
            "id": str(status.id),
            "name": status.name,
            "description": status.description,
            "category": status.category,
        }
        own = status.schema_id
        return shape if own is None else {**shape, "objectSchemaId": str(own)}
