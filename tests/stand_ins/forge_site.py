"""The instances of the Forge door in a small world: table, clock, sealer, and verified callers."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field

from app.callers.forge import ForgeCaller
from app.instances.connect_secret import ConnectSecrets
from app.instances.directory import Directory
from app.instances.events import SiteRules
from app.instances.forge_instances import ForgeInstances
from app.instances.lifecycle import Home
from app.instances.living import Living
from app.instances.reference import InstanceReference
from app.instances.site_token import SiteTokens
from app.instances.table import InstanceTable
from app.words import AccountId, Secret
from tests.stand_ins.atlassian import AT
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.forge_tokens import CLOUD, FORGE_SITE, INSTALLATION
from tests.stand_ins.sealer import LabelledSealer
from tests.stand_ins.table import InMemoryTable

HOME = Home("my-assets-for-jira", "sandbox", "eu-central-1")
RULES = SiteRules(("*.atlassian.net", "*.jira.com"), sandbox=False)


@dataclass
class Addresses:
    """Says of each address whose site it is; counts who asked."""

    cloud_ids: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def confirms(self, site_url: str, cloud_id: str) -> bool:
        self.asked.append(site_url)
        return self.cloud_ids.get(site_url) == cloud_id


def called(
    at: int = AT,
    *,
    installation: str = INSTALLATION,
    cloud: str = CLOUD,
    site_url: str | None = FORGE_SITE,
) -> ForgeCaller:
    """A verified caller; without a site address it is what an event's token gives."""
    return ForgeCaller(
        cloud_id=cloud,
        installation_id=installation,
        account_id=AccountId("account-1") if site_url else None,
        issued_at=at,
        site_url=site_url,
        from_page=site_url is not None,
        module_keys=("my-assets",),
        licensed=True,
    )


class ForgeWorld:
    def __init__(
        self, table: InstanceTable | None = None, forge_environment: str = "PRODUCTION"
    ) -> None:
        self.clock = StoppedClock()
        self.sealer = LabelledSealer()
        self.addresses = Addresses()
        self.table: InstanceTable = table or InMemoryTable()
        self.directory = Directory(self.table, self.clock)
        self.random_asked = 0
        self.tokens = SiteTokens(self.table, self.directory, self.sealer, self.clock, self._random)
        self.living = Living(self.directory, ConnectSecrets(self.sealer, self.clock), self.tokens)
        self.forge = ForgeInstances(
            self.table, self.directory, HOME, forge_environment, RULES, self.addresses, self.clock
        )

    @property
    def reference(self) -> InstanceReference:
        (only,) = self.table.all()
        return only

    def _random(self, count: int) -> bytes:
        self.random_asked += 1
        return self.random_asked.to_bytes(count, "big")


def system_token(hours: float = 4, name: str = "a", at: int = AT, **claims: object) -> Secret:
    """A token as Atlassian's look: three pieces, the middle one with an `exp`."""
    body = {"exp": at + int(hours * 3600), "name": name} | claims
    middle = base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")
    return Secret(f"head.{middle}.sign")
