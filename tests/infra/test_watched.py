"""Nothing that a function says is wrong, and no clock that stands still, goes without an alarm."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

import pytest

from infra.alarm_list import LOG_ALARMS, METRIC_ALARMS
from tests.infra.conftest import ROOT, Template
from tests.infra.policies import spelled
from tests.infra.test_things import texts

pytestmark = pytest.mark.infra
# Said of one thing; the line that is counted follows when the cleanup is through.
NOT_COUNTED: Final = {"not cleaned up"}
MACHINES_ONLY: Final = ("vendor_desk", "commands.py", "local_runner.py")


def errors() -> Iterator[str]:
    """The events of all lines that functions log as errors."""
    for path in (each for name in ("app", "lambdas") for each in (ROOT / name).rglob("*.py")):
        if any(each in path.as_posix() for each in MACHINES_ONLY):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "error":
                yield from texts(node.args[0])


def test_every_line_that_a_function_logs_as_an_error_is_counted_by_an_alarm() -> None:
    assert set(errors()) - {each.event for each in LOG_ALARMS} == NOT_COUNTED


def test_everything_with_a_clock_has_an_alarm_for_a_clock_that_stands_still(
    template: Template,
) -> None:
    missed = {
        spelled(each["Dimensions"][0]["Value"]): each["Period"]
        for each in template.of("CloudWatch::Alarm").values()
        if each["MetricName"] == "Invocations"
        and each["ComparisonOperator"] == "LessThanThreshold"
        and each["TreatMissingData"] == "breaching"
    }
    clocks = {"SchedulerFunction": 10 * 60, "CleanupFunction": 3 * 3600}
    assert missed == {spelled({"Ref": name}): seconds for name, seconds in clocks.items()}
    assert len(missed) == len(template.of("Events::Rule"))


def test_every_objective_is_watched_by_alarms_and_metrics_that_are_there(
    template: Template,
) -> None:
    paper = (ROOT / "docs/objectives.md").read_text()
    rows = [line.strip("| ").split(" | ") for line in paper.splitlines() if line[:2] == "| "][1:]
    names = {each.name for each in (*LOG_ALARMS, *METRIC_ALARMS)}
    shown = spelled(template.one("CloudWatch::Dashboard")["DashboardBody"])
    assert len(rows) == 7
    for _, counted, alarms in rows:
        named = set(re.findall(r"`([a-z0-9-]+)`", alarms))
        assert named <= names
        assert named or alarms.startswith("none: ")
        assert all(each in shown for each in re.findall(r"`([A-Z0-9]\w+)`", counted))
