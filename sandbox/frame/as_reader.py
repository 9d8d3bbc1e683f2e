"""What a framed page asks of Jira in its reader's name: a property of their own, and no more.

Source: Jira REST v3, user properties. On Connect the app's scopes bound what its pages may ask.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from werkzeug.wrappers import Request, Response

from sandbox.forge.scopes import allowed
from sandbox.http import answer, page, read_json

KEY_LIMIT = 255
VALUE_LIMIT = 32_768
Kept = dict[tuple[str, str], Any]
_AT = "/rest/api/3/user/properties/"
_WRITES = {"PUT", "DELETE"}


class Site(Protocol):
    """The users of a site, and who may ask what of it."""

    @property
    def users(self) -> Mapping[str, Any]: ...


class AsReader:
    """`scopes` are those of the installed app; `forge` tells which kind they are.

    `kept` holds the properties by account and key.
    """

    def __init__(
        self, site: Site, scopes: Callable[[], set[str]], kept: Kept, *, forge: bool
    ) -> None:
        self._site = site
        self._scopes = scopes
        self._forge = forge
        self.kept = kept

    def serve(self, request: Request) -> Response:
        """One request of a page; what Jira answers stands in the body with its status."""
        asked: Any = read_json(request) or {}
        status, body = self._ask(
            request.args.get("account", ""),
            str(asked.get("method", "GET")).upper(),
            str(asked.get("path", "")),
            asked.get("body"),
        )
        return answer({"status": status, "body": json.dumps(body)})

    def _ask(self, account: str, method: str, path: str, body: Any) -> tuple[int, Any]:
        parts = urlsplit(path)
        key = unquote(parts.path.removeprefix(_AT))
        whose = parse_qs(parts.query).get("accountId", [""])[0]
        if not parts.path.startswith(_AT) or not 0 < len(key) <= KEY_LIMIT or "/" in key:
            return 404, {"errorMessages": ["This stand-in does not play that."]}
        if not self._may(account, whose, method, parts.path):
            return 403, {"errorMessages": ["You may not do this."]}
        if method == "GET":
            found = (account, key) in self.kept
            return (200, {"key": key, "value": self.kept[account, key]}) if found else (404, {})
        return self._write((account, key), method, body)

    def _may(self, account: str, whose: str, method: str, path: str) -> bool:
        user = self._site.users.get(account)
        if user is None or whose != account or user.account_type == "customer":
            return False
        if self._forge:
            return allowed(method, path, self._scopes())
        return method not in _WRITES or "WRITE" in self._scopes()

    def _write(self, place: tuple[str, str], method: str, body: Any) -> tuple[int, Any]:
        if method != "PUT" or not isinstance(body, str) or len(body) > VALUE_LIMIT:
            return 400, {}
        try:
            value = json.loads(body)
        except ValueError:
            return 400, {}
        new = place not in self.kept
        self.kept[place] = value
        return (201 if new else 200), {}


def request_page(site: Any, key: str) -> Response:
    """A request as its customer finds it, as far as a stand-in shows one."""
    raised = getattr(getattr(site, "desk", None), "raised", [])
    found = next((one for one in raised if one.key == key), None)
    if found is None:
        return page("<!doctype html><title>Not found</title><p>There is no such request.", 404)
    shown = Response(f"{found.key}\n\n{json.dumps(found.fields, indent=2, ensure_ascii=False)}")
    shown.headers["Content-Type"] = "text/plain;charset=UTF-8"
    return shown
