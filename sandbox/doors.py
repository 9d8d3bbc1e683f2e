"""The two doors of the world: how the app comes to the site, and how people reach it there.

What the world does differently for each stands here, so that nothing else has to ask which it is.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from sandbox.assets.cloud import AssetsCloud
from sandbox.assets.import_sources import ImportSource
from sandbox.forge import Forge, read_manifest
from sandbox.forge.calls import APP_USER
from sandbox.forge.invocation import JWKS_PATH
from sandbox.frame.mount import CONNECT_SCRIPT, mount
from sandbox.site.install_keys import InstallKeys
from sandbox.site.site import Site

DOORS = ("connect", "forge")
ROOT = Path(__file__).parent.parent
BUNDLE = ROOT / "build" / "forge"  # what `make forge-bundle` makes


class Door(Protocol):
    """`name` is connect or forge."""

    name: str

    def start(self) -> str:
        """Open it; gives the address of the page where people begin."""

    def stop(self) -> None:
        """Close it; safe to repeat."""

    def install(self) -> None:
        """Install the app, or install it again. Raises InstallRefused."""

    def uninstall(self) -> None:
        """Uninstall the app, and tell it."""

    def tick(self) -> None:
        """What the platform does each hour."""

    def headers(self, account_id: str) -> dict[str, str]:
        """What a call of this person's page to the app carries."""

    def environment(self) -> dict[str, str]:
        """The app's variables that only this door needs."""

    def settings(self) -> dict[str, dict[str, Any]]:
        """How an administrator lets the app into Assets: bodies of assets-access and import."""

    def stored(self) -> dict[str, str]:
        """What the app keeps in the site, as JSON texts, for a test's eyes."""

    def restore(self, kept: Mapping[str, str]) -> None:
        """Put it back, as a restored backup of the site does, or somebody who may write there."""


class ConnectDoor:
    """A descriptor, a shared secret, and properties of the app in Jira."""

    name = "connect"

    def __init__(self, site: Site, source: ImportSource, remote: str) -> None:
        self._site = site
        self._source = source
        self._remote = remote
        self.keys = InstallKeys([site.key])

    def start(self) -> str:
        self.keys.start()
        return mount(self._site, self._remote)

    def stop(self) -> None:
        self.keys.stop()

    def install(self) -> None:
        self._site.install(self._remote)

    def uninstall(self) -> None:
        self._site.uninstall()

    def tick(self) -> None:
        """Connect does nothing by itself."""

    def headers(self, account_id: str) -> dict[str, str]:
        return {"Authorization": f"JWT {self._site.context_token(account_id)}"}

    def environment(self) -> dict[str, str]:
        return {
            "CONNECT_INSTALL_KEYS_URL": self.keys.base_url,
            "CONNECT_JS_URL": f"{self._site.base_url}{CONNECT_SCRIPT}",
        }

    def settings(self) -> dict[str, dict[str, Any]]:
        cast = self._site.cast
        email = self._site.people.users[cast.administrator].email
        access = {"mode": "api_token", "email": email, "api_token": cast.admin_token}
        return {"assets-access": access, "import": {"container_token": self._source.token}}

    def stored(self) -> dict[str, str]:
        return {name: json.dumps(v) for name, v in self._site.properties.held.items()}

    def restore(self, kept: Mapping[str, str]) -> None:
        self._site.properties.held.update({name: json.loads(v) for name, v in kept.items()})


class ForgeDoor:
    """A manifest, invocation tokens, and the key-value store of the installation."""

    name = "forge"

    def __init__(
        self, site: Site, cloud: AssetsCloud, source: ImportSource, remote: str, bundle: Path
    ) -> None:
        self._site = site
        self._source = source
        self._remote = remote
        self._bundle = bundle
        self.forge = Forge(site, cloud, read_manifest(ROOT / "manifest.yml"), remote)
        self._allow(cloud)

    def _allow(self, cloud: AssetsCloud) -> None:
        """As an administrator grants it: the app sees every schema, and manages the import's."""
        for schema_id in cloud.workspace.schemas:
            managed = schema_id == self._source.schema_id
            cloud.roles.grant(schema_id, APP_USER, "manager" if managed else "viewer")

    def start(self) -> str:
        self.forge.bundled_in(self._bundle)
        self.forge.cdn.start()
        return mount(self._site, self._remote, self.forge)

    def stop(self) -> None:
        self.forge.cdn.stop()

    def install(self) -> None:
        self.forge.install().needed()

    def uninstall(self) -> None:
        self.forge.uninstall()

    def tick(self) -> None:
        self.forge.tick()

    def headers(self, account_id: str) -> dict[str, str]:
        return self.forge.page_headers(account_id, self.forge.module_for(account_id))

    def environment(self) -> dict[str, str]:
        return {
            "FORGE_APP_ID": self.forge.deployment.app_id,
            "FORGE_ENVIRONMENT": self.forge.deployment.environment_type,
            "FORGE_JWKS_URL": f"{self.forge.cdn.base_url}{JWKS_PATH}",
            # Nothing listens there: on this door the app has no reason to ask.
            "CONNECT_INSTALL_KEYS_URL": f"{self.forge.cdn.base_url}/no-install-keys",
            "CONNECT_JS_URL": f"{self.forge.cdn.base_url}/no-script.js",
        }

    def settings(self) -> dict[str, dict[str, Any]]:
        ids = {"import_source_id": self._source.id, "workspace_id": self._site.workspace_id}
        return {"assets-access": {"mode": "app"}, "import": ids}

    def stored(self) -> dict[str, str]:
        return self.forge.storage.held

    def restore(self, kept: Mapping[str, str]) -> None:
        for name, text in kept.items():
            self.forge.storage.put(name, json.loads(text), {})


def door_named(name: str) -> Callable[[Site, AssetsCloud, ImportSource, str, Path], Door]:
    """What opens a door. Raises ValueError for a name that is none."""
    if name == "connect":
        return lambda site, _cloud, source, remote, _bundle: ConnectDoor(site, source, remote)
    if name == "forge":
        return ForgeDoor
    raise ValueError(f"the door must be one of {', '.join(DOORS)}, not {name!r}")
