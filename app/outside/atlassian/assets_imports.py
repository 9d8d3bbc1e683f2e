"""The imports API of Assets for one container token: links, mapping, executions. One call a method.

Links are asked anew each run, must stay on the API's own origin, and are never stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from app.errors import (
    LinkElsewhere,
    Problem,
    ServiceFailed,
    ServiceTimedOut,
    TooLarge,
)
from app.imports.run.ports import (
    ConfigStatus,
    ExecutionLinks,
    ExecutionStatus,
    ImportLinks,
    MappingRefused,
    StartRefused,
    SubmitRefused,
)
from app.outside.answers import accepted, mapping, seconds_to_wait, text, text_or_none
from app.outside.atlassian.import_source import SERVICE, import_named_by
from app.outside.atlassian.refusal_codes import CODE, refusal_codes
from app.outside.http import Answer, Credential, HttpCaller, origin_of
from app.sentences import TOOK_TOO_LONG
from app.words import Json

# NC: the name under which an asynchronous mapping gives its resource (facts, 2.2).
RESOURCE_NAMES: Final = ("resourceId", "id", "progressResourceId")
_SEGMENT: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
# Of one type's result: entries that Assets did not take as objects. The first is its own spelling.
ODD_COUNTERS: Final = ("duplicateEnries", "emptyLabelEntries", "emptyExternalIdEntries")


class ImportExecutions:
    """`api_url` is ATLASSIAN_API_URL; the credential holds the container token.

    Raises CredentialRefused (401), NotAllowed, SlowDown, ServiceFailed and its kinds.
    """

    def __init__(self, http: HttpCaller, api_url: str, credential: Credential) -> None:
        self._http = http
        self._api_url = api_url.rstrip("/")
        self._origin = origin_of(api_url)
        self._credential = credential

    def links(self) -> ImportLinks:
        """Ask which import the token belongs to. Raises LinkElsewhere."""
        answer = self._send("GET", f"{self._api_url}/jsm/assets/v1/imports/info")
        given = mapping(mapping(_accepted(answer).json()).get("links"))
        urls = [self._checked(text(given, name)) for name in ("getStatus", "start", "mapping")]
        named = {import_named_by(url, self._api_url) for url in urls}
        if len(named) != 1:
            raise ServiceFailed("The import in Assets pointed to more than one import.")
        return ImportLinks(*named.pop(), *urls)

    def config_status(self, links: ImportLinks) -> ConfigStatus:
        body = mapping(_accepted(self._send("GET", links.status)).json())
        running = mapping(body.get("links") or {})
        link = text_or_none(running, "getExecutionStatus")
        return ConfigStatus(text(body, "status"), None if link is None else self._checked(link))

    def put_mapping(self, links: ImportLinks, document: Json, *, first: bool) -> str | None:
        """Send the document; gives where its progress is asked, None if it is taken already."""
        url = f"{links.mapping}?async=true"
        answer = self._send("PUT" if first else "PATCH", url, document)
        if answer.status in (400, 409, 422):
            problems = [Problem(code, CODE()) for code in refusal_codes(answer)]
            raise MappingRefused("Assets did not accept the mapping.", problems=problems)
        _accepted(answer)
        resource = _resource(answer)
        return None if resource is None else f"{links.mapping}/progress/{resource}"

    def mapping_done(self, links: ImportLinks, progress: str) -> bool:  # noqa: ARG002 - the port
        body = mapping(_accepted(self._send("GET", progress)).json())
        if text_or_none(body, "progressStatus") != "FINISHED":
            return False
        if text_or_none(body, "result") != "OK":
            raise MappingRefused("Assets did not accept the mapping.")
        return True

    def start(self, links: ImportLinks) -> ExecutionLinks:
        answer = self._send("POST", links.start)
        if answer.status == 409:
            raise StartRefused(text(mapping(answer.json()), "errorCode"))
        body = mapping(_accepted(answer).json())
        if body.get("result") not in (None, "success"):
            raise ServiceFailed("Assets did not start the import.")
        given = mapping(body.get("links"))
        progress = text_or_none(given, "submitProgress")
        return ExecutionLinks(
            submit=self._checked(text(given, "submitResults")),
            status=self._checked(text(given, "getExecutionStatus")),
            cancel=self._checked(text(given, "cancel")),
            progress=self._checked(progress) if progress else "",
        )

    def submit(self, execution: ExecutionLinks, chunk: bytes) -> None:
        answer = self._http.send(
            "POST",
            execution.submit,
            allowed_origin=self._origin,
            credential=self._credential,
            content=chunk,
            content_type="application/json",
        )
        if answer.status == 413:
            raise TooLarge("The chunk is too large for Assets.")
        if answer.status in (400, 404, 406, 409, 410, 422):
            raise SubmitRefused("Assets did not take a chunk.")
        if _accepted(answer).body.strip():
            answer.json()  # a page of a proxy is no yes: the chunk may never have come

    def progress(self, execution: ExecutionLinks, done: int, total: int) -> None:
        body = {
            "steps": {"total": 1, "current": 1, "description": "Reading Microsoft Entra ID"},
            "objects": {"total": total, "processed": done},
        }
        if execution.progress:
            _accepted(self._send("PUT", execution.progress, body))

    def status(self, status_link: str) -> ExecutionStatus:
        """How far an execution is. DONE alone is not success (facts, 2.6)."""
        body = mapping(_accepted(self._send("GET", status_link)).json())
        state = text(body, "status")
        result = mapping(body.get("progressResult") or {})
        kinds = [
            mapping(each) for each in mapping(result.get("objectTypeResultMap") or {}).values()
        ]
        clean = not result.get("errorMessages") and not any(
            each.get("errorMessages") for each in kinds
        )
        entries = [_number(each, "entriesInSource") for each in kinds]
        return ExecutionStatus(
            state=state,
            ok=state == "DONE" and result.get("result") == "OK" and clean,
            entries=sum(entries) if entries else None,
            odd=sum(_number(each, name) for each in kinds for name in ODD_COUNTERS),
        )

    def cancel(self, cancel_link: str) -> None:
        """Cancel an execution; one that is not there any more is as good as cancelled."""
        answer = self._send("DELETE", self._checked(cancel_link))
        if answer.status not in (404, 409, 410):
            _accepted(answer)

    def _checked(self, url: str) -> str:
        """A link to another host would carry our token there."""
        if origin_of(url) != self._origin:
            raise LinkElsewhere("The import in Assets pointed to another host.")
        return url

    def _send(self, method: str, url: str, body: object | None = None) -> Answer:
        return self._http.send(
            method, url, allowed_origin=self._origin, credential=self._credential, json_body=body
        )


def _accepted(answer: Answer) -> Answer:
    """As for other services, but a 504 may say how long to wait."""
    if answer.status == 504:
        wait = seconds_to_wait(answer)
        raise ServiceTimedOut(TOOK_TOO_LONG(service=SERVICE()), retry_after=wait)
    return accepted(answer, SERVICE)


def _resource(answer: Answer) -> str | None:
    """The id of an asynchronous mapping, bare or in an object; None for an empty answer."""
    if not answer.body.strip():
        return None
    body = answer.json()
    if isinstance(body, dict):
        body = next((body[name] for name in RESOURCE_NAMES if body.get(name)), None)
    return body if isinstance(body, str) and _SEGMENT.fullmatch(body) else None


def _number(record: Mapping[str, object], name: str) -> int:
    value = record.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
