"""Calls about an import source's schema and mapping."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from werkzeug.wrappers import Request, Response

from sandbox.assets.asking import Asker, flag_in, refusal
from sandbox.assets.import_access import ImportAccess
from sandbox.assets.import_sources import ImportSource, ImportSources
from sandbox.http import answer, nothing, read_json


class MappingDoor:
    """Takes schema-and-mapping documents."""

    def __init__(self, sources: ImportSources, access: ImportAccess) -> None:
        self._sources = sources
        self._access = access

    def routes(self) -> Mapping[tuple[str, str], Any]:
        """Method and rule to handler."""
        at = "importsource/<source_id>"
        return {
            ("PUT", f"{at}/mapping"): self.put_mapping,
            ("PATCH", f"{at}/mapping"): self.patch_mapping,
            ("GET", f"{at}/mapping/progress/<resource_id>"): self.mapping_progress,
            ("GET", f"{at}/schema-and-mapping"): self.document,
        }

    def put_mapping(self, request: Request, asker: Asker, source_id: str) -> Response:
        """The first, full submission."""
        return self._map(request, self._access.source(asker, source_id), merge=False)

    def patch_mapping(self, request: Request, asker: Asker, source_id: str) -> Response:
        """A change, merged by external id."""
        return self._map(request, self._access.source(asker, source_id), merge=True)

    def _map(self, request: Request, source: ImportSource, *, merge: bool) -> Response:
        self._sources.set_mapping(source, read_json(request), merge=merge)
        if not flag_in(request, "async", default=False):
            return nothing()
        resource = str(uuid4())
        source.mapping_waits[resource] = source.mapping_polls
        return answer({"resourceId": resource})

    def mapping_progress(
        self, request: Request, asker: Asker, source_id: str, resource_id: str
    ) -> Response:
        """How far an asynchronous mapping is."""
        del request
        source = self._access.source(asker, source_id)
        if resource_id not in source.mapping_waits:
            raise refusal(404, "Resource not found")
        source.mapping_waits[resource_id] -= 1
        if source.mapping_waits[resource_id] >= 0:
            return answer({"progressStatus": "IN_PROGRESS"})
        message = "Schema and mapping successfully created"
        return answer({"progressStatus": "FINISHED", "result": "OK", "resultMessage": message})

    def document(self, request: Request, asker: Asker, source_id: str) -> Response:
        """The document as it stands, with the empty icon list the real one adds."""
        del request
        source = self._access.source(asker, source_id)
        if source.document is None:
            raise refusal(404, "There is no mapping yet")
        schema = {"iconSchema": {"icons": []}, **source.document["schema"]}
        return answer({"schema": schema, "mapping": source.document["mapping"]})
