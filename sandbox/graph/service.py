"""The Graph stand-in as a service: every call needs a good token; what is not played is a 501."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import msgspec
from werkzeug.wrappers import Request, Response

from sandbox.directory import Directory
from sandbox.entra import SigningKey
from sandbox.graph.access import caller_roles
from sandbox.graph.batch import run_batch
from sandbox.graph.behaviour import Behaviour
from sandbox.graph.costs import Budget, units_of
from sandbox.graph.errors import GraphError, not_played
from sandbox.graph.faults import throttled
from sandbox.graph.options import Ask, read_options
from sandbox.graph.routes import play
from sandbox.graph.stage import Stage
from sandbox.http import Call, Service, wire_path

_JSON = "application/json;odata.metadata=minimal;charset=utf-8"
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Reply:
    """An answer before it travels; a batch puts it into its own."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Graph(Service):
    """Serves `/v1.0`. `behaviour` holds the switches, `budget.spent` the resource units used.

    `fail_next` takes faults for single calls and, on the same paths, for items of a batch; both
    are in the call log.
    """

    def __init__(
        self,
        directory: Directory,
        key: SigningKey,
        clock: Callable[[], datetime],
        behaviour: Behaviour | None = None,
    ) -> None:
        super().__init__("Microsoft Graph")
        self.behaviour = behaviour or Behaviour()
        self.stage = Stage(directory, self.behaviour, clock)
        self.budget = Budget(clock)
        self._key = key
        self._clock = clock
        self.add_route("GET", "/v1.0/<path:rest>", self._single)
        self.add_route("POST", "/v1.0/$batch", self._batch)

    def start(self, port: int = 0) -> str:
        """Listen; links carry this address from now on."""
        self.stage.links.base_url = super().start(port)
        return self.base_url

    def unknown(self, request: Request, status: int) -> Response:
        """501 in Graph's shape, naming what was asked."""
        del status
        return self._respond(self._error(not_played(f"{request.method} {request.path}")))

    def _single(self, request: Request, rest: str) -> Response:
        del rest  # decoded twice would be another path: the wire's own form is read
        path = wire_path(request).removeprefix("/v1.0/")
        query = request.query_string.decode("ascii", "replace")
        return self._respond(self._reply(path, query, _lower(request.headers)))

    def _batch(self, request: Request) -> Response:
        headers = _lower(request.headers)
        try:
            self._roles(headers)
            body = run_batch(request.get_data(), headers, self._item, self.behaviour)
        except GraphError as error:
            return self._respond(self._error(error))
        statuses = {item["status"] for item in body["responses"]}
        status = self.behaviour.throttled_batch_status if 429 in statuses else 200
        return self._respond(Reply(status, _encode(body)))

    def _item(self, path: str, query: str, headers: Mapping[str, str]) -> Reply:
        """One item of a batch: it may fail by itself, and is logged by itself."""
        full = f"/v1.0/{unquote(path)}"
        fault = self._take_fault("GET", full)
        if fault is not None:
            reply = Reply(fault.status, fault.body, fault.headers)
        else:
            reply = self._reply(path, query, headers)
        with self._lock:
            self.calls.append(Call("GET", full, "bearer", query, reply.status))
        return reply

    def _reply(self, path: str, query: str, headers: Mapping[str, str]) -> Reply:
        try:
            ask = Ask(path, query, read_options(query), headers, self._roles(headers))
            units = units_of(ask)
            wait = self.budget.spend(units, self.behaviour.units_per_ten_seconds)
            if wait:
                fault = throttled(str(wait))
                return Reply(429, fault.body, fault.headers)
            with self.stage.directory.lock:
                body: dict[str, Any] = play(self.stage, ask)
                return Reply(200, _encode(body), {"x-ms-resource-unit": str(units)})
        except GraphError as error:
            return self._error(error)

    def _roles(self, headers: Mapping[str, str]) -> frozenset[str]:
        return caller_roles(headers, self._key, self.base_url, self._clock())

    def _error(self, error: GraphError) -> Reply:
        return Reply(error.status, _encode(error.body(self._clock())), error.headers)

    def _respond(self, reply: Reply) -> Response:
        headers = {k: v for k, v in reply.headers.items() if k.lower() != "content-type"}
        return Response(reply.body, reply.status, headers, content_type=_JSON)


def _lower(headers: Any) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in headers.items()}
