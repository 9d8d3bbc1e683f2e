"""One call of Forge to the app's remote: what is sent, how long it may take, what counts as done.

Source: developer.atlassian.com, Forge remote, "Forge Remote essentials"; limits of invocations.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.site.lifecycle import InstallRefused

EVENT_SECONDS = 5.0
PAGE_SECONDS = 25.0
ATTEMPTS = 4
GAP_SECONDS = 60.0
MOST_ANSWER = 5 * 1024 * 1024
TIMEOUT = "TIMEOUT_ERROR"
BAD_TOKEN = "INVALID_FORGE_INVOCATION_TOKEN"
BAD_ANSWER = "INVALID_REMOTE_INVOCATION_ERROR"


@dataclass(frozen=True)
class Outcome:
    """What a call came to. `reason` is empty when Forge is content."""

    status: int
    reason: str
    headers: Mapping[str, list[str]] = field(default_factory=dict)
    content: bytes = b""


@dataclass(frozen=True)
class Delivery:
    """One event and the outcome of each try."""

    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def done(self) -> bool:
        """Whether the app accepted it in the end."""
        return not self.outcomes[-1].reason

    def needed(self) -> "Delivery":
        """Itself. Raises InstallRefused if it was not accepted."""
        if not self.done:
            last = self.outcomes[-1]
            text = last.content.decode("utf-8", "replace")[:300]
            raise InstallRefused(f"{self.name}: {last.reason}, {last.status} {text}")
        return self


def send(
    method: str, url: str, headers: Mapping[str, str], content: bytes | None, seconds: float
) -> Outcome:
    """Call once. No redirect is followed, nothing is read past the limit of an answer."""
    began = time.monotonic()
    try:
        with requests.request(
            method,
            url,
            headers=dict(headers),
            data=content,
            timeout=seconds,
            allow_redirects=False,
            stream=True,
        ) as got:
            read = _read(got)
            if time.monotonic() - began > seconds:
                return Outcome(0, TIMEOUT)
            return Outcome(got.status_code, _verdict(got, read), _headers(got), read)
    except requests.RequestException:
        return Outcome(0, TIMEOUT if time.monotonic() - began >= seconds else BAD_ANSWER)


def deliver(
    name: str,
    call: Callable[[Mapping[str, Any] | None], Outcome],
    wait: Callable[[], None],
    attempts: int = ATTEMPTS,
) -> Delivery:
    """Try until the app accepts with a 2xx. `call` gets the retry's context, None the first time.

    The documented number is a maximum: four tries in all.
    """
    outcomes: list[Outcome] = []
    while len(outcomes) < attempts:
        again: dict[str, Any] | None = None
        if outcomes:
            wait()
            reason = outcomes[-1].reason
            again = {"retryData": None, "retryCount": len(outcomes), "retryReason": reason}
        outcomes.append(call(again))
        if not outcomes[-1].reason:
            break
    return Delivery(name, tuple(outcomes))


def event_verdict(outcome: Outcome) -> Outcome:
    """The same, where anything but a 2xx is a failure."""
    if outcome.reason or 200 <= outcome.status < 300:
        return outcome
    return Outcome(outcome.status, BAD_ANSWER, outcome.headers, outcome.content)


def with_retry(body: Mapping[str, Any], again: Mapping[str, Any] | None) -> dict[str, Any]:
    """A body as it is sent: a retry wraps it, the documented first try does not."""
    return dict(body) if again is None else {"payload": {**body, "retryContext": again}}


def _read(got: requests.Response) -> bytes:
    read = bytearray()
    for piece in got.iter_content(65_536):
        read += piece
        if len(read) > MOST_ANSWER:
            break
    return bytes(read)


def _verdict(got: requests.Response, read: bytes) -> str:
    if got.status_code == 401:
        return BAD_TOKEN  # reserved: the app says that the token is bad
    if 300 <= got.status_code < 400 or len(read) > MOST_ANSWER:
        return BAD_ANSWER
    return ""


def _headers(got: requests.Response) -> dict[str, list[str]]:
    return {name.lower(): [value] for name, value in got.headers.items()}


def as_json(outcome: Outcome) -> Any:
    """The answer's JSON; None for an empty one. Raises ValueError for anything else.

    Documented is `application/json`; that its `+json` kin pass as well is not confirmed.
    """
    if not outcome.content:
        return None
    kind = outcome.headers.get("content-type", [""])[0].partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise ValueError(f"the content type is {kind or 'missing'}")
    return json.loads(outcome.content)
