"""What a framed page asks of Forge: the app, through Forge; and what Forge says about the page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sandbox.forge.invocation import Deployment, Place
from sandbox.forge.manifest import Page
from sandbox.forge.remote import BAD_ANSWER, PAGE_SECONDS, Outcome, as_json, send

MOST_REQUEST = 500 * 1024
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_OURS = ("authorization", "x-b3-", "x-forge-", "host", "content-length", "cookie")


class NotAsked(Exception):
    """Forge does not make this call; why is the text."""


@dataclass(frozen=True)
class Question:
    """What a page asks the app: one call, as `invokeRemote` takes it."""

    method: str
    path: str
    headers: Mapping[str, str]
    content: bytes | None


def question(sent: Mapping[str, Any]) -> Question:
    """A page's call. Raises NotAsked."""
    method, path = sent.get("method"), sent.get("path")
    if method not in METHODS or not isinstance(path, str) or not path.startswith("/"):
        raise NotAsked("method and path are expected")
    if path.startswith("//") or "\\" in path:
        raise NotAsked("the path leaves the remote")
    body = sent.get("body")
    content = None if body is None else json.dumps(body).encode()
    if content is not None and len(content) > MOST_REQUEST:
        raise NotAsked(f"the request is larger than {MOST_REQUEST} bytes")
    given = sent.get("headers") or {}
    kept = {k.lower(): str(v) for k, v in given.items() if not k.lower().startswith(_OURS)}
    return Question(method, path, {"content-type": "application/json", **kept}, content)


def asked(remote: str, one: Question, forges: Mapping[str, str]) -> Outcome:
    """Make the call with Forge's own headers over the page's."""
    return send(one.method, remote + one.path, {**one.headers, **forges}, one.content, PAGE_SECONDS)


def told(outcome: Outcome) -> dict[str, Any]:
    """What the bridge is given: success with the answer, or an error of Forge's own."""
    if outcome.reason:
        return _failed(outcome.reason)
    try:
        body = as_json(outcome)
    except ValueError as problem:
        return _failed(f"{BAD_ANSWER}: {problem}")
    headers = {name: values for name, values in outcome.headers.items() if name != "set-cookie"}
    payload = {"headers": headers, "status": outcome.status}
    return {"success": True, "payload": payload if body is None else {**payload, "body": body}}


def refused(problem: NotAsked) -> dict[str, Any]:
    """The same for a call that Forge does not make."""
    return _failed(str(problem))


def context(
    deployment: Deployment, place: Place, page: Page, account_id: str, shown: Mapping[str, str]
) -> dict[str, Any]:
    """What `view.getContext` tells; a browser can change it. `shown` holds `loc` and `tz`."""
    licence = {"active": deployment.licence == "active"}
    told_of = {} if deployment.licence == "none" else {"license": licence}
    return {
        "accountId": account_id,
        "cloudId": place.cloud_id,
        "environmentId": deployment.environment_id,
        "environmentType": deployment.environment_type,
        "extension": {"type": page.endpoint.module_type},
        "localId": str(uuid4()),
        "locale": shown["loc"].replace("_", "-"),
        "moduleKey": page.endpoint.module_key,
        "siteUrl": place.site_url,
        "timezone": shown["tz"],
        **told_of,
    }


def _failed(message: str) -> dict[str, Any]:
    return {"success": False, "error": {"message": message}}
