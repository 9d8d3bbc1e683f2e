"""A page as it stands in Forge: the bundled files, a bridge as Forge puts it there, no Connect."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Page, Request, Route

from tests.pages.app_stub import AppStub
from tests.pages.fake_site import ADMINISTRATOR, EMPLOYEE
from tests.pages.serving import static

ORIGIN = "https://9f3c.cdn.forge.example"
FOLDERS = {"my-assets": "main", "my-assets-portal": "main", "admin": "admin"}
# As Forge serves Custom UI that asked for no permission: own files, nothing inline, no other host.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'"
)
BRIDGE = """
window.__bridge = {
  callBridge: async (command, payload) => {
    if (command === 'enableTheming') {
      document.documentElement.dataset.colorMode = window.hostMode ?? 'light';
      return;
    }
    return window.askForge(command, payload ?? null);
  },
};
"""


@dataclass
class ForgePage:
    """`context` is what `view.getContext()` gives, `commands` what the page asked the bridge.

    `answers` are given to the next calls of the app instead of the app's own; `twist` is a script
    that changes how the bridge answers them.
    """

    app: AppStub
    pages: Path
    browser: BrowserContext
    page: Page
    context: dict[str, Any] = field(default_factory=dict)
    commands: list[tuple[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)  # user properties, by address
    opened: list[str] = field(default_factory=list)  # addresses the host was asked to open
    refuses: bool = False  # Jira takes no property
    account: str = EMPLOYEE
    bridged: bool = True
    twist: str = ""

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.route(f"{ORIGIN}/**", self._serve)
        self.page.expose_function("askForge", self._asked)

    def open(self, module: str = "my-assets", locale: str = "en-GB", **context: Any) -> Page:
        """Go to a page: as an employee, or as the administrator for `admin`."""
        self.account = ADMINISTRATOR if module == "admin" else EMPLOYEE
        shown = {"locale": locale, "timezone": "Europe/Berlin", "moduleKey": module}
        self.context = {**shown, "accountId": self.account, "extension": {}, **context}
        if self.bridged:
            self.page.add_init_script(BRIDGE + self.twist)
        self.page.goto(f"{ORIGIN}/{FOLDERS[module]}/index.html")
        return self.page

    @property
    def frame(self) -> Frame:
        return self.page.main_frame

    def width(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def theme(self, mode: str) -> None:
        """Switch as Forge does: by the attribute that its themes are keyed on."""
        self.page.evaluate("(mode) => { document.documentElement.dataset.colorMode = mode; }", mode)

    def _serve(self, route: Route) -> None:
        made = static(route.request.url.removeprefix(f"{ORIGIN}/"), self.pages)
        headers = {"Content-Type": made.mimetype, "Content-Security-Policy": POLICY}
        route.fulfill(status=made.status_code, headers=headers, body=made.get_data())

    def _asked(self, command: str, payload: Any) -> Any:
        self.commands.append((command, payload))
        if command == "getContext":
            return self.context
        if command == "invoke" and payload["invokeType"] == "ui-remote-fetch":
            return self.answers.pop(0) if self.answers else self._remote(payload)
        if command == "fetchProduct":
            return self._jira(payload)
        if command == "navigate":
            self.opened.append(payload["url"])
            return None
        raise NotImplementedError(command)

    def _jira(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Jira, asked as the person: a property of their own and no more."""
        path, init = asked["restPath"], asked["fetchRequestInit"]
        shown = {"statusText": "", "headers": {}, "isAttachment": False}
        if self.refuses or not path.endswith(f"?accountId={self.account}"):
            return {**shown, "status": 403, "body": "{}"}
        if init["method"] == "PUT":
            self.kept[path] = init["body"]
            return {**shown, "status": 201, "body": "{}"}
        if path not in self.kept:
            return {**shown, "status": 404, "body": "{}"}
        return {**shown, "status": 200, "body": f'{{"key": "k", "value": {self.kept[path]}}}'}

    def _remote(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The app, asked as Forge asks it: with a token of its own that names the person."""
        answer = requests.request(
            asked["method"],
            f"{self.app.base_url}{asked['path']}",
            headers={**asked["headers"], "Authorization": f"Bearer fit.{self.account}"},
            json=asked.get("body"),
            timeout=10,
        )
        body = answer.json() if answer.content else None
        return told(answer.status_code, body, dict(answer.headers))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(message.text)


def told(status: int, body: Any = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """An answer as the bridge hands it over: each header a list."""
    listed = {name: [value] for name, value in (headers or {}).items()}
    return {"success": True, "payload": {"status": status, "headers": listed, "body": body}}
