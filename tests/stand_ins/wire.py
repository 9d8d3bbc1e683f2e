"""Answers HTTP at the wire: a real caller sends real requests, none of which leaves the process."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from app.outside.http import HttpCaller


@dataclass(frozen=True)
class Reply:
    """`body` is bytes as they are, or anything that becomes JSON."""

    body: object = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Wire(BaseAdapter):
    """Gives the replies in their order and remembers what was sent."""

    def __init__(self, *replies: Reply | Exception) -> None:
        super().__init__()
        self.replies = list(replies)
        self.sent: list[requests.PreparedRequest] = []
        self.patience: list[float] = []  # seconds between two bytes, as each call asked for

    def caller(self) -> HttpCaller:
        session = requests.Session()
        caller = HttpCaller(session)
        session.mount("https://", self)
        session.mount("http://", self)
        return caller

    def addresses(self) -> list[str]:
        return [f"{request.method} {request.url}" for request in self.sent]

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:  # type: ignore[override]
        self.sent.append(request)
        self.patience.append(more["timeout"][1])
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        response = requests.Response()
        response.status_code = reply.status
        response.headers.update(reply.headers)
        response.url = request.url or ""
        response.request = request
        response.raw = HTTPResponse(io.BytesIO(reply.content()), preload_content=False)
        return response

    def close(self) -> None:
        self.replies.clear()
