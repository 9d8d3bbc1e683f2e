"""The web app with real doors, callers and instances; the features behind them are recorders."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import logs
from app.callers.forge import ForgeApp
from app.doors.services import Services
from app.doors.web import create_app
from app.instances.administrators import Administrators
from app.instances.claims import ClaimDesk
from app.instances.connect_secret import ConnectSecrets
from app.instances.directory import ConnectInstances, Directory
from app.instances.events import SiteRules
from app.instances.forge_instances import ForgeInstances
from app.instances.lifecycle import Home, Lifecycle
from app.instances.living import Living
from app.instances.site_token import SiteTokens
from app.instances.token_trial import TokenTrial
from app.settings import Settings, read_settings
from app.words import Secret
from tests.stand_ins.atlassian import (
    APP,
    APP_KEY,
    AT,
    OneKey,
    install_body,
    lifecycle_token,
    uninstall_body,
)
from tests.stand_ins.claims import InMemoryClaims
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.forge_tokens import API, FORGE_APP, ForgeSigner
from tests.stand_ins.sealer import LabelledSealer
from tests.stand_ins.table import InMemoryTable


class Recorder:
    """Stands for a feature: remembers calls, answers what it was told, or raises it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.answer: Any = {"answered": True}

    def __getattr__(self, name: str) -> Any:
        def record(*parts: Any, **named: Any) -> Any:
            self.calls.append((name, parts, named))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

        return record


class Jira:
    """Says who is an administrator; can be told to fail."""

    def __init__(self) -> None:
        self.administrators = {"admin-1"}
        self.fault: Exception | None = None
        self.user_tokens: list[str] = []

    def is_administrator(self, account_id: str) -> bool:
        if self.fault is not None:
            raise self.fault
        return account_id in self.administrators

    def as_user(self, _instance: Any, token: Secret) -> Any:
        """The site as the owner of a user token sees it: the token names the account."""
        self.user_tokens.append(token.reveal_text())
        account = token.reveal_text().removeprefix("user-token-of-")
        return SimpleNamespace(administers=lambda: self.is_administrator(account))


class Trial:
    """Says whether a system token reads what is ours; remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: bool | Exception | None = True
        self.asked: list[str] = []

    def __call__(self, _instance: Any, token: Secret) -> bool | None:
        self.asked.append(token.reveal_text())
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass
class World:
    """The app, and everything a test may look at or turn."""

    settings: Settings
    clock: StoppedClock = field(default_factory=StoppedClock)
    table: InMemoryTable = field(default_factory=InMemoryTable)
    keys: OneKey = field(default_factory=OneKey)
    jira: Jira = field(default_factory=Jira)
    feature: Recorder = field(default_factory=Recorder)
    claims: InMemoryClaims = field(default_factory=InMemoryClaims)
    forge_app: ForgeApp | None = field(
        default_factory=lambda: ForgeApp(FORGE_APP, "PRODUCTION", API)
    )
    forge_keys: ForgeSigner = field(default_factory=ForgeSigner)
    tried: Trial = field(default_factory=Trial)
    licensed: bool = True
    ready: bool = True

    def __post_init__(self) -> None:
        home = Home(APP_KEY, self.settings.environment, "eu-central-1")
        secrets = ConnectSecrets(LabelledSealer(), self.clock)
        directory = Directory(self.table, self.clock)
        self.site_tokens = SiteTokens(
            self.table, directory, LabelledSealer(), self.clock, lambda size: b"k" * size
        )
        self.forge = ForgeInstances(
            self.table,
            directory,
            home,
            self.settings.forge_environment,
            SiteRules(self.settings.site_hosts, self.settings.is_sandbox),
            self,
            self.clock,
        )
        administrators = Administrators(lambda _instance: self.jira, self.jira.as_user)
        self.app: Flask = create_app(
            Services(
                settings=self.settings,
                clock=self.clock,
                random=lambda size: b"r" * size,
                install_keys=self.keys,
                connect=ConnectInstances(directory, secrets, home, self.clock),
                lifecycle=Lifecycle(self.table, secrets, home, self.clock),
                forge_app=self.forge_app,
                forge_keys=self.forge_keys,
                forge=self.forge,
                site_tokens=self.site_tokens,
                token_trial=TokenTrial(self.tried, administrators, self.clock),
                living=Living(directory, secrets, self.site_tokens),
                connect_licence=lambda _instance: self.licensed,
                administrators=administrators,
                claims=ClaimDesk(self.claims, self.clock),
                site_settings=cast("Any", self.feature),
                imports=cast("Any", self.feature),
                samples=cast("Any", self.feature),
                import_type=cast("Any", self.feature),
                my_assets=cast("Any", self.feature),
                drafts=cast("Any", self.feature),
                trust=lambda: {"cookies": 0},
                ready=lambda: self.ready,
            )
        )
        self.client: FlaskClient = self.app.test_client()

    def confirms(self, site_url: str, cloud_id: str) -> bool:
        """No address confirms anything here: `app.instances` has its own tests for that."""
        return False

    def install(self, **fields: Any) -> Any:
        body = install_body(**fields)
        return self.client.post(
            "/connect/installed",
            data=body,
            headers={
                "Authorization": f"JWT {lifecycle_token(iss=fields.get('clientKey', 'client-a'))}"
            },
        )

    def uninstall(self) -> Any:
        token = lifecycle_token("/connect/uninstalled", iat=AT + 1)
        return self.client.post(
            "/connect/uninstalled",
            data=uninstall_body(),
            headers={"Authorization": f"JWT {token}"},
        )


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    logs.configure("DEBUG", stream)
    yield stream
    logs.configure("ERROR", io.StringIO())


@pytest.fixture
def world(log_lines: io.StringIO) -> World:
    environ = {
        "APP_BASE_URL": APP,
        "CONNECT_JS_URL": "https://connect.example.com/all.js",
    }
    return World(read_settings(environ, descriptor_key=APP_KEY))
