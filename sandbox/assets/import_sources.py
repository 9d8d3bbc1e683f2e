"""Import sources of a workspace: their tokens, how Jira's administrator set them, their runs."""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sandbox.assets.asking import Refused, refusal
from sandbox.assets.executions import PROCESSING, Execution
from sandbox.assets.mapping_build import build, by_external_id
from sandbox.assets.mapping_document import TypeMap, has_external_ids, read_document
from sandbox.assets.mapping_official import official_problems
from sandbox.assets.mapping_rules import Problem, Rules
from sandbox.assets.mapping_shape import shape_problems
from sandbox.assets.model import Accounts
from sandbox.assets.workspace import Workspace
from sandbox.assets.writing import Writer


@dataclass
class ImportSource:
    """One import source. The fields before `document` are what is set in Jira's own pages."""

    id: str
    schema_id: int
    name: str
    token: str
    disabled: bool = False
    missing_objects: str = "ignore"  # ignore | remove | update
    missing_update: tuple[str, str] = ("", "")  # attribute name and value, for update
    empty_values: str = "ignore"  # ignore | clear
    ignore_case: bool = True
    joiner: str = " "
    processing_seconds: float = 0.0
    mapping_polls: int = 1  # how often an asynchronous mapping says it is not finished
    document: dict[str, Any] | None = None
    maps: dict[str, TypeMap] = field(default_factory=dict)
    mapping_waits: dict[str, int] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)

    @property
    def latest(self) -> Execution | None:
        """The newest execution."""
        return next(reversed(self.executions.values()), None)

    def status(self) -> str:
        """IDLE, DISABLED, MISSING_MAPPING or RUNNING."""
        if self.disabled:
            return "DISABLED"
        if self.document is None:
            return "MISSING_MAPPING"
        return "RUNNING" if self.latest and self.latest.running() else "IDLE"


class ImportSources:
    """Every import source of a workspace."""

    def __init__(self, workspace: Workspace, accounts: Accounts) -> None:
        self._workspace = workspace
        self._accounts = accounts
        self._lock = threading.Lock()
        self.sources: dict[str, ImportSource] = {}

    def add(self, schema_id: int, name: str) -> ImportSource:
        """A new source with a fresh token."""
        source = ImportSource(str(uuid4()), schema_id, name, _new_token())
        self.sources[source.id] = source
        return source

    def new_token(self, source: ImportSource) -> str:
        """A new container token; the one before it stops working."""
        source.token = _new_token()
        return source.token

    def of_token(self, token: str) -> ImportSource | None:
        """The source a container token is for."""
        return next((s for s in self.sources.values() if s.token == token), None)

    def set_mapping(self, source: ImportSource, sent: Any, *, merge: bool) -> None:
        """Judge a document and carry it out. Raises Refused with every problem."""
        _refuse_shape([*shape_problems(sent), *official_problems(sent)])
        named, complete = has_external_ids(sent)
        if named and not complete:
            _refuse_shape(["externalId: either everything has one or nothing has"])
        if merge and source.document is None:
            raise refusal(400, "There is no mapping yet to change")
        document = read_document(sent)
        with self._workspace.lock:
            _refuse_rules(Rules(self._workspace, source.schema_id, document).problems())
            build(self._workspace, source.schema_id, document)
            maps = {row.external_id: row for row in document.maps}
            source.maps = {**source.maps, **maps} if merge else maps
            source.document = _merged(source.document, sent) if merge else sent

    def start(self, source: ImportSource, *, scheduled: bool) -> Execution:
        """A new execution. Raises Refused: 409 with a code."""
        codes = {"DISABLED": "DISABLED", "MISSING_MAPPING": "MISSING_MAPPING"}
        with self._lock:
            code = codes.get(source.status())
            if code is None and source.latest is not None and source.latest.running():
                code = "IN_PROGRESS"
            if code is not None:
                raise Refused(409, {"result": "error", "errorCode": code})
            made = Execution(str(uuid4()), self._workspace.clock(), scheduled)
            source.executions[made.id] = made
            return made

    def take_in(self, source: ImportSource, execution: Execution, sent: Any) -> None:
        """Take a chunk in; the last one starts the work in the background."""
        if execution.take_in(sent):
            worker = threading.Thread(target=self._work, args=(source, execution), daemon=True)
            worker.start()

    def _work(self, source: ImportSource, execution: Execution) -> None:
        if source.processing_seconds:
            execution.over.wait(source.processing_seconds)
        try:
            writer = Writer(self._workspace, self._accounts, source, self._targets(source))
            writer.write(execution)
        except Exception as problem:  # noqa: BLE001 - a run must end, and say why
            execution.errors.append(f"{type(problem).__name__}: {problem}")
        if execution.state == PROCESSING:
            execution.finish(self._workspace.clock())

    def _targets(self, source: ImportSource) -> list[tuple[int, TypeMap]]:
        rows = source.maps.values()
        return [(by_external_id(self._workspace, row.external_id).id, row) for row in rows]


def _new_token() -> str:
    return f"ATCTT3x{secrets.token_urlsafe(48)}"


def _refuse_shape(problems: Sequence[str]) -> None:
    if problems:
        raise refusal(400, *problems)


def _refuse_rules(problems: Sequence[Problem]) -> None:
    if problems:
        rows = [{"code": p.code, "message": p.message} for p in problems]
        raise Refused(400, {"dataValidationErrors": rows})


def _merged(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """The newest word on every type; enough for reading the document back."""
    if old is None:
        return new
    types = {t["name"]: t for t in old["schema"]["objectSchema"]["objectTypes"]}
    types |= {t["name"]: t for t in new["schema"]["objectSchema"]["objectTypes"]}
    rows = {m["objectTypeName"]: m for m in old["mapping"]["objectTypeMappings"]}
    rows |= {m["objectTypeName"]: m for m in new["mapping"]["objectTypeMappings"]}
    schema = {**old["schema"], **new["schema"]}
    schema["objectSchema"] = {**schema["objectSchema"], "objectTypes": list(types.values())}
    return {"schema": schema, "mapping": {"objectTypeMappings": list(rows.values())}}
