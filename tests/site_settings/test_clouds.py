"""Which addresses belong to which cloud."""

from __future__ import annotations

import pytest

from app.site_settings.clouds import CloudAddresses, cloud_addresses

GIVEN = ("https://login.a.example", "https://graph.a.example")
CLOUDS = ["global", "usgov", "usgov-dod", "china"]


def test_the_global_cloud_is_the_one_of_the_environment() -> None:
    assert cloud_addresses(*GIVEN, sandbox=False)("global") == CloudAddresses(*GIVEN)


@pytest.mark.parametrize(
    ("cloud", "login", "graph"),
    [
        ("usgov", "https://login.microsoftonline.us", "https://graph.microsoft.us"),
        ("usgov-dod", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us"),
        ("china", "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"),
    ],
)
def test_a_national_cloud_has_a_login_and_a_graph_of_its_own(
    cloud: str, login: str, graph: str
) -> None:
    addresses = cloud_addresses(*GIVEN, sandbox=False)(cloud)  # type: ignore[arg-type]
    assert (addresses.login_url, addresses.graph_url) == (login, graph)
    assert addresses.scope == f"{graph}/.default"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_in_the_sandbox_the_given_addresses_serve_every_cloud(cloud: str) -> None:
    addresses = cloud_addresses(*GIVEN, sandbox=True)(cloud)  # type: ignore[arg-type]
    assert addresses == CloudAddresses(*GIVEN)
