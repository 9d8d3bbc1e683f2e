"""JSON batches: at most twenty questions, answered in no particular order, each for itself."""

import random
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from sandbox.graph.behaviour import Behaviour
from sandbox.graph.errors import GraphError, bad_request

MOST_REQUESTS = 20
_shuffle = random.Random(20).shuffle  # the same disorder in each run of a test


class Answered(Protocol):
    """What answering one item gives."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> bytes: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


Answer = Callable[[str, str, Mapping[str, str]], Answered]


def run_batch(
    body: bytes, headers: Mapping[str, str], answer: Answer, behaviour: Behaviour
) -> dict[str, Any]:
    """The `responses` of a batch. Raises GraphError 400 for a batch that cannot be read."""
    results: dict[str, dict[str, Any]] = {}
    for item in _items(body):
        results[item["id"]] = _run(item, headers, answer, results)
    responses = list(results.values())
    if behaviour.shuffled_batch:
        _shuffle(responses)
    return {"responses": responses}


def _items(body: bytes) -> list[dict[str, Any]]:
    try:
        items = msgspec.json.decode(body)["requests"]
        ids = [item["id"] for item in items]
        urls = [item["url"] for item in items]
    except (msgspec.DecodeError, KeyError, TypeError):
        raise bad_request("Invalid batch payload format.", "BadRequest") from None
    if len(items) > MOST_REQUESTS:
        text = f"Number of batch request steps exceeds the maximum value of {MOST_REQUESTS}."
        raise bad_request(text, "MaximumValueExceeded")
    if not all(isinstance(one, str) and one for one in [*ids, *urls]) or len(set(ids)) != len(ids):
        raise bad_request("Each request needs an id of its own and a url.", "BadRequest")
    return list(items)


def _run(
    item: dict[str, Any],
    headers: Mapping[str, str],
    answer: Answer,
    results: Mapping[str, dict[str, Any]],
) -> dict[str, Any]:
    needed = [results.get(one) for one in item.get("dependsOn", [])]
    if any(one is None or one["status"] >= 400 for one in needed):
        return _failed(item, GraphError(424, "FailedDependency", "A request it needs has failed."))
    path, _, query = item["url"].removeprefix("/").partition("?")
    if str(item.get("method", "")).upper() != "GET":
        return _failed(item, GraphError(501, "NotImplemented", f"Not played: {item['method']}"))
    if path.startswith(("v1.0/", "beta/", "http:", "https:")):
        text = f"Invalid url: '{item['url']}' is not relative to the version."
        return _failed(item, bad_request(text, "BadRequest"))
    own = {str(k).lower(): str(v) for k, v in item.get("headers", {}).items()}
    reply = answer(path, query, {**own, "authorization": headers.get("authorization", "")})
    kind = {"Content-Type": "application/json"}
    shown = {"id": item["id"], "status": reply.status, "headers": {**kind, **reply.headers}}
    return {**shown, "body": msgspec.Raw(reply.body or b"null")}


def _failed(item: dict[str, Any], error: GraphError) -> dict[str, Any]:
    body = {"error": {"code": error.code, "message": error.message}}
    return {"id": item["id"], "status": error.status, "headers": {}, "body": body}
