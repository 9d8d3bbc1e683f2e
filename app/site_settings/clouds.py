"""Microsoft's national clouds: which login and which Graph belong together.

A token of one cloud is worth nothing in another, and its scope must name that cloud's Graph.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.site_settings.documents import Cloud


@dataclass(frozen=True)
class CloudAddresses:
    """Without a path and without `/v1.0`."""

    login_url: str
    graph_url: str

    @property
    def scope(self) -> str:
        """The scope of a client-credentials token: everything an administrator consented to."""
        return f"{self.graph_url}/.default"


# Microsoft Graph documentation, "National cloud deployments". `global` also serves GCC.
NATIONAL_CLOUDS: Final[Mapping[Cloud, CloudAddresses]] = MappingProxyType(
    {
        "usgov": CloudAddresses("https://login.microsoftonline.us", "https://graph.microsoft.us"),
        "usgov-dod": CloudAddresses(
            "https://login.microsoftonline.us", "https://dod-graph.microsoft.us"
        ),
        "china": CloudAddresses(
            "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"
        ),
    }
)


def cloud_addresses(
    login_url: str, graph_url: str, *, sandbox: bool
) -> Callable[[Cloud], CloudAddresses]:
    """The addresses by cloud. In the sandbox the two given ones serve every cloud."""
    given = CloudAddresses(login_url, graph_url)

    def addresses(cloud: Cloud) -> CloudAddresses:
        return given if sandbox else NATIONAL_CLOUDS.get(cloud, given)

    return addresses
