"""The environment: read once, every fault named at once."""

from __future__ import annotations

import pytest

from app.settings import Settings, SettingsFault, read_settings
from app.wiring.aws import aws_clients, s3_client, sts_client, table_client

GOOD = {"APP_BASE_URL": "https://app.example.com/"}


def read(**environ: str) -> Settings:
    return read_settings({**GOOD, **environ}, descriptor_key="my-assets-for-jira")


def faults(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsFault) as caught:
        read_settings(environ, descriptor_key="my-assets-for-jira")
    return sorted(fault.split(":")[0] for fault in caught.value.faults)


def test_production_is_the_default_and_needs_only_its_own_address() -> None:
    settings = read()
    assert settings.environment == "production"
    assert settings.app_base_url == "https://app.example.com"
    assert settings.app_key == "my-assets-for-jira"
    assert settings.site_hosts == ("*.atlassian.net", "*.jira.com")
    assert settings.queue_url is None
    assert settings.forge_app_id is None


def test_a_missing_address_of_its_own_is_named() -> None:
    assert faults({}) == ["APP_BASE_URL"]


def test_every_fault_is_named_at_once() -> None:
    environ = {
        "APP_BASE_URL": "http://app.example.com",
        "GRAPH_URL": "https://127.0.0.1",
        "ENTRA_LOGIN_URL": "https://localhost:8443",
        "ATLASSIAN_API_URL": "ftp://api.example.com",
        "CONNECT_JS_URL": "https://user@cdn.example.com/all.js",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ENDPOINT_URL_KMS": "http://kms.example.com",
        "IMPORT_QUEUE_URL": "http://[::1]/q.fifo",
        "APP_KEY": "not a key",
        "SITE_HOSTS": "*.atlassian.net, */x",
        "LOG_LEVEL": "LOUD",
        "FORGE_APP_ID": "app/1",
    }
    assert faults(environ) == sorted(environ)


def test_the_sandbox_alone_accepts_loopback_and_http() -> None:
    settings = read(
        APP_ENVIRONMENT="sandbox", APP_BASE_URL="http://127.0.0.1:8000", SITE_HOSTS="127.0.0.1"
    )
    assert settings.is_sandbox
    assert settings.app_base_url == "http://127.0.0.1:8000"


def test_the_sandbox_needs_its_own_address_too() -> None:
    assert faults({"APP_ENVIRONMENT": "sandbox"}) == ["APP_BASE_URL"]


def test_a_service_of_aws_may_lie_elsewhere_than_the_others() -> None:
    settings = read(
        AWS_ENDPOINT_URL="https://aws.example.com",
        AWS_ENDPOINT_URL_DYNAMODB="https://table.example.com:8443/",
        AWS_ENDPOINT_URL_KMS=" ",
    )
    clients = aws_clients(settings)
    assert table_client(settings).meta.endpoint_url == "https://table.example.com:8443"
    assert clients.dynamodb.meta.endpoint_url == "https://table.example.com:8443"
    for each in (clients.kms, clients.sqs, sts_client(settings), s3_client(settings)):
        assert each.meta.endpoint_url == "https://aws.example.com"


def test_another_environment_than_the_two_is_a_fault() -> None:
    assert faults(GOOD | {"APP_ENVIRONMENT": "staging"}) == ["APP_ENVIRONMENT"]


def test_one_key_for_both_locks_is_a_fault() -> None:
    environ = {"SETTINGS_KEY_ID": "alias/one", "INSTANCE_KEY_ID": "alias/one"}
    assert faults(GOOD | environ) == ["INSTANCE_KEY_ID"]


def test_lists_are_read_with_or_without_blanks() -> None:
    assert read(SITE_HOSTS=" a.example.com ,*.b.example.com,").site_hosts == (
        "a.example.com",
        "*.b.example.com",
    )
    assert read(INSTANCE_KEY_PREVIOUS_IDS="k1,k2").instance_key_previous_ids == ("k1", "k2")


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost.", "a.localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001",
     "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "127.0.0.1."],
)  # fmt: skip
def test_no_form_of_this_machine_passes_in_production(host: str) -> None:
    assert faults({"APP_BASE_URL": f"https://{host}"}) == ["APP_BASE_URL"]


@pytest.mark.parametrize("host", ["app.example.com", "192.0.2.7", "a1.example.com", "face.be"])
def test_other_hosts_pass(host: str) -> None:
    assert read(APP_BASE_URL=f"https://{host}").app_base_url == f"https://{host}"
