"""What the gateway answers itself, before the app is asked: a problem, with the app's headers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.doors.answers import SERVERS_OWN


@dataclass(frozen=True)
class Said:
    """`wait` in seconds, for who may come again."""

    status: int
    title: str
    wait: int | None = None


# Response types of API Gateway (developer guide, "Gateway response types").
ANSWERS: Final[Mapping[str, Said]] = {
    "DEFAULT_4XX": Said(400, "The request could not be read"),
    "DEFAULT_5XX": Said(500, "Something went wrong"),
    "REQUEST_TOO_LARGE": Said(413, "The request is too large"),
    "WAF_FILTERED": Said(403, "The request was refused"),
    "THROTTLED": Said(429, "Too many requests", wait=5),
    "INTEGRATION_FAILURE": Said(502, "Something went wrong", wait=5),
    "INTEGRATION_TIMEOUT": Said(504, "Something went wrong", wait=5),
}


def headers(said: Said) -> dict[str, str]:
    """Mapped as the gateway wants it: a constant in single quotes."""
    found = SERVERS_OWN | {"Content-Type": "application/problem+json"}
    if said.wait is not None:
        found |= {"Retry-After": str(said.wait)}
    return {
        f"gatewayresponse.header.{name}": "'" + value.replace("'", "\\'") + "'"
        for name, value in found.items()
    }


def template(said: Said) -> str:
    """The body; the request's number is the gateway's own."""
    body = {"type": "about:blank", "title": said.title, "status": said.status, "detail": "",
            "request_id": "$context.requestId", "problems": []}  # fmt: skip
    return json.dumps(body)
