"""Calls about structure: schemas, object types, attributes, statuses, usage."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.assets.asking import Asker, count_in, field_refusal, flag_in, number_in, refusal
from sandbox.assets.attribute_form import read_attribute
from sandbox.assets.model import ObjectType, Schema
from sandbox.assets.roles import Roles
from sandbox.assets.shapes import Shapes, moment
from sandbox.assets.workspace import Workspace
from sandbox.http import answer, read_json

_CATEGORIES = (0, 1, 2)


class StructureDoor:
    """Answers calls about a workspace's structure, as far as the asker may see it."""

    def __init__(self, workspace: Workspace, roles: Roles, shapes: Shapes) -> None:
        self._workspace = workspace
        self._roles = roles
        self._shapes = shapes

    def routes(self) -> Mapping[tuple[str, str], Any]:
        """Method and rule to handler."""
        return {
            ("GET", "objectschema/list"): self.list_schemas,
            ("GET", "objectschema/<number>"): self.schema,
            ("GET", "objectschema/<number>/objecttypes"): self.types,
            ("GET", "objectschema/<number>/objecttypes/flat"): self.types,
            ("GET", "objectschema/<number>/attributes"): self.schema_attributes,
            ("GET", "objecttype/<number>"): self.object_type,
            ("GET", "objecttype/<number>/attributes"): self.attributes,
            ("POST", "objecttypeattribute/<number>"): self.add_attribute,
            ("GET", "config/statustype"): self.statuses,
            ("POST", "config/statustype"): self.add_status,
            ("GET", "usage"): self.usage,
        }

    def list_schemas(self, request: Request, asker: Asker) -> Response:
        """A page of the schemas the asker may see."""
        start = count_in(request, "startAt", 0)
        most = max(1, min(count_in(request, "maxResults", 25), 100))
        counts = flag_in(request, "includeCounts", default=True)
        seen = self._roles.schemas(asker.user())
        page = [self._workspace.schemas[s] for s in seen[start : start + most]]
        return answer(
            {
                "startAt": start,
                "maxResults": most,
                "total": len(seen),
                "isLast": start + most >= len(seen),
                "values": [self._shapes.schema(s, counts=counts) for s in page],
            }
        )

    def schema(self, request: Request, asker: Asker, number: str) -> Response:
        """One schema."""
        del request
        return answer(self._shapes.schema(self._schema(asker, number)))

    def types(self, request: Request, asker: Asker, number: str) -> Response:
        """Every object type of a schema, as a flat list."""
        del request
        schema = self._schema(asker, number)
        found = [t for t in self._workspace.types.values() if t.schema_id == schema.id]
        shapes = [self._shapes.object_type(t) for t in found]
        return answer(shapes)

    def schema_attributes(self, request: Request, asker: Asker, number: str) -> Response:
        """Every attribute of every type of a schema."""
        del request
        schema = self._schema(asker, number)
        types = [t for t in self._workspace.types.values() if t.schema_id == schema.id]
        return answer([self._shapes.attribute(a) for t in types for a in t.own])

    def object_type(self, request: Request, asker: Asker, number: str) -> Response:
        """One object type."""
        del request
        return answer(self._shapes.object_type(self._type(asker, number)))

    def attributes(self, request: Request, asker: Asker, number: str) -> Response:
        """A type's attributes, inherited ones too unless asked otherwise."""
        found = self._type(asker, number)
        own_only = flag_in(request, "excludeParentAttributes", default=False)
        chosen = found.own if own_only else self._workspace.attributes_of(found.id)
        return answer([self._shapes.attribute(a) for a in chosen])

    def add_attribute(self, request: Request, asker: Asker, number: str) -> Response:
        """A new attribute; only a manager of the schema may."""
        found = self._type(asker, number)
        if not self._roles.may(asker.user(), found.schema_id, "manager"):
            raise refusal(403, "You need to be a manager of the schema.")
        with self._workspace.lock:
            name, fields = read_attribute(self._workspace, found, read_json(request))
            added = self._workspace.add_attribute(found.id, name, **fields)
            if added.label:
                self._workspace.set_label(found.id, added)
        return answer(self._shapes.attribute(added), 201)

    def statuses(self, request: Request, asker: Asker) -> Response:
        """Global statuses, and a schema's own when one is named."""
        wanted = request.args.get("objectSchemaId")
        if wanted is None:
            found = [s for s in self._workspace.statuses.values() if s.schema_id is None]
        else:
            found = self._workspace.statuses_for(self._schema(asker, wanted).id)
        asker.user()
        return answer([self._shapes.status(s) for s in found])

    def add_status(self, request: Request, asker: Asker) -> Response:
        """A new status of a schema; only a manager may."""
        sent = read_json(request)
        if not isinstance(sent, dict) or not sent.get("name"):
            raise field_refusal({"name": "A name is required"})
        if sent.get("category") not in _CATEGORIES:
            raise field_refusal({"category": "The category is not known"})
        schema = self._schema(asker, str(sent.get("objectSchemaId", "")))
        if not self._roles.may(asker.user(), schema.id, "manager"):
            raise refusal(403, "You need to be a manager of the schema.")
        added = self._workspace.add_status(
            str(sent["name"]), sent["category"], str(sent.get("description", "")), schema.id
        )
        return answer(self._shapes.status(added), 201)

    def usage(self, request: Request, asker: Asker) -> Response:
        """How many objects there are, by schema."""
        del request
        asker.user()
        space = self._workspace
        rows = []
        for schema in space.schemas.values():
            types = [t.id for t in space.types.values() if t.schema_id == schema.id]
            row = {
                "schemaId": schema.id,
                "schemaName": schema.name,
                "schemaCreatedAt": moment(schema.created),
                "objectCount": sum(len(space.things_by_type[t]) for t in types),
            }
            rows.append(row)
        return answer({"totalObjectsCount": len(space.things), "perSchemaUsageInfo": rows})

    def _schema(self, asker: Asker, number: str) -> Schema:
        schema = self._workspace.schemas.get(number_in(number, "Object schema"))
        if schema is None:
            raise refusal(404, f"Object schema not found: {number}")
        if not self._roles.may(asker.user(), schema.id):
            raise refusal(403, "You do not have permission to view this object schema.")
        return schema

    def _type(self, asker: Asker, number: str) -> ObjectType:
        found = self._workspace.types.get(number_in(number, "Object type"))
        if found is None:
            raise refusal(404, f"Object type not found: {number}")
        if not self._roles.may(asker.user(), found.schema_id):
            raise refusal(403, "You do not have permission to view this object type.")
        return found
