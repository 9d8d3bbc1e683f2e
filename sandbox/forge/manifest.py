"""What Forge knows of an app once it is deployed: its manifest, read as a deployment reads it.

The app's id and its remote's address are those of the sandbox, as under `forge tunnel`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

GLOBAL_PAGE = "jira:globalPage"
ADMIN_PAGE = "jira:adminPage"
PORTAL_PAGE = "jiraServiceManagement:portalUserMenuAction"
IMPORT_TYPE = "jiraServiceManagement:assetsImportType"
_TOKEN_SCOPES = {"appSystemToken": "read:app-system-token", "appUserToken": "read:app-user-token"}


class ManifestRefused(Exception):
    """The app cannot be deployed; why is the text."""


@dataclass(frozen=True)
class Endpoint:
    """Where a kind of call goes. `system` and `user`: which tokens travel with it."""

    module_type: str
    module_key: str
    path: str  # empty for pages: each call names its own
    system: bool
    user: bool


@dataclass(frozen=True)
class Page:
    """One page of the app: the folder of its files, and who without a licence may open it."""

    folder: str
    endpoint: Endpoint
    unlicensed: frozenset[str]


@dataclass(frozen=True)
class Manifest:
    """`pages` by module type, `events` by event name."""

    scopes: frozenset[str]
    pages: Mapping[str, Page]
    events: Mapping[str, Endpoint]
    tick: Endpoint
    pre_uninstall: Endpoint
    imports: Endpoint

    def first_page(self, *, portal: bool) -> Page:
        """The page that people open: the portal's, or the first of the others."""
        return next(p for kind, p in self.pages.items() if (kind == PORTAL_PAGE) == portal)

    def page(self, module_key: str) -> Page | None:
        """The page with this module key."""
        found = (p for p in self.pages.values() if p.endpoint.module_key == module_key)
        return next(found, None)


def read_manifest(path: Path) -> Manifest:
    """Read a manifest. Raises ManifestRefused."""
    try:
        read = yaml.safe_load(path.read_text())
        return _Reader(read).manifest()
    except (OSError, yaml.YAMLError) as problem:
        raise ManifestRefused(f"{path.name} cannot be read: {problem}") from None
    except (KeyError, IndexError, TypeError, AttributeError) as problem:
        raise ManifestRefused(f"{path.name} lacks something: {problem!r}") from None


class _Reader:
    def __init__(self, read: dict[str, Any]) -> None:
        self._modules: dict[str, Any] = read["modules"]
        self._endpoints = {row["key"]: row for row in self._modules["endpoint"]}
        self._folders = {row["key"]: row["path"] for row in read.get("resources", [])}
        self._remotes = {row["key"]: row for row in read["remotes"]}
        self._scopes = frozenset(read["permissions"]["scopes"])

    def manifest(self) -> Manifest:
        """Everything, checked."""
        kinds = (GLOBAL_PAGE, ADMIN_PAGE, PORTAL_PAGE)
        return Manifest(
            scopes=self._scopes,
            pages={kind: self._page(kind) for kind in kinds if kind in self._modules},
            events=dict(self._events()),
            tick=self._named("scheduledTrigger", self._hourly()),
            pre_uninstall=self._named("preUninstall", self._modules["preUninstall"][0]),
            imports=self._from_function(),
        )

    def _hourly(self) -> dict[str, Any]:
        hourly = [m for m in self._modules["scheduledTrigger"] if m["interval"] == "hour"]
        if len(hourly) != 1:
            raise ManifestRefused("exactly one hourly scheduledTrigger is expected")
        return dict(hourly[0])

    def _page(self, kind: str) -> Page:
        (module,) = self._modules[kind]
        row = self._endpoints[module["resolver"]["endpoint"]]
        endpoint = self._endpoint(kind, module["key"], row, row.get("auth", {}))
        unlicensed = frozenset(module.get("unlicensedAccess", ()))
        return Page(self._folders[module["resource"]], endpoint, unlicensed)

    def _events(self) -> Any:
        for module in self._modules["trigger"]:
            endpoint = self._named("trigger", module)
            for event in module["events"]:
                yield event, endpoint

    def _named(self, kind: str, module: Mapping[str, Any]) -> Endpoint:
        row = self._endpoints[module["endpoint"]]
        return self._endpoint(f"core:{kind}", module["key"], row, row.get("auth", {}))

    def _from_function(self) -> Endpoint:
        """What a function of the import type calls: tokens as the remote itself says."""
        module = self._modules[IMPORT_TYPE][0]
        (remote,) = self._remotes.values()
        if "compute" not in remote.get("operations", ()):
            raise ManifestRefused("a remote that functions call needs the operation compute")
        return self._endpoint(IMPORT_TYPE, module["key"], {}, remote.get("auth", {}))

    def _endpoint(
        self, kind: str, key: str, row: Mapping[str, Any], auth: Mapping[str, Any]
    ) -> Endpoint:
        wanted = {n: bool(auth.get(n, {}).get("enabled")) for n in _TOKEN_SCOPES}
        for name, scope in _TOKEN_SCOPES.items():
            if wanted[name] and scope not in self._scopes:
                raise ManifestRefused(f"{name} is enabled without the scope {scope}")
        path = row.get("route", {}).get("path", "")
        return Endpoint(kind, key, path, wanted["appSystemToken"], wanted["appUserToken"])
