"""One execution of an import: it takes chunks in, then works, then is over.

INGESTING -> PROCESSING -> DONE, or CANCELLED. What arrives is only kept until `completed`.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.assets.asking import refusal

INGESTING, PROCESSING, DONE, CANCELLED = "INGESTING", "PROCESSING", "DONE", "CANCELLED"
REASON_LIMIT = 1024


@dataclass
class TypeResult:
    """What happened to one object type. The counters have the vendor's names, slips included."""

    name: str
    type_id: int
    updated: int = 0
    created: int = 0
    identical: int = 0
    missing_updated: int = 0
    missing_deleted: int = 0
    entries: int = 0
    duplicates: int = 0
    empty_labels: int = 0
    empty_ids: int = 0
    references: int = 0
    errors: list[str] = field(default_factory=list)

    def shape(self) -> dict[str, Any]:
        """As an execution's status shows it."""
        return {
            "id": None,
            "objectTypeName": self.name,
            "objectTypeId": self.type_id,
            "objectsUpdated": self.updated,
            "objectsCreated": self.created,
            "objectsIdentical": self.identical,
            "objectsMissingUpdated": self.missing_updated,
            "objectsMissingDeleted": self.missing_deleted,
            "entriesInSource": self.entries,
            "duplicateEnries": self.duplicates,
            "emptyLabelEntries": self.empty_labels,
            "emptyExternalIdEntries": self.empty_ids,
            "objectsFilteredWithQlQuery": 0,
            "errorMessages": self.errors or None,
            "objectsWithUpdatedReferences": self.references,
        }


@dataclass
class Execution:
    """`over` is set when it is DONE or CANCELLED, so that a test can wait for it."""

    id: str
    started: datetime
    scheduled: bool = False
    state: str = INGESTING
    chunks: list[dict[str, Any]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)  # clientGeneratedId of chunks taken in
    progress: dict[str, Any] = field(default_factory=dict)
    results: dict[int, TypeResult] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    ended: datetime | None = None
    failure: str | None = None
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take_in(self, sent: Any) -> bool:
        """Keep a chunk; whether it was the last. Raises Refused: 400."""
        chunk_id, completed = _judge(sent)
        with self.lock:
            if self.state != INGESTING:
                raise refusal(400, f"The execution takes no data, it is {self.state}")
            if "data" in sent and chunk_id not in self.seen:
                self.chunks.append(sent["data"])
            if chunk_id is not None:
                self.seen.add(chunk_id)
            if completed:
                self.state = PROCESSING
        return completed

    def cancel(self, now: datetime) -> None:
        """Throw away what was taken in. Raises Refused once work has begun."""
        with self.lock:
            if self.state in (PROCESSING, DONE):
                raise refusal(400, f"The execution cannot be cancelled, it is {self.state}")
            self._end(CANCELLED, now)

    def fail(self, sent: Any, now: datetime) -> None:
        """End it because the source failed, with a reason for the history. Raises Refused."""
        reason = sent.get("failureReason") if isinstance(sent, dict) else None
        if not isinstance(reason, str) or not 0 < len(reason) <= REASON_LIMIT:
            raise refusal(400, f"failureReason of 1 to {REASON_LIMIT} characters is required")
        with self.lock:
            if self.state != INGESTING:
                raise refusal(400, f"The execution is {self.state}")
            self.failure = reason
            self._end(CANCELLED, now)

    def finish(self, now: datetime) -> None:
        """The work is done."""
        with self.lock:
            self._end(DONE, now)

    def running(self) -> bool:
        """Whether another execution has to wait for this one."""
        return self.state in (INGESTING, PROCESSING)

    def _end(self, state: str, now: datetime) -> None:
        self.state = state
        self.ended = self.ended or now
        self.chunks = []
        self.over.set()

    def shape(self, schema_id: int, source_id: str) -> dict[str, Any]:
        """Its status on the wire; the result only once there is one."""
        if self.ended is None or self.state != DONE:
            return {"status": self.state}
        names = [result.name for result in self.results.values()]
        entries = sum(result.entries for result in self.results.values())
        return {
            "status": self.state,
            "progressResult": {
                "type": "IMPORT",
                "started": self.started.isoformat(timespec="milliseconds"),
                "ended": self.ended.isoformat(timespec="milliseconds"),
                "objectSchemaId": schema_id,
                "result": "FAILED" if self.errors else "OK",
                "status": "FINISHED",
                "infoMessage": None if entries else "No data to import",
                "jobId": self.id,
                "importSourceId": source_id,
                "populatedObjectTypes": names,
                "onlyExecutedForObjectTypes": [],
                "objectTypeResultMap": {str(k): r.shape() for k, r in self.results.items()},
                "errorMessages": self.errors or None,
                "totalNumberEntriesInImport": entries,
            },
        }


def _judge(sent: Any) -> tuple[str | None, bool]:
    if not isinstance(sent, dict) or not ("data" in sent or sent.get("completed") is True):
        raise refusal(400, "data or completed is required")
    if not isinstance(sent.get("data", {}), dict):
        raise refusal(400, "data must be an object of selectors")
    completed, chunk_id = sent.get("completed", False), sent.get("clientGeneratedId")
    if not isinstance(completed, bool) or not isinstance(chunk_id, (str, type(None))):
        raise refusal(400, "completed must be true or false, clientGeneratedId a text")
    return chunk_id, completed
