"""One site of each door, and what leaves for them: every request is kept and answered with `{}`."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace

from app.instances.connect_secret import ConnectSecrets, Pair
from app.instances.reference import InstanceReference
from app.outside.http import Answer, Credential, HttpCaller
from app.settings import read_settings
from app.vault.keys import KeyIds
from app.vault.vault import Vault
from app.wiring.routes import SiteRoutes
from app.wiring.sites import Sites
from app.words import Generation, InstanceId, Secret
from tests.stand_ins.atlassian import APP, APP_KEY, SITE
from tests.stand_ins.forge_site import ForgeWorld, called, system_token
from tests.stand_ins.forge_tokens import API, CLOUD
from tests.stand_ins.kms import INSTANCE, SETTINGS, StrictKms

ACCOUNT_TOKEN = "canary-api-token"
CONNECT_SECRET = "canary-connect-secret-0123456789"


@dataclass
class Sent:
    method: str
    url: str
    authorization: str = field(repr=False)


class Post(HttpCaller):
    """Keeps what would leave. `answers` are given in their order, `{}` after the last."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.answers: list[Answer] = []

    def send(  # type: ignore[override]
        self, method: str, url: str, *, credential: Credential | None = None, **_: object
    ) -> Answer:
        authorization = credential.authorization(method, url) if credential else ""
        self.sent.append(Sent(method, url, authorization))
        return self.answers.pop(0) if self.answers else Answer(200, {}, b"{}")

    @property
    def last(self) -> Sent:
        return self.sent[-1]


class TwoSites:
    """`connect` and `forge` are installed; the Forge site has sent its first token."""

    def __init__(self, http: HttpCaller | None = None) -> None:
        self.world = ForgeWorld()
        self.post = Post()
        secrets = ConnectSecrets(self.world.sealer, self.world.clock)
        settings = read_settings({"APP_BASE_URL": APP}, descriptor_key=APP_KEY)
        routes = SiteRoutes(
            settings,
            http or self.post,
            self.world.directory,
            secrets,
            self.world.tokens,
            self.world.clock,
        )
        self.sites = Sites(API, routes, self.world.table, self.world.directory)
        self.connect = self._installed(secrets)
        made = self.world.forge.instance(called())
        self.forge = self.world.tokens.keep(made, system_token(), licensed=True)

    def _installed(self, secrets: ConnectSecrets) -> InstanceReference:
        made = InstanceReference(
            InstanceId("connect-1"), "connect", "installed", Generation("g1"),
            base_url=SITE, client_key="client-a",
        )  # fmt: skip
        sealed = secrets.seal(made.instance_id, made.generation, Pair(Secret(CONNECT_SECRET)))
        made = replace(made, connect_secret=sealed)
        self.world.table.create(made)
        return made

    def vault(self) -> Vault:
        keys = KeyIds(SETTINGS, INSTANCE, (), ())
        return Vault("web", StrictKms(), keys, APP_KEY, self.world.clock, os.urandom)


FORGE_SITE_ADDRESS = f"{API}/ex/jira/{CLOUD}"
