"""Calls about imports. A container token opens its own import source and nothing else."""

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.assets.asking import Asker, refusal
from sandbox.assets.executions import Execution
from sandbox.assets.import_access import ImportAccess
from sandbox.assets.import_sources import ImportSource, ImportSources
from sandbox.assets.workspace import Workspace
from sandbox.http import answer, nothing, read_json

MOST_BYTES = 1_500_000  # the real limit is not published


class ImportDoor:
    """Answers import calls; `base` gives the service's own address."""

    def __init__(
        self,
        sources: ImportSources,
        workspace: Workspace,
        access: ImportAccess,
        base: Callable[[], str],
        workspace_id: str,
    ) -> None:
        self._sources = sources
        self._workspace = workspace
        self._access = access
        self._base = base
        self._workspace_id = workspace_id

    def routes(self) -> Mapping[tuple[str, str], Any]:
        """Method and rule to handler."""
        at = "importsource/<source_id>"
        run = f"{at}/executions/<execution_id>"
        return {
            ("GET", at): self.read,
            ("GET", f"{at}/configstatus"): self.status,
            ("POST", f"{at}/token"): self.new_token,
            ("POST", f"{at}/executions"): self.start,
            ("GET", f"{at}/executions/status"): self.latest_status,
            ("GET", f"{run}/status"): self.execution_status,
            ("PUT", f"{run}/progress"): self.progress,
            ("POST", f"{run}/data"): self.data,
            ("DELETE", run): self.cancel,
            ("POST", f"{run}/history/failed"): self.failed,
        }

    def links(self, request: Request, asker: Asker) -> Response:
        """Where the import source of a container token is reached."""
        del request
        if asker.source_id is None:
            raise refusal(401, "A container token is required.")
        at = f"{self._at('assets')}/importsource/{asker.source_id}"
        links = {
            "getStatus": f"{at}/configstatus",
            "start": f"{at}/executions",
            "mapping": f"{at}/mapping",
        }
        return answer({"links": links})

    def read(self, request: Request, asker: Asker, source_id: str) -> Response:
        """One import source as it is set in Jira."""
        del request
        source = self._access.source(asker, source_id)
        kind = "DISABLED" if source.disabled else "ENABLED"
        return answer(
            {
                "id": source.id,
                "name": source.name,
                "objectSchemaId": str(source.schema_id),
                "importSourceModuleKey": "rlabs-import-type-external",
                "defaultConcatenator": source.joiner,
                "defaultHandleEmptyValues": source.empty_values.upper(),
                "defaultHandleUnknownValues": "IGNORE",
                "importStatus": {
                    "configurationStatusType": kind,
                    "validationStatusType": "VALID",
                },
                "importSourceOTEntries": [self._entry(row) for row in source.maps.values()],
                "tokenGenerated": True,
            }
        )

    def _entry(self, row: Any) -> dict[str, Any]:
        named = {t.external_id: t for t in self._workspace.types.values()}
        found = named[row.external_id]
        return {
            "id": str(found.id),
            "objectType": {"id": str(found.id), "name": found.name},
            "selector": row.selector,
        }

    def status(self, request: Request, asker: Asker, source_id: str) -> Response:
        """IDLE, RUNNING, DISABLED or MISSING_MAPPING."""
        del request
        source = self._access.source(asker, source_id)
        body: dict[str, Any] = {"status": source.status()}
        if body["status"] == "RUNNING" and source.latest:
            body["links"] = {"getExecutionStatus": self._run(source, source.latest) + "/status"}
        return answer(body)

    def new_token(self, request: Request, asker: Asker, source_id: str) -> Response:
        """A new container token; the old one is void."""
        del request
        asker.user()
        return answer({"token": self._sources.new_token(self._access.source(asker, source_id))})

    # --- executions

    def start(self, request: Request, asker: Asker, source_id: str) -> Response:
        """A new execution and its links, which have the older `insight` path."""
        source = self._access.source(asker, source_id)
        sent = read_json(request)
        scheduled = isinstance(sent, dict) and sent.get("scheduled") is True
        run = self._run(source, self._sources.start(source, scheduled=scheduled))
        links = {
            "submitProgress": f"{run}/progress",
            "submitResults": f"{run}/data",
            "getExecutionStatus": f"{run}/status",
            "cancel": run,
        }
        return answer({"links": links, "result": "success"})

    def latest_status(self, request: Request, asker: Asker, source_id: str) -> Response:
        """The newest execution's state."""
        del request
        latest = self._access.source(asker, source_id).latest
        if latest is None:
            raise refusal(404, "There is no execution")
        return answer({"executionId": latest.id, "status": latest.state})

    def execution_status(
        self, request: Request, asker: Asker, source_id: str, execution_id: str
    ) -> Response:
        """An execution's state, and its result once it is done."""
        del request
        source = self._access.source(asker, source_id)
        execution = _execution(source, execution_id)
        return answer(execution.shape(source.schema_id, source.id))

    def progress(
        self, request: Request, asker: Asker, source_id: str, execution_id: str
    ) -> Response:
        """What the source tells about its progress."""
        execution = _execution(self._access.source(asker, source_id), execution_id)
        sent = read_json(request)
        if not isinstance(sent, dict) or not set(sent) <= {"steps", "objects"}:
            raise refusal(400, "steps and objects are expected")
        execution.progress = sent
        return nothing(200)

    def data(self, request: Request, asker: Asker, source_id: str, execution_id: str) -> Response:
        """One chunk of entries."""
        source = self._access.source(asker, source_id)
        if len(request.get_data()) > MOST_BYTES:
            raise refusal(413, f"The payload is larger than {MOST_BYTES} bytes")
        self._sources.take_in(source, _execution(source, execution_id), read_json(request))
        return nothing(200)

    def cancel(self, request: Request, asker: Asker, source_id: str, execution_id: str) -> Response:
        """Throw an execution away while it is taking data in."""
        del request
        execution = _execution(self._access.source(asker, source_id), execution_id)
        execution.cancel(self._workspace.clock())
        return nothing(200)

    def failed(self, request: Request, asker: Asker, source_id: str, execution_id: str) -> Response:
        """End an execution because its source failed."""
        execution = _execution(self._access.source(asker, source_id), execution_id)
        execution.fail(read_json(request), self._workspace.clock())
        return nothing()

    # --- finding

    def _at(self, name: str) -> str:
        return f"{self._base()}/jsm/{name}/workspace/{self._workspace_id}/v1"

    def _run(self, source: ImportSource, execution: Execution) -> str:
        return f"{self._at('insight')}/importsource/{source.id}/executions/{execution.id}"


def _execution(source: ImportSource, execution_id: str) -> Execution:
    found = source.executions.get(execution_id)
    if found is None:
        raise refusal(404, "Execution not found")
    return found
