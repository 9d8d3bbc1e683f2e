"""The Assets REST API v1 of one workspace: one call a method, answers checked before belief.

Knows no rule of this app; makes no call outside the contract's table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from app.errors import NotThere, ServiceFailed
from app.inventory import (
    AssetObject,
    Attribute,
    ImportSource,
    ObjectType,
    Page,
    Schema,
    StatusType,
    Usage,
)
from app.outside.answers import accepted
from app.outside.atlassian import assets_fields as fields
from app.outside.atlassian import assets_shapes as shapes
from app.outside.atlassian.assets_pages import read_page
from app.outside.http import Answer, Credential, HttpCaller, origin_of
from app.said import Sentence
from app.words import Json

ASSETS: Final = Sentence("called.assets", "Assets")

LIST_PAGE: Final = 100
MAX_SCHEMA_PAGES: Final = 100
# With maxResults >= 1000 every page used to call itself the last (JSDCLOUD-16556); the hard cap
# is NC. Assets may lower what is asked for, so nobody counts on getting this many.
MAX_PAGE: Final = 500
_SEGMENT: Final = re.compile(r"[A-Za-z0-9-]{1,64}")


class AssetsRest:
    """All methods raise ServiceFailed and its kinds, NotAllowed (403) and SlowDown (429).

    CredentialRefused is one of them: a 401, and a dead API token that gets 200 and nothing.

    `api_url` is the API's address: `https://api.atlassian.com`, on Forge with `/ex/jira/{cloud}`.
    """

    def __init__(
        self, http: HttpCaller, api_url: str, workspace_id: str, credential: Credential
    ) -> None:
        self._http = http
        self._origin = origin_of(api_url)
        workspace = _segment(workspace_id)
        self._base = f"{api_url.rstrip('/')}/jsm/assets/workspace/{workspace}/v1/"
        self._credential = credential

    def schemas(self) -> list[Schema]:
        """Every schema the credential may see; pages through, each schema once."""
        found: dict[str, Schema] = {}
        start = 0
        for _ in range(MAX_SCHEMA_PAGES):
            asked = urlencode({"startAt": start, "maxResults": LIST_PAGE, "includeCounts": "false"})
            answer = fields.record(self._call("GET", f"objectschema/list?{asked}"))
            rows = fields.records(answer.get("values"))
            found |= {one.id: one for one in map(shapes.schema, rows)}
            start += len(rows)
            if fields.is_last(answer, start, len(rows), LIST_PAGE):
                return list(found.values())
        raise ServiceFailed("Assets lists schemas without an end.")

    def schema(self, schema_id: str) -> Schema | None:
        answer = self._found("objectschema", schema_id)
        return None if answer is None else shapes.schema(fields.record(answer))

    def object_types(self, schema_id: str) -> list[ObjectType]:
        """All types of a schema, parents and children alike. Raises NotThere."""
        answer = self._call("GET", f"objectschema/{_segment(schema_id)}/objecttypes/flat")
        return [shapes.object_type(one) for one in fields.records(answer)]

    def attributes(self, object_type_id: str) -> list[Attribute]:
        """The attributes of a type, inherited ones too, as Assets orders them. Raises NotThere."""
        answer = self._call("GET", f"objecttype/{_segment(object_type_id)}/attributes")
        return [shapes.attribute(one, object_type_id) for one in fields.records(answer)]

    def search(self, aql: str, start_at: int, limit: int) -> Page:
        """One page of objects with their attributes. Assets may give fewer than `limit`."""
        size = min(limit, MAX_PAGE)
        # In the query string: Assets ignores both in the body and gives page one for ever.
        asked = urlencode({"startAt": start_at, "maxResults": size, "includeAttributes": "true"})
        sent = self._send("POST", f"object/aql?{asked}", {"qlQuery": aql})
        answer, count, rows = read_page(sent)
        return Page(
            objects=tuple(map(shapes.asset, rows)),
            last=fields.is_last(answer, start_at + count, count, size),
            attributes=shapes.page_attributes(answer.get("objectTypeAttributes")),
            total=fields.total(answer),
        )

    def count(self, aql: str) -> int:
        answer = fields.record(self._call("POST", "object/aql/totalcount", {"qlQuery": aql}))
        return fields.whole_number(answer.get("totalCount"))

    def object(self, object_id: str) -> AssetObject | None:
        answer = self._found("object", object_id)
        return None if answer is None else shapes.asset(fields.record(answer))

    def update(
        self, object_id: str, object_type_id: str, values: Mapping[str, Sequence[str]]
    ) -> None:
        """Write the named attributes by id; an empty list clears one. Raises NotThere.

        NC: that attributes left out stay as they are, and that `[]` clears (facts, 1.6).
        """
        body = {
            "objectTypeId": object_type_id,
            "attributes": [
                {
                    "objectTypeAttributeId": attribute_id,
                    "objectAttributeValues": [{"value": value} for value in wanted],
                }
                for attribute_id, wanted in values.items()
            ],
        }
        self._call("PUT", f"object/{_segment(object_id)}", body, answers=False)

    def delete(self, object_id: str) -> None:
        """Delete an object. Raises NotThere if it is gone already."""
        self._call("DELETE", f"object/{_segment(object_id)}", answers=False)

    def status_types(self, schema_id: str) -> list[StatusType]:
        asked = urlencode({"objectSchemaId": _segment(schema_id)})
        answer = self._call("GET", f"config/statustype?{asked}")
        return [shapes.status_type(one) for one in fields.records(answer)]

    def import_source(self, import_source_id: str) -> ImportSource | None:
        answer = self._found("importsource", import_source_id)
        return None if answer is None else shapes.import_source(fields.record(answer))

    def usage(self) -> Usage:
        return shapes.usage(fields.record(self._call("GET", "usage")))

    def create_attribute(self, object_type_id: str, body: Json) -> Attribute:
        """Add an attribute to a type; `body` is Assets' own (ObjectTypeAttributeCreate)."""
        answer = self._call("POST", f"objecttypeattribute/{_segment(object_type_id)}", body)
        return shapes.attribute(fields.record(answer), object_type_id)

    def _found(self, kind: str, given: str) -> Any:  # noqa: ANN401 - JSON before it is checked
        try:
            return self._call("GET", f"{kind}/{_segment(given)}")
        except NotThere:
            return None

    def _call(
        self, method: str, path: str, body: Json | None = None, *, answers: bool = True
    ) -> Any:  # noqa: ANN401 - JSON before it is checked
        answer = self._send(method, path, body)
        # Even where nothing is read from it: a page of a proxy is no yes to a write.
        return answer.json() if answers or answer.body.strip() else None

    def _send(self, method: str, path: str, body: Json | None = None) -> Answer:
        answer = self._http.send(
            method,
            self._base + path,
            allowed_origin=self._origin,
            credential=self._credential,
            json_body=body,
        )
        return accepted(answer, ASSETS)


def _segment(given: str) -> str:
    """An id as a path segment. What cannot be an id is not there, and no call is made for it."""
    if not _SEGMENT.fullmatch(given):
        raise NotThere
    return given
