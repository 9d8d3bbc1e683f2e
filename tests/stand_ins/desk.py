"""The vendor's desk in this process, a browser at it, and the stand-in provider on loopback."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from werkzeug.test import Client as TestClient
from werkzeug.test import TestResponse

from app.desk_settings import DeskSettings
from app.outside.http import HttpCaller
from app.outside.sign_in import Client, SignInProvider
from app.vendor_desk.attempts import Attempts
from app.vendor_desk.roles import roles_of
from app.vendor_desk.services import DeskServices
from app.vendor_desk.sessions import Sessions
from app.vendor_desk.web import create_desk
from app.words import Secret
from sandbox import staff
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.listing import ListedTable
from tests.stand_ins.table import InMemoryTable

BASE = "https://desk.vendor.example"
CLIENT_ID = "desk client"  # a blank: what is not encoded before Basic fails
CLIENT_SECRET = "canary+of/the:client%secret"
STAFF_KEY = "canary-of-the-key-of-staff-ids-0123456789"
VERA, ANTON, NELE = staff.STAFF


def client_at_provider(base: str = BASE) -> staff.Client:
    return staff.Client(
        CLIENT_ID, CLIENT_SECRET, f"{base}/signed-in", f"{base}/back-channel-logout"
    )


def settings_for(issuer: str, **changes: Any) -> DeskSettings:
    settings = DeskSettings(
        base_url=BASE,
        issuer=issuer,
        client_id=CLIENT_ID,
        client_secret=Secret(CLIENT_SECRET),
        staff_key=Secret(STAFF_KEY),
        viewer_groups=frozenset({staff.VIEWERS}),
        auditor_groups=frozenset({staff.AUDITORS}),
    )
    return replace(settings, **changes)


class ReceiptFiles(dict[str, str]):
    """`app.vendor_desk.services.Receipts` in memory: name → text."""

    def names(self) -> list[str]:
        return list(self)

    def read(self, name: str) -> str | None:
        return self.get(name)


class Desk:
    """A desk and its provider, under one clock. `table` is what lies with the vendor."""

    def __init__(self, provider: staff.StaffProvider, clock: StoppedClock, **changes: Any) -> None:
        self.provider, self.clock, self.table = provider, clock, InMemoryTable()
        self.receipts = ReceiptFiles()
        self.settings = settings_for(provider.base_url, **changes)
        client = Client(
            issuer=self.settings.issuer,
            client_id=self.settings.client_id,
            client_secret=self.settings.client_secret,
            redirect_uri=f"{BASE}/signed-in",
            acr_values=self.settings.acr_values,
        )
        self.services = DeskServices(
            settings=self.settings,
            clock=clock,
            random=os.urandom,
            provider=SignInProvider(HttpCaller(), client, clock),
            attempts=Attempts(clock, os.urandom),
            sessions=Sessions(clock, os.urandom),
            listing=ListedTable(self.table),
            receipts=self.receipts,
        )
        self.app = create_desk(self.services)

    def browser(self) -> Browser:
        return Browser(self)


@dataclass
class Browser:
    """One browser: it keeps cookies, follows nothing by itself, and sends what browsers send."""

    desk: Desk

    def __post_init__(self) -> None:
        self.client: TestClient = self.desk.app.test_client()

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, base_url=BASE, **more)

    def post(
        self, path: str, form: Mapping[str, str] | None = None, origin: str | None = BASE
    ) -> TestResponse:
        headers = {} if origin is None else {"Origin": origin}
        return self.client.post(path, base_url=BASE, data=dict(form or {}), headers=headers)

    def submit(self, path: str, **form: str) -> TestResponse:
        """A form of the page at `/case`, with the session's key."""
        return self.post(path, form | {"form_key": self.form_key()})

    def form_key(self) -> str:
        found = re.search(r'name="form_key" value="([0-9a-f]+)"', self.get("/case").text)
        assert found is not None
        return found[1]

    def go_to_provider(self) -> str:
        """Press "Sign in"; the address that the provider is asked by."""
        answer = self.post("/sign-in")
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])

    def way_back(self, address: str, member: str = VERA, *, second_factor: bool = True) -> str:
        """Sign in at the provider; the address that it sends the browser to."""
        asked = requests.get(address, timeout=5, allow_redirects=False)
        if asked.status_code == 303:
            return str(asked.headers["Location"])
        assert asked.status_code == 200, asked.text
        name = re.search(r'name="request" value="([^"]+)"', asked.text)
        assert name is not None
        form = {"request": name[1], "member": member}
        form |= {"second_factor": "yes"} if second_factor else {}
        url = f"{self.desk.provider.base_url}/authorize"
        answer = requests.post(url, form, timeout=5, allow_redirects=False)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])

    def come_back(self, address: str, **changed: str | None) -> TestResponse:
        """Follow the provider's redirect; `changed` parameters, None takes one away."""
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query)) | changed
        return self.get(
            parts.path, query_string={name: v for name, v in query.items() if v is not None}
        )

    def sign_in(self, member: str = VERA, *, second_factor: bool = True) -> TestResponse:
        """All of it."""
        back = self.way_back(self.go_to_provider(), member, second_factor=second_factor)
        return self.come_back(back)

    def enter(self, member: str = VERA) -> None:
        """Signed in already: for tests of what comes after."""
        services = self.desk.services
        roles = roles_of(frozenset(staff.STAFF[member].groups), self.desk.settings)
        now = int(self.desk.clock().timestamp())
        token = services.sessions.begin(services.staff_id(member), roles, None, now)
        self.client.set_cookie("__Host-desk", token, domain="desk.vendor.example")

    def open_case(self, number: str = "SUP-1042", cause: str = "support") -> TestResponse:
        return self.submit("/case", cause=cause, number=number)

    @property
    def cookie(self) -> str | None:
        found = self.client.get_cookie("__Host-desk", domain="desk.vendor.example")
        return None if found is None else found.value
