"""The whole stand-in world: a Jira site with Assets, Entra ID with Graph, and an embedded AWS.

It knows the app only by its address and its environment variables, as the real world does.
"""

import logging
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.server import ThreadedMotoServer

from sandbox.assets.cloud import AssetsCloud
from sandbox.assets.import_sources import ImportSource
from sandbox.assets.seed import seed_hardware
from sandbox.directory import CAST, Directory
from sandbox.doors import BUNDLE, ConnectDoor, Door, ForgeDoor, door_named
from sandbox.entra import CLIENT_ID, CLIENT_SECRET, TENANT_ID
from sandbox.forge import Forge
from sandbox.http import LOOPBACK
from sandbox.microsoft import Microsoft
from sandbox.site.install_keys import InstallKeys
from sandbox.site.site import Site


@dataclass(frozen=True)
class Credentials:
    """What an administrator would enter in the app's settings."""

    email: str
    api_token: str
    tenant_id: str
    client_id: str
    client_secret: str
    container_token: str
    into_assets: Mapping[str, Mapping[str, Any]]  # bodies of assets-access and import


class World:
    """Every service of the world, on loopback. `start`, then `environment` for the app.

    `door` is `connect` or `forge`; `bundle` is where the pages for Forge lie. Raises ValueError
    for another door, ManifestRefused where Forge would not take the app.
    """

    def __init__(self, directory: Directory, door: str = "connect", bundle: Path = BUNDLE) -> None:
        opened = door_named(door)
        self.directory = directory
        self.site = Site()
        self.assets = AssetsCloud(self.site.people, self.site.workspace_id, self.site.cloud_id)
        self.microsoft = Microsoft()
        self.app_base_url = f"http://{LOOPBACK}:{free_port()}"
        # The embedded AWS is one for all worlds of a process: each has a table of its own.
        self.table = f"my-assets-{secrets.token_hex(4)}"
        self.import_source = self._furnish()
        self.door: Door = opened(
            self.site, self.assets, self.import_source, self.app_base_url, bundle
        )
        self._aws = ThreadedMotoServer(ip_address=LOOPBACK, port=0, verbose=False)

    def _furnish(self) -> ImportSource:
        """Give the site's people their names from the directory, things, and an import."""
        cast = self.site.cast
        accounts = [cast.administrator, *cast.employees]
        for account_id, (name, email) in zip(accounts, self._faces(), strict=False):
            self.site.people.change(account_id, display_name=name, email=email)
        seed_hardware(self.assets, [*cast.employees[:2], cast.customer])
        schema = self.assets.workspace.add_schema("People and devices", "PD", "From Entra ID")
        return self.assets.new_import_source(schema.id, "My Assets")

    def _faces(self) -> list[tuple[str, str]]:
        """Names and addresses of the people who sign in: the cast, or the first of a file."""
        people = self.directory.users
        if all(member.entra_id in people for member in CAST):
            return [(member.display_name, member.email) for member in CAST]
        named = ((people.value(one, "displayName"), people.value(one, "mail")) for one in people)
        return [(name, mail) for name, mail in named if name and mail][:4]

    def start(self) -> None:
        """Listen. Raises OSError when a port is taken."""
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each call of AWS
        self._aws.start()
        self.login_url, self.graph_url = self.microsoft.start(self.directory)
        self.site.start()
        self.assets.start()
        self.page = self.door.start()

    def stop(self) -> None:
        """End everything; safe to repeat."""
        for service in (self.site, self.assets, self.door, self.microsoft):
            service.stop()
        self._aws.stop()

    @property
    def keys(self) -> InstallKeys:
        """The server of install keys; there is one on the Connect door only."""
        if not isinstance(self.door, ConnectDoor):
            raise TypeError("no install keys on this door")
        return self.door.keys

    @property
    def forge(self) -> Forge:
        """Forge; it is there on the Forge door only."""
        if not isinstance(self.door, ForgeDoor):
            raise TypeError("no Forge on this door")
        return self.door.forge

    @property
    def aws_url(self) -> str:
        host, port = self._aws.get_host_and_port()
        return f"http://{host}:{port}"

    @property
    def credentials(self) -> Credentials:
        """What the administrator of this site enters."""
        people = self.site.people
        return Credentials(
            email=people.users[self.site.cast.administrator].email,
            api_token=self.site.cast.admin_token,
            tenant_id=TENANT_ID,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            container_token=self.import_source.token,
            into_assets=self.door.settings(),
        )

    def environment(self) -> dict[str, str]:
        """The variables with which the app meets this world and no other."""
        return {
            "APP_ENVIRONMENT": "sandbox",
            "APP_BASE_URL": self.app_base_url,
            "SITE_HOSTS": LOOPBACK,
            "ATLASSIAN_API_URL": self.assets.base_url,
            "ENTRA_LOGIN_URL": self.login_url,
            "GRAPH_URL": self.graph_url,
            "INSTANCES_TABLE": self.table,
            "AWS_ENDPOINT_URL": self.aws_url,
            "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_EC2_METADATA_DISABLED": "true",
            **self.door.environment(),
        }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
