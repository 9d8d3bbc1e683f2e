"""The Assets service of one workspace: `ATLASSIAN_API_URL` with its Assets and import calls.

Every call is authenticated here: an API token (Basic), for imports a container token, or by
`by_bearer`, which a gateway with tokens of its own sets.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from werkzeug.wrappers import Request, Response

from sandbox.assets.asking import Asker, Refused, refusal
from sandbox.assets.import_access import ImportAccess
from sandbox.assets.import_door import ImportDoor
from sandbox.assets.import_sources import ImportSource, ImportSources
from sandbox.assets.mapping_door import MappingDoor
from sandbox.assets.model import Accounts
from sandbox.assets.object_door import AnswerShape, ObjectDoor
from sandbox.assets.roles import Roles
from sandbox.assets.shapes_things import ThingShapes
from sandbox.assets.structure_door import StructureDoor
from sandbox.assets.workspace import Workspace
from sandbox.http import Service, answer


def utc_now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


class AssetsCloud(Service):
    """`workspace` is what it holds, `roles` who sees what, `shape` how it answers."""

    def __init__(
        self,
        accounts: Accounts,
        workspace_id: str = "",
        cloud_id: str = "",
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__("Assets")
        self.accounts = accounts
        self.workspace_id = workspace_id or str(uuid4())
        self.cloud_id = cloud_id or str(uuid4())
        self.workspace = Workspace(clock)
        self.roles = Roles(self.workspace, accounts)
        self.shape = AnswerShape()
        self.imports = ImportSources(self.workspace, accounts)
        self.by_bearer: Callable[[Request, str], Asker | None] = lambda _request, _token: None
        self._add_routes()

    def _add_routes(self) -> None:
        shapes = ThingShapes(self.workspace, self.accounts, self.workspace_id, self._address)
        structure = StructureDoor(self.workspace, self.roles, shapes.structure)
        objects = ObjectDoor(self.workspace, self.accounts, self.roles, shapes, self.shape)
        access = ImportAccess(self.imports, self.roles)
        mappings = MappingDoor(self.imports, access)
        imports = ImportDoor(self.imports, self.workspace, access, self._address, self.workspace_id)
        self.add_route("GET", "/jsm/assets/v1/imports/info", self._guarded(imports.links))
        for door in (structure, objects, mappings, imports):
            self._add_all(door.routes())

    def _address(self) -> str:
        return self.base_url

    def unknown(self, request: Request, status: int) -> Response:
        """Another site's address is 404; the rest is not played."""
        if request.path.startswith("/ex/jira/") and self.cloud_id not in request.path:
            return answer({"errorMessages": ["Site not found"], "errors": {}}, 404)
        return super().unknown(request, status)

    def new_import_source(self, schema_id: int, name: str) -> ImportSource:
        """A new external import in a schema, with its container token already generated."""
        return self.imports.add(schema_id, name)

    def _add_all(self, door: Mapping[tuple[str, str], Any]) -> None:
        for (method, rule), handler in door.items():
            address = f"/jsm/assets/workspace/<workspace_id>/v1/{rule}"
            self.add_route(method, address, self._guarded(handler))

    def routed_path(self, request: Request) -> str:
        """One path for every address of the service; clients double slashes, so does the real one.

        Another site's address stays as it is, and so is not found.
        """
        path = re.sub(r"/{2,}", "/", request.path)
        path = path.removeprefix(f"/ex/jira/{self.cloud_id}")
        return path.replace("/jsm/insight/", "/jsm/assets/", 1)

    def _guarded(self, handler: Callable[..., Response]) -> Callable[..., Response]:
        def serve(request: Request, **values: str) -> Response:
            try:
                asker = self._asker(request)
                if values.pop("workspace_id", self.workspace_id) != self.workspace_id:
                    raise refusal(404, "Workspace not found")
                return handler(request, asker, **values)
            except Refused as refused:
                return answer(refused.body, refused.status)

        return serve

    def _asker(self, request: Request) -> Asker:
        header = request.headers.get("Authorization", "")
        scheme, _, credential = header.partition(" ")
        if scheme.lower() == "bearer":
            source = self.imports.of_token(credential.strip())
            if source is not None:
                return Asker(source_id=source.id)
            asker = self.by_bearer(request, credential.strip())
            if asker is not None:
                return asker
        if scheme.lower() == "basic":
            account = self.accounts.by_basic(header)
            if account is not None and account.active:
                return Asker(account)
        raise refusal(401, "Client must be authenticated to access this resource.")
