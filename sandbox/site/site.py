"""One Jira site: people, an installed app, and the REST API that both may call."""

import time
from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import requests
from werkzeug.wrappers import Request, Response

from sandbox.http import Service, answer
from sandbox.site.callers import Callers
from sandbox.site.cast import Cast, demo_cast
from sandbox.site.lifecycle import (
    Installation,
    InstallRefused,
    SigningKey,
    event_body,
    new_secret,
    read_descriptor,
    send_signed,
    send_webhook,
)
from sandbox.site.people import People, User
from sandbox.site.properties import Properties
from sandbox.site.rest_app import AppDoor
from sandbox.site.rest_desk import DeskDoor
from sandbox.site.rest_users import UsersDoor
from sandbox.site.tokens import Signer


class Site(Service):
    """`people`, `cast` (who is who), `app` (properties, licence), `desk`, `callers`."""

    def __init__(
        self,
        people: People | None = None,
        clock: Callable[[], float] = time.time,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__("Jira site")
        self._clock = clock
        self._wait = wait
        self._last_event = 0
        self.people = people or People()
        self.cast: Cast = demo_cast(self.people)
        self.client_key = str(uuid4())
        self.cloud_id = str(uuid4())
        self.workspace_id = str(uuid4())
        self.key = SigningKey()
        self.installation: Installation | None = None
        self.properties = Properties()
        self.app = AppDoor(self.properties)
        self.desk = DeskDoor(self.people, self.workspace_id)
        self.callers = Callers(self.people, lambda: self.installation)
        self._add_routes()

    def _add_routes(self) -> None:
        self.add_route("GET", "/_edge/tenant_info", self._tenant_info)
        for door in (UsersDoor(self.people), self.app, self.desk):
            for (method, rule), handler in door.routes().items():
                self.add_route(method, rule, self.callers.guarded(handler))

    def _tenant_info(self, request: Request) -> Response:
        del request
        return answer({"cloudId": self.cloud_id, "cloudName": "sandbox"})

    @property
    def users(self) -> Mapping[str, User]:
        """Every user by account id."""
        return self.people.users

    # --- lifecycle

    def install(self, app_base_url: str, secret: str = "") -> Installation:
        """Install an app by its address; also an upgrade, and a new secret.

        Raises InstallRefused unless the app answers 200 or 204; then nothing is changed here.
        """
        signer = Signer(self.client_key, secret or new_secret())
        made = Installation(app_base_url.rstrip("/"), read_descriptor(app_base_url), signer)
        try:
            got = self._send(made, "installed")
        except requests.RequestException as problem:
            raise InstallRefused(f"the app did not answer: {type(problem).__name__}") from None
        if got.status_code not in (200, 204):
            raise InstallRefused(f"the app answered {got.status_code}: {got.text[:300]}")
        self.installation = made
        send_webhook(made, "enabled", self._body(made, "enabled"), self._now())
        return made

    def reinstall(self) -> Installation:
        """`installed` once more with a new secret, as a rotation or an upgrade sends it."""
        return self.install(self.installed.app_base_url)

    def uninstall(self, *, silently: bool = False) -> requests.Response | None:
        """Uninstall; the app's secret is void at once. `silently`: the app is never told.

        Gives the app's answer, None if there was none.
        """
        gone = self.installed
        self.installation = None
        if silently:
            return None
        send_webhook(gone, "disabled", self._body(gone, "disabled"), self._now())
        try:
            return self._send(gone, "uninstalled")
        except requests.RequestException:
            return None  # a webhook like the others: nobody promises that it arrives

    @property
    def installed(self) -> Installation:
        """The installed app. Raises InstallRefused when there is none."""
        if self.installation is None:
            raise InstallRefused("no app is installed")
        return self.installation

    def _send(self, installation: Installation, event: str) -> requests.Response:
        return send_signed(
            self.key, installation, event, self._body(installation, event), self._next_second()
        )

    def _body(self, installation: Installation, event: str) -> dict[str, object]:
        return event_body(installation, event, {"cloudId": self.cloud_id, "baseUrl": self.base_url})

    def _next_second(self) -> int:
        """The time of a lifecycle event: two never fall into one second, as in real life."""
        while self._now() <= self._last_event:
            self._wait(self._last_event + 1 - self._clock())
        self._last_event = self._now()
        return self._last_event

    def _now(self) -> int:
        return int(self._clock())

    # --- what a browser on this site carries

    def page_token(self, account_id: str, method: str, path_and_query: str) -> str:
        """A token for one page of the app; the address is relative to the app's base URL."""
        return self.installed.signer.page(account_id, method, path_and_query, self._now())

    def context_token(self, account_id: str) -> str:
        """A token for the app's API, as a page's script gets it."""
        return self.installed.signer.context(account_id, self._now())

    def page_address(self, account_id: str, module_key: str) -> str:
        """The address of an app's page in an iframe, with its token and usual parameters."""
        path = self._module_path(module_key)
        shown = {
            "lic": "none" if self.app.licence in ("none", "inactive") else "active",
            "loc": "en-US",
            "tz": "Europe/Berlin",
            "cp": "",
            "xdm_e": self.base_url,
            "xdm_c": f"channel-{module_key}",
        }
        address = f"{path}{'&' if '?' in path else '?'}{urlencode(shown)}"
        token = self.page_token(account_id, "GET", address)
        return f"{self.installed.app_base_url}{address}&jwt={token}"

    def _module_path(self, module_key: str) -> str:
        for kind in self.installed.descriptor["modules"].values():
            for module in kind if isinstance(kind, list) else [kind]:
                if module.get("key") == module_key:
                    parts = urlsplit(module["url"])
                    return f"{parts.path}?{parts.query}" if parts.query else parts.path
        raise KeyError(module_key)

    def write_property_as_user(self, account_id: str, name: str, text: str) -> None:
        """What any logged-in user can do through the app's own frame: write a property."""
        if not self.people.users[account_id].active:
            raise PermissionError(account_id)
        self.properties.put(name, text)
