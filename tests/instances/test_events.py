"""Lifecycle bodies: attacker-controlled, so read strictly and bound to the token's issuer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.errors import AppError, Malformed, Refused
from app.instances.events import LifecycleEvent, SiteRules, host_allowed, read_event
from tests.stand_ins.atlassian import APP_KEY, AT, SECRET, SITE, install_body, uninstall_body

RULES = SiteRules(("*.atlassian.net", "*.jira.com"), sandbox=False)


def read(body: bytes, kind: Any = "installed", rules: SiteRules = RULES) -> LifecycleEvent:
    return read_event(
        body, kind, issuer="client-a", issued_at=AT, app_key=APP_KEY, sites=rules
    )  # fmt: skip


def test_an_install_is_read_whole() -> None:
    event = read(install_body())
    assert event.client_key == "client-a"
    assert event.base_url == SITE
    assert event.secret is not None
    assert event.secret.reveal_text() == SECRET
    assert event.cloud_id == "d0d52620-3203-4cfa-8db5-f2587155f0dd"


def test_an_uninstall_needs_no_secret_and_no_address_that_fits() -> None:
    assert read(uninstall_body(), "uninstalled").secret is None
    assert read(uninstall_body(baseUrl="https://moved.example.com"), "uninstalled").base_url == ""


@pytest.mark.parametrize("optional", ["cloudId", "installationId", "displayUrl", "key"])
def test_optional_fields_may_be_missing(optional: str) -> None:
    assert read(install_body(**{optional: None})).base_url == SITE


def test_A5_the_body_of_another_instance_is_refused() -> None:
    with pytest.raises(Refused):
        read(install_body(clientKey="client-b"))


def test_A6_a_field_named_twice_is_malformed() -> None:
    body = install_body()[:-1] + b', "clientKey": "client-b"}'
    with pytest.raises(Malformed):
        read(body)


def test_A6_other_spellings_and_nested_ids_do_not_count() -> None:
    body = install_body(clientKey=None, ClientKey="client-a", nested={"clientKey": "client-a"})
    with pytest.raises(Malformed):
        read(body)


@pytest.mark.parametrize("fields", [{"key": "another-app"}, {"eventType": "uninstalled"}])
def test_the_body_of_another_app_or_event_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(Refused):
        read(install_body(**fields))


@pytest.mark.parametrize(
    "address",
    [
        "http://acme.atlassian.net",
        "https://user@acme.atlassian.net",
        "https://user:pw@acme.atlassian.net",
        "https://acme.atlassian.net:8443",
        "https://192.0.2.1",
        "https://[::1]",
        "https://acme.atlassian.net.evil.com",
        "https://atlassian.net.evil.com",
        "https://acme.atlassian.net.",
        "https://evil.com/.atlassian.net",
        "https://evil.com#.atlassian.net",
        "https://evil.com?.atlassian.net",
        "https://atlassian.net",
        "https://acme.atlassian.net/a;b",
        "https://acme.atlassian.net\n.evil.com",
        "https://acmé.atlassian.net",
        "//acme.atlassian.net",
        "javascript:alert(1)",
        "https://acme.atlassian.net:99999",
        "https://acme.atlassian.net:",
        "https://acme..atlassian.net",
        "https://acme.atlassian.net/..",
    ],
)
def test_A17_an_odd_base_url_is_refused(address: object) -> None:
    fields = json.loads(install_body()) | {"baseUrl": address}
    with pytest.raises(Refused):
        read(json.dumps(fields).encode())


@pytest.mark.parametrize("address", ["https://a.atlassian.net", "https://a.b.jira.com/wiki"])
def test_regional_and_old_addresses_are_accepted(address: str) -> None:
    assert read(install_body(baseUrl=address + "/")).base_url == address


@pytest.mark.parametrize("name", ["displayUrl", "displayUrlServicedeskHelpCenter"])
def test_A17_a_custom_domain_is_for_people_and_never_becomes_a_target(name: str) -> None:
    body = install_body(**{name: "https://assets.example.com"})
    assert read(body).base_url == SITE


def test_A17_a_custom_domain_as_base_url_needs_the_operators_word() -> None:
    body = install_body(baseUrl="https://jira.acme.example")
    with pytest.raises(Refused):
        read(body)
    named = SiteRules((*RULES.hosts, "*.acme.example"), sandbox=False)
    assert read(body, rules=named).base_url == "https://jira.acme.example"


@pytest.mark.parametrize("host", ["acme.atlassian-us-gov-mod.net", "acme.eu.example.net"])
def test_A17_the_host_of_another_region_needs_the_operators_word(host: str) -> None:
    body = install_body(baseUrl=f"https://{host}")
    with pytest.raises(Refused):
        read(body)
    named = SiteRules((host.replace("acme", "*", 1),), sandbox=False)
    assert read(body, rules=named).base_url == f"https://{host}"


def test_the_sandbox_accepts_loopback_with_a_port() -> None:
    rules = SiteRules(("127.0.0.1",), sandbox=True)
    body = install_body(baseUrl="http://127.0.0.1:9000")
    assert read(body, rules=rules).base_url == "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe",
        b"[" * 5000 + b"]" * 5000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        install_body(clientKey=None),
        install_body(clientKey=7),
        install_body(clientKey=""),
        install_body(clientKey="x" * 2000),
        install_body(clientKey="client-a\0"),
        install_body(sharedSecret=None),
        install_body(sharedSecret=7),
        install_body(sharedSecret="x"),
        install_body(sharedSecret="a-secret-with-a-\0-in-it"),
        install_body(sharedSecret="a-secret-with-\ud800-in-it"),
        install_body(baseUrl=None),
        install_body(baseUrl=7),
        install_body(baseUrl=["https://acme.atlassian.net"]),
        install_body(cloudId="../x"),
        install_body(installationId="a b"),
    ],
)
def test_A20_a_malformed_body_is_a_clear_error(body: bytes) -> None:
    with pytest.raises(AppError) as caught:
        read(body)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("host", "fits"),
    [
        ("acme.atlassian.net", True),
        ("a.b.atlassian.net", True),
        ("atlassian.net", False),
        ("xatlassian.net", False),
        ("acme.atlassian.net.", False),
        (".atlassian.net", False),
        ("", False),
    ],
)
def test_a_pattern_stands_for_whole_labels(host: str, fits: bool) -> None:
    assert host_allowed(host, ("*.atlassian.net",)) == fits
