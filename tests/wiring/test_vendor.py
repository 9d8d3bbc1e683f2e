"""`my-assets vendor rewrap`: one JSON summary on stdout, reasons on stderr, and its exit codes."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import structlog

from app import cli
from app.errors import ServiceUnreachable
from app.instances.pinned import ALARM
from app.instances.table import Change
from app.wiring import tables, vendor, vendor_audit
from app.wiring.aws import Aws
from tests.stand_ins.kms import INSTANCE, SETTINGS
from tests.stand_ins.sts import Whoami
from tests.vault.interrupting import Interruption
from tests.vault.rotating import IN_REFERENCE, IN_SITE, RotatingWorld
from tests.vault.world import APP_KEY, A

DOWN = ServiceUnreachable("The key service cannot be reached.")
WRAPPED = len(IN_SITE) + 2 * len(IN_REFERENCE)


class Messages:
    """An SQS client that keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send_message(self, **message: Any) -> None:
        self.sent.append(message)


class Desk:
    """Somebody of the vendor's at a keyboard, with one identity at a time."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.world = RotatingWorld()
        self.world.rotate()
        self.queue = Messages()
        self.identity = "rewrap-open"
        self.stop_at = 0
        self.lines: list[Any] = []
        self._patch = patch
        ends: dict[str, Any] = {
            "aws_clients": lambda _: Aws(None, None, self.queue),  # type: ignore[arg-type]
            "KmsDataKeys": lambda _: self._keys(),
            "utc_now": self.world.clock,
        }
        for name, end in ends.items():
            patch.setattr(vendor, name, end)
        patch.setattr(vendor_audit, "sts_client", lambda _: Whoami())
        patch.setattr(tables, "DynamoInstanceTable", lambda *_: self.world.table)
        self.environment(
            APP_KEY=APP_KEY,
            APP_BASE_URL="https://app.example.com",
            SETTINGS_KEY_ID=SETTINGS,
            INSTANCE_KEY_ID=INSTANCE,
            SETTINGS_KEY_PREVIOUS_IDS=self.world.former[0],
            INSTANCE_KEY_PREVIOUS_IDS=self.world.former[1],
            IMPORT_QUEUE_URL="https://sqs.example.com/1/imports.fifo",
        )

    def environment(self, **values: str) -> None:
        for name, value in values.items():
            self._patch.setenv(name, value)

    def _keys(self) -> Any:
        keys = self.world.kms.as_role(self.identity)
        return Interruption(self.stop_at, "before", DOWN).around(keys) if self.stop_at else keys

    def run(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any, str]:
        with structlog.testing.capture_logs() as self.lines:
            code = cli.main(["vendor", "rewrap", *arguments])
        out, err = capsys.readouterr()
        return code, json.loads(out), err


@pytest.fixture(autouse=True)
def logs_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command sets up the logs of its process, which is not this one."""
    monkeypatch.setattr("app.logs.configure", lambda *_: None)
    monkeypatch.setattr("logging.captureWarnings", lambda **_: None)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_with_one_identity_after_the_other_everything_is_done(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    code, first, err = desk.run(capsys, "--json", "--as", "rewrap-open")
    assert (code, err) == (0, "")
    assert first == {
        "complete": True, "rewrapped": WRAPPED - 3, "current": 0, "not_asked": 3, "left": [],
        "in_jira": {"asked": 1},
    }  # fmt: skip
    desk.identity = "rewrap-rest"
    code, second, _ = desk.run(capsys, "--json", "--as", "rewrap-rest")
    assert (code, second["rewrapped"], second["in_jira"]) == (0, 3, {})


def test_the_worker_is_asked_by_ids_only_and_once_for_each_living_site(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.run(capsys, "--as", "rewrap-open")
    (message,) = desk.queue.sent
    assert set(json.loads(message["MessageBody"])) == {"tidy", "generation"}


def test_the_worker_is_not_asked_while_no_previous_settings_key_is_listed(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.environment(SETTINGS_KEY_PREVIOUS_IDS="")
    _, summary, _ = desk.run(capsys, "--as", "rewrap-open")
    assert summary["in_jira"] == {}
    assert desk.queue.sent == []


def test_what_the_identity_may_not_is_left_with_its_reason_and_counts_as_failed(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    code, summary, err = desk.run(capsys, "--json")  # as both, with the rights of one
    assert code == 1
    assert {(each["document"], each["reason"]) for each in summary["left"]} == {
        ("entra-secret", "refused"), ("import-secret", "refused"), ("delta-links", "refused"),
    }  # fmt: skip
    assert err.startswith("3 keys were left")


@pytest.mark.parametrize("identity", ["vendor-person", "cleanup", "key-administrator"])
def test_a_person_without_the_role_changes_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str], identity: str
) -> None:
    desk.identity = identity
    before = repr(desk.world.table._items)
    code, summary, _ = desk.run(capsys, "--as", "rewrap-rest")
    assert code == 1
    assert summary["rewrapped"] == 0
    assert repr(desk.world.table._items) == before


def test_killed_by_a_service_the_summary_says_how_far_it_came(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.stop_at = 8
    code, summary, err = desk.run(capsys, "--json", "--as", "rewrap-open")
    assert code == 1
    assert summary["complete"] is False
    assert 0 < summary["rewrapped"] < WRAPPED - 3
    assert "key service" in err
    desk.stop_at = 0
    code, again, _ = desk.run(capsys, "--json", "--as", "rewrap-open")
    assert code == 0
    assert again["current"] == summary["rewrapped"]


def test_no_line_holds_a_key_or_a_secret(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["vendor", "rewrap"])
    out, err = capsys.readouterr()
    for text in (out, err):
        assert "value of" not in text
        assert "arn:" not in text
        assert "wrapped'" not in text


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["rewrap", "--as", "web"]])
def test_wrong_usage_is_2(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with pytest.raises(SystemExit) as end:
        cli.main(["vendor", *arguments])
    assert end.value.code == 2


def test_what_belongs_to_another_region_is_passed_by(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.world.table.change(A, Change({("region",): "us-east-1"}))
    before = desk.world.table.read(A)
    code, summary, _ = desk.run(capsys, "--json", "--as", "rewrap-open")
    assert (code, summary["rewrapped"], summary["in_jira"]) == (0, 0, {"asked": 0})
    assert desk.world.table.read(A) == before
    assert [
        (line["kind"], line["instance_id"]) for line in desk.lines if line["event"] == "alarm"
    ] == [(ALARM, A)]
