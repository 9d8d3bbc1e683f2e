"""The store's REST calls. Only the app's own token opens it, and only its own installation's."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.forge.storage import (
    LIST_LIMIT,
    TRANSACTION_BYTES,
    TRANSACTION_LIMIT,
    Storage,
    StorageRefused,
    checked_key,
    checked_value,
)
from sandbox.http import answer, nothing, read_json

AT = "/forge/storage/kvs/v1"
Opened = Callable[[Request], Storage]  # raises StorageRefused


class StorageDoor:
    """Answers calls of the key-value store."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def routes(self) -> Mapping[tuple[str, str], Callable[[Request], Response]]:
        """Method and rule to handler."""
        calls = {
            "get": self._get,
            "set": self._set,
            "delete": self._delete,
            "query": self._query,
            "transaction": self._transaction,
        }
        return {("POST", f"{AT}/{name}"): self._guarded(call) for name, call in calls.items()}

    def _guarded(
        self, call: Callable[[Storage, dict[str, Any]], Response]
    ) -> Callable[[Request], Response]:
        def serve(request: Request) -> Response:
            try:
                store = self._opened(request)
                return call(store, _body(request))
            except StorageRefused as refused:
                body = {"code": refused.code, "message": refused.message}
                return answer(body, refused.status)

        return serve

    def _get(self, store: Storage, sent: dict[str, Any]) -> Response:
        key = sent.get("key", "")
        return answer({"key": key, "value": store.get(key)})

    def _set(self, store: Storage, sent: dict[str, Any]) -> Response:
        store.put(sent.get("key", ""), sent.get("value"), sent.get("options") or {})
        return nothing()

    def _delete(self, store: Storage, sent: dict[str, Any]) -> Response:
        store.delete(sent.get("key", ""))
        return nothing()

    def _query(self, store: Storage, sent: dict[str, Any]) -> Response:
        limit = sent.get("limit", 10)
        if not isinstance(limit, int) or not 0 < limit <= LIST_LIMIT:
            text = f"limit must be 1 to {LIST_LIMIT}"
            raise StorageRefused(400, "LIST_QUERY_LIMIT_EXCEEDED", text)
        page, cursor = store.begins_with(_prefix(sent), str(sent.get("after") or ""), limit)
        held = store.held
        rows = [{"key": key, "value": json.loads(held[key])} for key in page if key in held]
        return answer({"data": rows, **({"cursor": cursor} if cursor else {})})

    def _transaction(self, store: Storage, sent: dict[str, Any]) -> Response:
        puts, deletes = sent.get("set") or [], sent.get("delete") or []
        if sent.get("check"):
            raise StorageRefused(400, "BAD_REQUEST", "check needs an entity")
        keys = [checked_key(row.get("key")) for row in [*puts, *deletes]]
        if not 0 < len(keys) <= TRANSACTION_LIMIT or len(set(keys)) < len(keys):
            text = f"1 to {TRANSACTION_LIMIT} operations, each key once"
            raise StorageRefused(400, "BAD_REQUEST", text)
        sizes = [len(checked_value(row.get("value")).encode()) for row in puts]
        if sum(sizes) > TRANSACTION_BYTES:
            raise StorageRefused(400, "MAX_SIZE", "the transaction is too large")
        for row in puts:
            store.put(row["key"], row["value"], row.get("options") or {})
        for row in deletes:
            if row["key"] in store.held:
                store.delete(row["key"])
        return nothing()


def _body(request: Request) -> dict[str, Any]:
    sent = read_json(request)
    if not isinstance(sent, dict):
        raise StorageRefused(400, "BAD_REQUEST", "Provided request body is invalid")
    return sent


def _prefix(sent: Mapping[str, Any]) -> str:
    where = sent.get("where") or []
    if not where:
        return ""
    (only,) = where
    if (only.get("property"), only.get("condition")) != ("key", "BEGINS_WITH"):
        raise StorageRefused(400, "INVALID_FILTER_CONDITION", "key BEGINS_WITH is expected")
    values = only.get("values")
    if not isinstance(values, list) or len(values) != 1 or not isinstance(values[0], str):
        raise StorageRefused(400, "INVALID_FILTER_VALUES", "one text is expected")
    return str(values[0])
