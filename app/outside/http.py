"""The one way an HTTP call leaves this app: to named hosts, bounded in size and time, no redirects.

Every client of a service builds on `HttpCaller`. It never logs an address, a header or a body:
addresses carry people's names (`users?query=`), headers carry tokens.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import requests
import urllib3

from app.errors import LinkElsewhere, ServiceFailed, ServiceTimedOut, ServiceUnreachable
from app.outside.deadline import Deadline, DeadlineAdapter
from app.said import Sentence
from app.words import Secret

UNREACHABLE: Final = Sentence("service.not_reached", "A service could not be reached.")
NO_JSON: Final = Sentence("service.no_json", "A service answered with something that is not JSON.")

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 30.0  # between two bytes
# Where somebody waits: Forge hangs up on a page after 25 s, the gateway before Lambda after 29 s.
READ_SECONDS_OF_A_PAGE: Final = 20.0
# Small answers on the way to a page: the whole of one may take three times as long as this, and a
# sentence of ours can still tell before Forge hangs up.
READ_SECONDS_OF_LITTLE: Final = 8.0
WHOLE: Final = 3  # times as long for the whole answer
MAX_ANSWER_BYTES: Final = 32 * 1024 * 1024
_PIECE: Final = 64 * 1024
_LATE: Final = Sentence("service.late", "A service did not answer in time.")


@dataclass(frozen=True)
class Answer:
    """What came back. `status` is any status but a redirect; deciding about it is the caller's."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:  # noqa: ANN401 - JSON has no narrower type before somebody checked it
        """The body as JSON. Raises ServiceFailed for HTML, an empty body or cut-off JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise ServiceFailed(NO_JSON()) from None

    def header(self, name: str) -> str | None:
        """A header by its name, ignoring case."""
        return self.headers.get(name.lower())


def origin_of(url: str) -> str:
    """`scheme://host[:port]` in lower case, without default ports. Raises ServiceFailed."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ServiceFailed("A service gave an address that cannot be read.") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or "@" in parts.netloc:
        raise ServiceFailed("A service gave an address that is not accepted.")
    default = {"https": 443, "http": 80}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != default else "")


class Credential(Protocol):
    """What speaks for us at a service. Asked per request: some tokens bind its address."""

    def authorization(self, method: str, url: str) -> str:
        """The value of the Authorization header for this request."""
        ...


class HttpCaller:
    """Sends requests to allowed origins only.

    A token sent to another host would be a token given away, so the origin is checked for each
    call, redirects are never followed, and no proxy or netrc of the environment is used.
    """

    def __init__(
        self,
        session: requests.Session | None = None,
        *,
        pool: int = 32,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._read_seconds = read_seconds
        self._session = session or requests.Session()
        self._session.trust_env = False
        adapter = DeadlineAdapter(pool_connections=8, pool_maxsize=pool, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        allowed_origin: str,
        credential: Credential | None = None,
        headers: Mapping[str, str] | None = None,
        json_body: object | None = None,
        content: bytes | Secret | None = None,
        content_type: str | None = None,
        read_seconds: float | None = None,
        max_bytes: int = MAX_ANSWER_BYTES,
    ) -> Answer:
        """Send one request and read its whole answer, in `WHOLE * read_seconds` at most.

        `read_seconds` are the caller's own where none are given.

        `url` must lie under `allowed_origin` (`scheme://host[:port]`), or LinkElsewhere is raised
        and nothing leaves. Raises ServiceUnreachable, ServiceTimedOut; ServiceFailed also for a
        redirect or an answer over `max_bytes`.
        """
        if origin_of(url) != origin_of(allowed_origin):
            raise LinkElsewhere("A service pointed to another host; nothing was sent there.")
        if json_body is not None:
            content = json.dumps(json_body, separators=(",", ":")).encode()
            content_type = "application/json"
        sent = {"Accept": "application/json", **(headers or {})}
        sent |= {"Content-Type": content_type} if content_type is not None else {}
        # A Secret until it leaves: a traceback that shows local names shows no credential.
        spoken = Secret(credential.authorization(method, url)) if credential is not None else None
        patience = self._read_seconds if read_seconds is None else read_seconds
        times = (CONNECT_SECONDS, patience)
        over = Deadline(WHOLE * patience)
        try:
            with over, self._begin(method, url, sent, spoken, content, times) as reply:
                answer = _read(reply, max_bytes)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as fault:
            raise _unanswered(fault, over) from None
        if over.passed:  # an answer that ends with its connection looks whole when that is shut
            raise ServiceTimedOut(_LATE())
        return answer

    def _begin(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        spoken: Secret | None,
        content: bytes | Secret | None,
        times: tuple[float, float],
    ) -> requests.Response:
        authorized = {"Authorization": spoken.reveal_text()} if spoken is not None else {}
        return self._session.request(
            method,
            url,
            headers={**headers, **authorized},
            data=content.reveal() if isinstance(content, Secret) else content,
            timeout=times,
            allow_redirects=False,
            stream=True,
        )


def _unanswered(fault: Exception, over: Deadline) -> ServiceFailed:
    late = isinstance(fault, requests.Timeout | urllib3.exceptions.TimeoutError)
    if late or over.passed:
        return ServiceTimedOut(_LATE())
    return ServiceUnreachable(UNREACHABLE())


def _read(reply: requests.Response, max_bytes: int) -> Answer:
    if 300 <= reply.status_code < 400:
        raise ServiceFailed("A service answered with a redirect; it was not followed.")
    pieces: list[bytes] = []
    size = 0
    for piece in reply.iter_content(_PIECE):
        size += len(piece)
        if size > max_bytes:
            raise ServiceFailed("A service answered with too much.")
        pieces.append(piece)
    headers = {name.lower(): value for name, value in reply.headers.items()}
    return Answer(reply.status_code, headers, b"".join(pieces))
