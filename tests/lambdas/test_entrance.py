"""What every function does first, and what it never loads."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import pytest

from app.imports.desk.schedule import ROUND
from app.instances.table import Share
from app.settings import SettingsFault
from lambdas import entrance, scheduler
from tests.house.test_settings import GOOD

ROOT: Final = Path(__file__).parents[2]
DOORS: Final = ("web", "worker", "scheduler", "cleanup")
# Parts of tests, of the infrastructure and of machines; and SDKs whose place is elsewhere.
STRANGERS: Final = (
    "aws_cdk", "jsii", "constructs", "cfnlint", "moto", "pytest", "hypothesis", "responses",
    "sandbox", "tests", "bench", "infra", "msgraph", "msal", "aws_encryption_sdk",
    "waitress", "authlib", "app.vendor_desk",
    "mypy_boto3_kms", "pip", "werkzeug.debug",
)  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_no_function_loads_what_it_does_not_need(door: str) -> None:
    code = f"import sys, lambdas.{door}; print(*sorted(sys.modules))"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(told.stdout.split())
    assert f"lambdas.{door}" in loaded
    assert {each for each in STRANGERS if each in loaded} == set()


@pytest.mark.parametrize("door", DOORS)
def test_nothing_happens_at_import(door: str) -> None:
    """Without one setting: an import that read the environment would fail."""
    code = f"import lambdas.{door} as door; assert callable(door.handler)"
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd="/", env=kept, check=True)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in [each for each in os.environ if each.startswith(("APP_", "IMPORT_", "AWS_"))]:
        monkeypatch.delenv(name)
    entrance.settings.cache_clear()
    entrance.house.cache_clear()
    return monkeypatch


def test_a_wrong_environment_is_named_before_anything_else(fresh: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsFault, match="APP_BASE_URL"):
        entrance.settings()


def test_without_a_queue_no_function_starts(fresh: pytest.MonkeyPatch) -> None:
    """It would import inside the function that answers pages, and both roles be one."""
    fresh.setenv("APP_BASE_URL", GOOD["APP_BASE_URL"])
    with pytest.raises(LookupError, match="IMPORT_QUEUE_URL"):
        entrance.house()


def test_the_scheduler_does_one_tick_and_says_what_it_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    class Scheduler:
        def tick(self, now: datetime, share: Share) -> int:
            asked.append((share.number, share.of) == (now.minute % ROUND, ROUND))
            return 3

    monkeypatch.setattr(scheduler, "house", lambda: SimpleNamespace(scheduler=Scheduler()))
    assert scheduler.handler({}, None) == {"started": 3}
    assert asked == [True]
