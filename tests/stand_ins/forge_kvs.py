"""Forge's key-value store at the wire, as strict as the documentation is, and one store a token.

`missing` picks how a key that is not there is answered: the papers do not agree.
"""

from __future__ import annotations

import io
import json
import re
from typing import Literal

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from app.outside.http import HttpCaller
from app.words import Json

API = "https://api.a.example"
PATH = re.compile(r"https://[^/]+/forge/storage/kvs/v1/(get|set|delete|query)")
KEY = re.compile(r"(?!\s+$)[a-zA-Z0-9:._\s\-#]{1,500}")
MOST_VALUE = 240 * 1024
FIELDS = {
    "get": ({"key"}, set()),
    "set": ({"key", "value"}, {"options"}),
    "delete": ({"key"}, set()),
    "query": (set(), {"limit", "after", "where"}),
}
Missing = Literal["404", "400", "400 as the library", "200"]


class KvsRefuses(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class KvsAtTheWire(BaseAdapter):
    """`tokens` maps the system tokens that are accepted to what lies in their stores."""

    def __init__(self, missing: Missing = "400", page: int = 99) -> None:
        super().__init__()
        self.missing = missing
        self.page = page
        self.tokens: dict[str, dict[str, object]] = {"token-a": {}, "token-b": {}}
        self.sent: list[requests.PreparedRequest] = []
        self.down: list[tuple[int, bytes, dict[str, str]]] = []

    def caller(self) -> HttpCaller:
        session = requests.Session()
        caller = HttpCaller(session)
        session.mount("https://", self)
        return caller

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:  # type: ignore[override]
        self.sent.append(request)
        if self.down:
            return _response(request, *self.down.pop(0))
        try:
            status, body = 200, self._answer(request)
        except KvsRefuses as refused:
            status, body = refused.status, {"code": refused.code, "message": "no"}
        return _response(request, status, json.dumps(body).encode(), {})

    def close(self) -> None:
        self.down.clear()

    def _answer(self, request: requests.PreparedRequest) -> Json:
        method = PATH.fullmatch(request.url or "")
        if request.method != "POST" or method is None:
            raise KvsRefuses(404, "NO_SUCH_ADDRESS")
        scheme, _, token = str(request.headers.get("Authorization", "")).partition(" ")
        if scheme != "Bearer" or token not in self.tokens:
            raise KvsRefuses(401, "UNAUTHORIZED")
        if request.headers.get("Content-Type") != "application/json":
            raise KvsRefuses(415, "UNSUPPORTED")
        asked = json.loads(request.body or b"null")
        needed, more = FIELDS[method.group(1)]
        if not isinstance(asked, dict) or not needed <= set(asked) <= needed | more:
            raise KvsRefuses(400, "INVALID_BODY")
        if "key" in asked and not KEY.fullmatch(asked["key"]):
            raise KvsRefuses(400, "INVALID_KEY")
        return getattr(self, f"_{method.group(1)}")(self.tokens[token], asked)  # type: ignore[no-any-return]

    def _get(self, store: dict[str, object], asked: Json) -> Json:
        key = asked["key"]
        return {"key": key, "value": store[key]} if key in store else self._not_there(key)

    def _set(self, store: dict[str, object], asked: Json) -> Json:
        if len(json.dumps(asked["value"]).encode()) > MOST_VALUE:
            raise KvsRefuses(400, "MAX_SIZE")
        store[asked["key"]] = asked["value"]
        return {}

    def _delete(self, store: dict[str, object], asked: Json) -> Json:
        return {} if store.pop(asked["key"], None) else self._not_there(asked["key"])

    def _query(self, store: dict[str, object], asked: Json) -> Json:
        if not 0 < asked.get("limit", 10) < 100:
            raise KvsRefuses(400, "LIST_QUERY_LIMIT_EXCEEDED")
        found = sorted(store)
        for one in asked.get("where", []):
            if (one["property"], one["condition"], len(one["values"])) != ("key", "BEGINS_WITH", 1):
                raise KvsRefuses(400, "INVALID_FILTER_CONDITION")
            found = [key for key in found if key.startswith(one["values"][0])]
        start = int(asked.get("after", "0"))
        end = start + min(self.page, asked.get("limit", 10))
        rows = [{"key": key, "value": store[key]} for key in found[start:end]]
        return {"data": rows, "cursor": str(end)} if end < len(found) else {"data": rows}

    def _not_there(self, key: str) -> Json:
        if self.missing == "200":
            return {"key": key}
        code = "KEY_NOT_FOUND" if self.missing == "400 as the library" else "NOT_FOUND"
        raise KvsRefuses(404 if self.missing == "404" else 400, code)


def _response(
    request: requests.PreparedRequest, status: int, body: bytes, headers: dict[str, str]
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.headers.update(headers)
    response.url = request.url or ""
    response.request = request
    response.raw = HTTPResponse(io.BytesIO(body), preload_content=False)
    return response
