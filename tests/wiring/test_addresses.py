"""Whose site an address is: only an address a site may have is asked, and a failure is a no."""

from __future__ import annotations

import pytest
import requests

from app.instances.events import SiteRules
from app.wiring.addresses import SiteAddresses
from tests.stand_ins.forge_tokens import CLOUD, FORGE_SITE, OTHER_CLOUD
from tests.stand_ins.wire import Reply, Wire

RULES = SiteRules(("*.atlassian.net",), sandbox=False)


def confirms(wire: Wire, site_url: str = FORGE_SITE, cloud_id: str = CLOUD) -> bool:
    return SiteAddresses(wire.caller(), RULES).confirms(site_url, cloud_id)


@pytest.mark.parametrize("told", [CLOUD, CLOUD.upper()])
def test_an_address_that_names_the_site_confirms_it_without_a_credential(told: str) -> None:
    wire = Wire(Reply({"cloudId": told}))
    assert confirms(wire)
    assert wire.addresses() == [f"GET {FORGE_SITE}/_edge/tenant_info"]
    assert "Authorization" not in wire.sent[0].headers


@pytest.mark.parametrize(
    "reply",
    [
        Reply({"cloudId": OTHER_CLOUD}),
        Reply({"cloudId": ""}),
        Reply({"cloudId": ["x"]}),
        Reply([]),
        Reply(b"<html>"),
        Reply({}, 404),
        Reply({}, 503),
        Reply(b"", 302, {"Location": "https://evil.example"}),
        Reply(b'{"cloudId":"' + b"x" * 100_000 + b'"}'),
        requests.ConnectionError(),
    ],
)
def test_any_other_answer_is_a_no(reply: Reply | Exception) -> None:
    assert not confirms(Wire(reply))


@pytest.mark.parametrize(
    "site_url",
    [
        "https://evil.example",
        "http://acme.atlassian.net",
        "https://acme.atlassian.net:444",
        "https://user@acme.atlassian.net",
        "https://acme.atlassian.net.evil.example",
        "https://169.254.169.254",
        "",
        "https://acme.atlassian.net?x=1",
    ],
)
def test_an_address_that_no_site_may_have_is_never_asked(site_url: str) -> None:
    wire = Wire()
    assert not confirms(wire, site_url)
    assert wire.sent == []
