"""The desk's variables: read for its own command, every fault named at once."""

from __future__ import annotations

import pytest

from app.desk_settings import DeskSettings, read_for_the_desk
from app.settings import SettingsFault

GOOD = {
    "APP_BASE_URL": "https://app.vendor.example",
    "DESK_BASE_URL": "https://Desk.vendor.example/",
    "DESK_ISSUER": "https://login.vendor.example/staff/",
    "DESK_CLIENT_ID": "desk",
    "DESK_CLIENT_SECRET": "canary-secret",
    "DESK_STAFF_KEY": "canary-key-" + "k" * 32,
    "DESK_VIEWER_GROUPS": "support, second line",
}


def read(**environ: str) -> DeskSettings:
    _, desk = read_for_the_desk({**GOOD, **environ}, descriptor_key="my-assets-for-jira")
    return desk


def faults(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsFault) as caught:
        read_for_the_desk(environ, descriptor_key="my-assets-for-jira")
    return sorted(fault.split(":")[0] for fault in caught.value.faults)


def test_what_is_read() -> None:
    desk = read(DESK_AUDITOR_GROUPS="audit")
    assert desk.base_url == "https://desk.vendor.example"
    assert desk.host == "desk.vendor.example"
    assert desk.issuer == "https://login.vendor.example/staff"
    assert desk.viewer_groups == {"support", "second line"}
    assert desk.auditor_groups == {"audit"}
    assert desk.receipts_folder == "receipts"
    assert "canary" not in repr(desk)


def test_a_second_factor_is_asked_for_whatever_is_set() -> None:
    assert read().amr_values == ("mfa",)
    assert read(DESK_AMR_VALUES=" ").amr_values == ("mfa",)
    assert faults(GOOD | {"DESK_AMR_VALUES": " , "}) == ["DESK_AMR_VALUES"]
    named = read(DESK_ACR_VALUES="urn:two, urn:three")
    assert (named.acr_values, named.amr_values) == (("urn:two", "urn:three"), ())


def test_every_missing_variable_is_named_at_once() -> None:
    assert faults({}) == [
        "APP_BASE_URL", "DESK_BASE_URL", "DESK_CLIENT_ID", "DESK_CLIENT_SECRET", "DESK_ISSUER",
        "DESK_STAFF_KEY", "DESK_VIEWER_GROUPS, DESK_AUDITOR_GROUPS",
    ]  # fmt: skip


def test_every_wrong_variable_is_named_at_once() -> None:
    wrong = {
        "APP_BASE_URL": "http://app.vendor.example",
        "DESK_BASE_URL": "https://127.0.0.1",
        "DESK_ISSUER": "http://login.vendor.example",
        "DESK_CLIENT_ID": "a b",
        "DESK_CLIENT_SECRET": "short",
        "DESK_STAFF_KEY": "too-short",
        "DESK_VIEWER_GROUPS": "a\tb",
        "DESK_ACR_VALUES": "ä",
        "LOG_LEVEL": "WARNING",
    }
    assert faults(GOOD | wrong) == sorted(wrong)


@pytest.mark.parametrize(
    "address",
    ["https://app.vendor.example", "https://app.vendor.example:8443", "https://APP.vendor.example.",
     "https://desk.vendor.example/path", "https://desk.vendor.example:443", "https://[::1"],
)  # fmt: skip
def test_the_desk_has_a_host_of_its_own(address: str) -> None:
    """A shared host would share cookies; and what is compared must be as browsers send it."""
    assert faults(GOOD | {"DESK_BASE_URL": address}) == ["DESK_BASE_URL"]


@pytest.mark.parametrize("level", ["warning", "ERROR", "CRITICAL"])
def test_a_log_that_would_not_tell_who_looked_is_a_fault(level: str) -> None:
    assert faults(GOOD | {"LOG_LEVEL": level}) == ["LOG_LEVEL"]


def test_a_fault_of_both_is_named_once() -> None:
    assert faults(GOOD | {"APP_ENVIRONMENT": "staging"}) == ["APP_ENVIRONMENT"]


def test_the_sandbox_alone_has_a_desk_on_this_machine() -> None:
    here = {"APP_BASE_URL": "http://127.0.0.1:8000", "DESK_BASE_URL": "http://localhost:8001",
            "DESK_ISSUER": "http://127.0.0.1:8002"}  # fmt: skip
    assert faults(GOOD | here) == sorted(here)
    assert read(APP_ENVIRONMENT="sandbox", **here).host == "localhost:8001"
