"""docs/deploy.md against the repository: every command, file and setting it names is there."""

from __future__ import annotations

import json
import re
from dataclasses import fields

import pytest

from app.cli import _parser
from infra.alarm_list import LOG_ALARMS, METRIC_ALARMS
from infra.deployment import Deployment
from tests.proofs import ROOT

PAPER = (ROOT / "docs/deploy.md").read_text()
COMMANDS = [
    line.strip()
    for block in re.findall(r"```sh\n(.*?)```", PAPER, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
WORDS = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAPER, flags=re.DOTALL))
OTHERS = {"aws", "cp", "curl", "forge", "git", "npm"}  # not ours; what they are given is looked at


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_there(command: str) -> None:
    first, *rest = command.split()
    if first == "make":
        assert re.search(rf"^{rest[0]}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    elif first == "my-assets":
        _parser().parse_args(rest)
    elif first == "npx":
        assert rest[0] == "cdk"
        assert "aws-cdk" in json.loads((ROOT / "package.json").read_text())["devDependencies"]
    else:
        assert first in OTHERS


def test_what_npx_runs_is_installed_by_a_command_before_it() -> None:
    """Else npx would fetch whatever has that name today; the newest one refuses the library."""
    before = COMMANDS[: next(n for n, each in enumerate(COMMANDS) if each.startswith("npx"))]
    targets = [each.split()[1] for each in before if each.startswith("make ")]
    rules = dict(re.findall(r"^([a-z-]+):([^#\n]*)", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert any("ready-for-forge" in rules[each].split() for each in targets)


def test_every_file_named_is_there() -> None:
    named = [word for word in WORDS if re.fullmatch(r"[\w.-]+/[\w./-]+|[A-Z]\w+(\.md)?", word)]
    files = [word for word in named if "/" in word or word in ("Containerfile", "SECURITY.md")]
    made = ("build/", "/")
    missing = [each for each in files if not each.startswith(made) and not (ROOT / each).exists()]
    assert len(files) > 5
    assert missing == []


def test_every_setting_named_is_one() -> None:
    code = "".join(
        path.read_text() for folder in ("app", "infra") for path in (ROOT / folder).rglob("*.py")
    )
    for word in re.findall(r"\b[A-Z]+_[A-Z_]+\b", PAPER):
        assert word in code, word
    described = PAPER.split("**Describe the deployment.**")[1].split("\n2. ")[0]
    known = {each.name for each in fields(Deployment)}
    asked = set(re.findall(r"`([a-z_]+)`", described))
    assert asked <= known
    assert asked >= json.loads((ROOT / "infra/example.json").read_text()).keys() - {"settings"}


def test_each_row_of_the_costs_is_its_quantity_times_its_price() -> None:
    rows = re.findall(r"^\| [a-z].* \| ([^|]*[0-9][^|]*) \| ([0-9.]+)([^|]*) \| ([0-9.]+) \|$",
                      PAPER, re.MULTILINE)  # fmt: skip
    assert len(rows) > 10
    for quantity, price, unit, told in rows:
        (units,) = re.findall(r"([0-9][0-9,.]*)(?: [A-Za-z-]+)?$", quantity)
        per = {" a million": 1_000_000, " for 10,000": 10_000}.get(unit, 1)
        reckoned = float(units.replace(",", "")) / per * float(price)
        assert float(told) == pytest.approx(reckoned, abs=0.02), quantity


def test_the_costs_add_up() -> None:
    rows = re.findall(r"^\|.*\| ([0-9.]+) \|$", PAPER, re.MULTILINE)
    (together,) = re.findall(r"\*\*together\*\*.*\*\*([0-9.]+)\*\*", PAPER)
    assert round(sum(map(float, rows)), 2) == float(together)


def test_the_costs_count_what_watches() -> None:
    assert f"| alarms | {len(LOG_ALARMS) + len(METRIC_ALARMS)} |" in PAPER
    assert f"| metrics | {len(LOG_ALARMS)} of log lines" in PAPER


def test_the_capacity_is_reckoned_with_the_figures_of_the_code() -> None:
    assert "AT_ONCE: Final = 100" in (ROOT / "infra/worker.py").read_text()
    assert "_STARTS_AT_ONCE: Final = 16" in (ROOT / "app/wiring/scheduling.py").read_text()
    night = (ROOT / "docs/evidence/load.md").read_text()
    (longest,) = re.findall(r"\| quiet \|.* 1,000 \| 1,000 succeeded .*, (\d+) \|\n", night)
    (reckoned,) = re.findall(r"32 slots took (\d+) s", PAPER)
    assert int(reckoned) == pytest.approx(int(longest), rel=0.05)
