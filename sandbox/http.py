"""The server kit of the stand-in world: JSON services on loopback, faults on demand, a call log.

It knows nothing of the services built on it, and nothing of the app.
"""

import re
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Request, Response

from sandbox.answers import answer, nothing, page, read_json, wire_path
from sandbox.connections import QuietHandler, shut
from sandbox.faults import Armed, Fault

__all__ = ["Call", "Fault", "Service", "answer", "nothing", "page", "read_json", "wire_path"]

Handler = Callable[..., Response]

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Call:
    """One call as it arrived. `auth` is the lower-case scheme of Authorization, or `none`."""

    method: str
    path: str
    auth: str
    query: str
    status: int


class Service:
    """One HTTP service on loopback. `start` gives its base URL; routes may be added at any time."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.base_url = ""
        self.calls: list[Call] = []
        self.arrived = 0  # also those that wait for their answer
        self.slips: list[str] = []  # errors of the stand-in itself; a test may look for them
        self._rules = Map(strict_slashes=False, merge_slashes=False)
        self._lock = threading.Lock()
        self._faults: list[Armed] = []
        self._stopping = threading.Event()
        self._server: BaseWSGIServer | None = None

    def add_route(self, method: str, pattern: str, handler: Handler) -> None:
        """Send `method` calls on a werkzeug rule to `handler(request, **path values)`."""
        with self._lock:
            self._rules.add(Rule(pattern, methods=[method], endpoint=handler))

    def start(self, port: int = 0) -> str:
        """Listen on loopback (0 = a free port) and give the base URL, without a trailing slash."""
        server = make_server(
            LOOPBACK, port, self._serve, threaded=True, request_handler=QuietHandler
        )
        server.open_connections = set()  # type: ignore[attr-defined]
        self._stopping.clear()
        self._server = server
        self.base_url = f"http://{LOOPBACK}:{server.server_port}"
        loop = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        loop.start()
        return self.base_url

    def stop(self) -> None:
        """Stop listening and close what is open; safe to repeat."""
        server, self._server = self._server, None
        if server is None:
            return
        self._stopping.set()
        server.shutdown()
        server.server_close()
        for connection in list(server.open_connections):  # type: ignore[attr-defined]
            shut(connection)

    def fail_next(
        self, method: str, path: str, fault: Fault, times: int = 1, skip: int = 0
    ) -> None:
        """Let the next `times` calls of a method (`*` = any) on a matching path fail.

        `path` is a pattern for the whole path. The first `skip` matching calls pass.
        """
        with self._lock:
            self._faults.append(Armed(method, re.compile(path), fault, skip, times))

    def heal(self) -> None:
        """Forget every fault that is still armed."""
        with self._lock:
            self._faults.clear()

    def calls_to(self, method: str, path: str) -> list[Call]:
        """Logged calls on a matching path (a whole-path pattern)."""
        wanted = re.compile(path)
        with self._lock:
            return [c for c in self.calls if c.method == method and wanted.fullmatch(c.path)]

    def forget_calls(self) -> None:
        """Empty the call log."""
        with self._lock:
            self.calls.clear()

    def before(self, request: Request) -> Response | None:
        """A hook for subclasses: an answer given here replaces the route's."""
        del request
        return None

    def routed_path(self, request: Request) -> str:
        """A hook for subclasses: the path that routes are looked up by."""
        return request.path

    def unknown(self, request: Request, status: int) -> Response:
        """What an unknown call gets: 501 and its name, so that a test sees what was asked."""
        asked = f"{request.method} {request.path}"
        return answer({"error": f"{self.name} does not play {asked} ({status})"}, 501)

    def _serve(self, environ: dict[str, Any], start_response: Any) -> Any:
        with self._lock:
            self.arrived += 1
        request = Request(environ)
        request.get_data(cache=True)  # an unread body would be taken for the next call
        fault = self._take_fault(request.method, request.path)
        response = self._answer_with(request, fault)
        self._log(request, response.status_code)
        if self._stopping.is_set() or (fault and fault.kind in ("cut", "drop", "hang", "lost")):
            self._break(environ, fault)
        return response(environ, start_response)

    def _answer_with(self, request: Request, fault: Fault | None) -> Response:
        if fault is not None and fault.seconds:
            self._stopping.wait(fault.seconds)
        if fault is None or fault.kind in ("lost", "late"):
            return self._dispatch(request)
        if fault.kind == "raw":
            return Response(fault.body, fault.status, dict(fault.headers))
        return nothing()

    def _dispatch(self, request: Request) -> Response:
        early = self.before(request)
        if early is not None:
            return early
        try:
            rules = self._rules.bind_to_environ(request.environ)
            handler, values = rules.match(self.routed_path(request))
        except HTTPException as miss:
            return self.unknown(request, miss.code or 404)
        return self._handled(handler, request, values)

    def _handled(self, handler: Handler, request: Request, values: Mapping[str, Any]) -> Response:
        try:
            return handler(request, **values)
        except Exception as problem:  # noqa: BLE001 - a slip of the stand-in must not look like a cut
            self.slips.append(f"{request.method} {request.path}: {problem!r}")
            return answer({"error": f"{self.name} slipped: {problem!r}"}, 500)

    def _take_fault(self, method: str, path: str) -> Fault | None:
        with self._lock:
            for armed in self._faults:
                if not armed.takes(method, path):
                    continue
                if armed.skip > 0:
                    armed.skip -= 1
                    return None
                armed.times -= 1
                return armed.fault
        return None

    def _log(self, request: Request, status: int) -> None:
        scheme = request.headers.get("Authorization", "none").partition(" ")[0].lower()
        query = request.query_string.decode("utf-8", "replace")
        with self._lock:
            self.calls.append(Call(request.method, request.path, scheme, query, status))

    def _break(self, environ: dict[str, Any], fault: Fault | None) -> None:
        connection: socket.socket = environ["werkzeug.socket"]
        if fault is not None and fault.kind == "cut":
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n{"half":')
        shut(connection)
