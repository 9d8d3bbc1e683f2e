"""Forge itself: it installs the app on one site, tells it what happens, and asks it for its pages.

It knows the app by its manifest and the address of its remote, as the real one does.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from sandbox.assets.cloud import AssetsCloud
from sandbox.forge.bodies import INSTALLED, UPGRADED, lifecycle, module_call, with_scopes
from sandbox.forge.calls import APP_USER, Calls
from sandbox.forge.cdn import ForgeCdn
from sandbox.forge.gateway import Gateway
from sandbox.forge.invocation import Deployment, InvocationKey, Place
from sandbox.forge.manifest import Endpoint, Manifest
from sandbox.forge.pages import NotAsked, asked, context, question, refused, told
from sandbox.forge.remote import (
    ATTEMPTS,
    EVENT_SECONDS,
    GAP_SECONDS,
    PAGE_SECONDS,
    Delivery,
    Outcome,
    deliver,
    event_verdict,
    send,
    with_retry,
)
from sandbox.forge.storage import Storage
from sandbox.forge.tokens import Tokens
from sandbox.site.lifecycle import InstallRefused
from sandbox.site.people import User
from sandbox.site.site import Site


class Forge:
    """`deployment.licence` and `customers_have_tokens` may be changed by a test at any time.

    `deliveries` is the log of events, `retry_gap` how long Forge waits before it tries again.
    """

    def __init__(
        self,
        site: Site,
        cloud: AssetsCloud,
        manifest: Manifest,
        remote: str,
        clock: Callable[[], float] = time.time,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.site, self.cloud, self.manifest, self.remote = site, cloud, manifest, remote
        self.deployment = Deployment(f"ari:cloud:ecosystem::app/{uuid4()}", str(uuid4()))
        self.key = InvocationKey()
        self.tokens = Tokens(clock)
        self.cdn = ForgeCdn(self.key.key_set, lambda: site.base_url)
        self.place: Place | None = None
        self.stores: dict[str, Storage] = {}
        self.deliveries: list[Delivery] = []
        self.retry_gap = GAP_SECONDS
        self.customers_have_tokens = True
        self._clock, self._wait, self._last_event = clock, wait, 0
        self._calls = Calls(self.key, self.tokens, manifest.scopes, clock)
        site.people.put(User(APP_USER, "My Assets for Jira", "", account_type="app"))
        Gateway(cloud, site.people, site.desk, self.tokens, self.stores.__getitem__)

    def licence(self, state: str) -> None:
        """From now on calls say: active, inactive, or none (they do not say)."""
        self.deployment = replace(self.deployment, licence=state)

    def bundled_in(self, folder: Path) -> None:
        """Where the files of the pages lie."""
        pages = self.manifest.pages.values()
        self.cdn.folders = {p.endpoint.module_key: folder / p.folder for p in pages}

    @property
    def installed(self) -> Place:
        """The installation. Raises InstallRefused when there is none."""
        if self.place is None:
            raise InstallRefused("no app is installed")
        return self.place

    @property
    def storage(self) -> Storage:
        """What the present installation keeps."""
        return self.stores[self.installed.installation_id]

    # --- life

    def install(self) -> Delivery:
        """A new installation on the same site, always with a new id; the app is told."""
        api = f"{self.cloud.base_url}/ex/jira/{self.site.cloud_id}"
        self.place = Place(str(uuid4()), self.site.cloud_id, self.site.base_url, api)
        self.stores[self.place.installation_id] = Storage(self._clock)
        self._next_second()
        return self._lifecycle(INSTALLED)

    def upgrade(self) -> Delivery:
        """A new major version; the app is told."""
        return self._lifecycle(UPGRADED)

    def pre_uninstall(self) -> Delivery:
        """The app is told that it goes, once; it may go on being used for weeks."""
        endpoint = self.manifest.pre_uninstall
        body = module_call(self.installed, endpoint.module_key)
        self._next_second()
        return self._deliver("preUninstall", endpoint, body, attempts=1)

    def uninstall(self, *, silently: bool = False) -> Delivery | None:
        """The app is told unless `silently`; then its tokens are void and its store is closed."""
        gone = self.installed
        delivery = None if silently else self.pre_uninstall()
        self.tokens.forget(gone.installation_id)
        self.place = None
        return delivery

    def tick(self) -> Delivery:
        """The hourly call."""
        endpoint = self.manifest.tick
        return self._deliver("tick", endpoint, module_call(self.installed, endpoint.module_key))

    def import_call(self, name: str, import_id: str, schema_id: str = "1") -> Outcome:
        """What Assets asks of the import type, as its function passes it on: `start`, `status`…"""
        ids = {"importId": import_id, "workspaceId": self.site.workspace_id, "schemaId": schema_id}
        endpoint = replace(self.manifest.imports, path=f"/forge/import/{name}")
        return self._call(endpoint, ids, PAGE_SECONDS)

    # --- pages

    def page_headers(self, account_id: str, module_key: str) -> dict[str, str]:
        """What Forge adds to a call of a page. Raises NotAsked if it would not make it."""
        page = self.manifest.page(module_key)
        user = self.site.people.find(account_id)
        if page is None or user is None:
            raise NotAsked("no such page or person")
        if user.account_type == "customer" and "customer" not in page.unlicensed:
            raise NotAsked("the page is for people with a licence")
        return self._headers(page.endpoint, user)

    def module_for(self, account_id: str) -> str:
        """The page this person would open: customers the portal's, all others the first."""
        customer = self.site.people.users[account_id].account_type == "customer"
        return self.manifest.first_page(portal=customer).endpoint.module_key

    def invoke_remote(
        self, account_id: str, module_key: str, sent: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What the bridge's `invoke` gives for one call of a page."""
        try:
            one = question(sent)
            return told(asked(self.remote, one, self.page_headers(account_id, module_key)))
        except NotAsked as problem:
            return refused(problem)

    def context(self, account_id: str, module_key: str, shown: Mapping[str, str]) -> dict[str, Any]:
        """What the bridge's `getContext` gives. Raises InstallRefused, KeyError."""
        page = self.manifest.page(module_key)
        if page is None:
            raise KeyError(module_key)
        return context(self.deployment, self.installed, page, account_id, shown)

    # --- calling

    def _lifecycle(self, event: str) -> Delivery:
        admin = self.site.cast.administrator
        body = lifecycle(event, self.deployment, self.installed, admin)
        body = body if event == INSTALLED else with_scopes(body, self.manifest.scopes)
        return self._deliver(event, self.manifest.events[event], body)

    def _next_second(self) -> None:
        """Two events of a site's life never fall into one second, as in real life."""
        while int(self._clock()) <= self._last_event:
            self._wait(self._last_event + 1 - self._clock())
        self._last_event = int(self._clock())

    def _deliver(
        self, name: str, endpoint: Endpoint, body: dict[str, Any], attempts: int = ATTEMPTS
    ) -> Delivery:
        def call(again: Mapping[str, Any] | None) -> Outcome:
            return self._call(endpoint, with_retry(body, again), EVENT_SECONDS)

        made = deliver(name, call, lambda: self._wait(self.retry_gap), attempts)
        self.deliveries.append(made)
        return made

    def _call(self, endpoint: Endpoint, body: dict[str, Any], seconds: float) -> Outcome:
        headers = {"content-type": "application/json", **self._headers(endpoint, None)}
        content = json.dumps(body).encode()
        return event_verdict(send("POST", self.remote + endpoint.path, headers, content, seconds))

    def _headers(self, endpoint: Endpoint, person: User | None) -> dict[str, str]:
        customer = person is not None and person.account_type == "customer"
        allowed = not customer or self.customers_have_tokens
        who = person.account_id if person else None
        place = self.installed
        return self._calls.headers(self.deployment, place, endpoint, who, user_token=allowed)
