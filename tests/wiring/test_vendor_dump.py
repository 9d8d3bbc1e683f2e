"""`my-assets vendor dump`: everything that lies with the vendor, and nothing of a customer's."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest

from app import cli
from app.errors import ServiceUnreachable
from app.goodbye.purge import staff_id
from app.instances.reference import ATTRIBUTES
from app.instances.table import Change
from app.logs import configure
from app.vault.parts import DOCUMENTS
from app.wiring import tables, vendor_audit, vendor_dump
from app.wiring.aws import Aws
from app.words import InstanceId
from tests.stand_ins.kms import INSTANCE, SETTINGS
from tests.stand_ins.sts import ANNA, Whoami
from tests.vault.rotating import EVERYTHING, IN_REFERENCE, RotatingWorld
from tests.vault.world import APP_KEY, A, B

CLAIM = {"instance_id": "claim#0123abcd", "digest": "45ef", "expires_at": 1_790_000_000}


class Vendor:
    """A person of the vendor's, with everything that lies there and keys without a policy."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.world = RotatingWorld()
        self.identity = "any"
        for key in (SETTINGS, INSTANCE):
            self.world.kms.put_policy(key, None)
        ends: dict[str, Any] = {
            "aws_clients": lambda _: Aws(None, None, None),  # type: ignore[arg-type]
            "DynamoInstanceTable": lambda *_: self.world.table,
            "KmsDataKeys": lambda _: self.world.kms.as_role(self.identity),
            "housekeeping": lambda *_: iter([CLAIM]),
            "utc_now": self.world.clock,
        }
        for name, end in ends.items():
            patch.setattr(vendor_dump, name, end)
        patch.setattr(vendor_audit, "sts_client", lambda _: Whoami())
        patch.setenv("APP_KEY", APP_KEY)
        patch.setenv("APP_BASE_URL", "https://app.example.com")
        patch.setenv("SETTINGS_KEY_ID", SETTINGS)
        patch.setenv("INSTANCE_KEY_ID", INSTANCE)

    def dump(self, capsys: pytest.CaptureFixture[str]) -> tuple[str, dict[str, Any]]:
        assert cli.main(["vendor", "dump"]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        found = json.loads(out)
        assert found["housekeeping"] == [CLAIM]
        return out, {each["instance_id"]: each for each in found["instances"]}


@pytest.fixture(autouse=True)
def logs_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command sets up the logs of its process, which is not this one."""
    configure("ERROR", io.StringIO())
    monkeypatch.setattr("app.logs.configure", lambda *_: None)
    monkeypatch.setattr("logging.captureWarnings", lambda **_: None)


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Vendor:
    return Vendor(monkeypatch)


def test_every_instance_stands_there_with_its_plain_attributes_only(
    vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.world.table.change(A, Change({("base_url",): "https://acme.atlassian.net"}))
    _, instances = vendor.dump(capsys)
    assert set(instances) == {A, B}
    assert all(set(each) <= ATTRIBUTES for each in instances.values())
    assert instances[A]["base_url"] == "https://acme.atlassian.net"
    assert instances[B]["part_keys"] == {}
    assert "connect_secret" not in instances[B]


def test_rows_that_cannot_be_read_are_named_and_it_is_not_called_everything(
    vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.world.table.not_read = {InstanceId("odd")}
    assert cli.main(["vendor", "dump"]) == 1
    assert json.loads(capsys.readouterr().out)["not_read"] == ["odd"]


def test_part_keys_unwrap_and_open_nothing_alone(
    vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    _, instances = vendor.dump(capsys)
    entries = instances[A]["part_keys"]
    assert set(entries) == set(DOCUMENTS) - set(IN_REFERENCE)
    for entry in entries.values():
        assert entry["unwraps"] is True
        assert "without the sealed bytes" in entry["alone"]


@pytest.mark.parametrize("name", IN_REFERENCE)
def test_the_secrets_of_the_reference_are_named_as_openable_and_not_shown(
    vendor: Vendor, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    _, instances = vendor.dump(capsys)
    assert instances[A][name]["openable"] is True
    assert instances[A][name]["openable_by"] == ["web", "worker", "scheduler"]
    assert instances[A][name]["value"] == "not shown"


def test_no_value_and_no_key_is_printed_sealed_wrapped_or_opened(
    vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = vendor.dump(capsys)
    for value in EVERYTHING.values():
        assert value not in out
    reference = vendor.world.table.read(A)
    assert reference is not None
    kept = [*reference.part_keys.values(), reference.connect_secret, reference.site_token]
    for entry in kept:
        for value in (entry or {}).values():
            if isinstance(value, bytes):
                assert base64.b64encode(value).decode() not in out
                assert value.hex() not in out


def test_no_call_to_the_site_is_made(vendor: Vendor, capsys: pytest.CaptureFixture[str]) -> None:
    vendor.world.site.calls.clear()
    vendor.dump(capsys)
    assert vendor.world.site.calls == {}


def test_with_the_key_policies_in_force_a_person_of_the_vendors_opens_nothing(
    vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.world.put_policy("settings", SETTINGS)
    vendor.world.put_policy("instance", INSTANCE)
    vendor.identity = "vendor-person"
    _, instances = vendor.dump(capsys)
    assert not any(entry["unwraps"] for entry in instances[A]["part_keys"].values())
    assert not any(instances[A][name]["openable"] for name in IN_REFERENCE)


def test_an_entry_that_nobody_understands_does_not_open(
    vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.world.table.change(
        B,
        Change({("part_keys", "payroll"): {"version": "1-x"}, ("connect_secret",): {"a": "b"}}),
    )
    _, instances = vendor.dump(capsys)
    assert instances[B]["part_keys"]["payroll"]["unwraps"] is False
    assert instances[B]["connect_secret"]["openable"] is False


def test_keys_that_nobody_answers_for_end_it_with_1(
    vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.world.kms.down = True
    assert cli.main(["vendor", "dump"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "key service" in err


def test_the_values_to_look_for_are_really_there(vendor: Vendor) -> None:
    """The tests above would see a dump that printed them."""
    assert vendor.world.everything() == EVERYTHING


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("command", ["dump", "rewrap"])
def test_a_line_of_the_log_says_first_who_looks_or_wraps_and_why(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch, command: str, gone: bool
) -> None:
    monkeypatch.setattr(vendor_audit, "sts_client", lambda _: Whoami(gone=gone))

    def refuse(*_: object) -> None:
        raise ServiceUnreachable("The table does not answer.")

    monkeypatch.setattr(vendor_dump, "DynamoInstanceTable", refuse)
    monkeypatch.setattr(tables, "DynamoInstanceTable", refuse)
    stream = io.StringIO()
    configure("INFO", stream)
    try:
        assert cli.main(["vendor", command, "--reason", "TICKET-7"]) == 1
    finally:
        configure("ERROR", io.StringIO())
    (line,) = [json.loads(each) for each in stream.getvalue().splitlines()]
    assert line["event"] == "vendor_look"
    assert (line["kind"], line["reason"], line["instance_id"]) == (command, "TICKET-7", None)
    assert line["staff_id"] == (None if gone else staff_id(ANNA))
    assert "anna" not in str(line)


@pytest.mark.parametrize("level", ["WARNING", "CRITICAL"])
def test_no_level_of_the_log_hides_who_looked(
    vendor: Vendor, capsys: pytest.CaptureFixture[str], level: str
) -> None:
    stream = io.StringIO()
    configure(level, stream)
    try:
        vendor.dump(capsys)
    finally:
        configure("ERROR", io.StringIO())
    assert json.loads(stream.getvalue())["event"] == "vendor_look"


@pytest.mark.parametrize(
    ("typed", "logged"), [("a" * 32, "a" * 32), ("anna@example.com", None), ("receipts#head", None)]
)
@pytest.mark.parametrize("command", [("purge",), ("rights", "access", "--instance")])
def test_what_was_typed_for_an_instance_id_and_is_none_stays_out_of_the_log(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], typed: str,
    logged: str | None,
) -> None:  # fmt: skip
    del vendor

    def refuse(*_: object) -> None:
        raise ServiceUnreachable("The table does not answer.")

    monkeypatch.setattr("app.wiring.vendor_purge.aws_clients", refuse)
    monkeypatch.setattr("app.wiring.vendor_rights.aws_clients", refuse)
    stream = io.StringIO()
    configure("INFO", stream)
    try:
        assert cli.main(["vendor", *command, typed, "--reason", "TICKET-7"]) == 1
    finally:
        configure("ERROR", io.StringIO())
    line = json.loads(stream.getvalue())
    assert (line["kind"], line["instance_id"], line["reason"]) == (command[0], logged, "TICKET-7")


def test_a_reason_with_an_address_is_refused(vendor: Vendor) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["vendor", "dump", "--reason", "anna@one.example asked"])
    assert ended.value.code == 2
