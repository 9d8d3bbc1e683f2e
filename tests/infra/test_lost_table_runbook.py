"""The runbook of the lost table: where receipts begin anew, and the commands that it names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from app.cli import _parser
from infra.deployment import Deployment
from tests.infra.conftest import Template

pytestmark = pytest.mark.infra
RUNBOOKS: Final = Path(__file__).parents[2] / "docs" / "runbooks"
PAPER: Final = (RUNBOOKS / "lost-table.md").read_text()
(COMMANDS,) = re.findall(r"```sh\n(.*?)```", PAPER, re.DOTALL)


def test_it_says_that_the_chain_begins_again_in_a_new_folder() -> None:
    assert "begins again, with number 1" in PAPER
    assert "new folder" in PAPER


def test_its_commands_name_what_is_deployed(template: Template, deployment: Deployment) -> None:
    rules = {each["Name"] for each in template.of("Events::Rule").values()}
    named = set(re.findall(r"able-rule --name ([a-z-]+)", PAPER))
    assert named == {f"{deployment.name}-cleanup"}
    assert named <= rules
    bucket = deployment.receipts_bucket.replace(deployment.account, "ACCOUNT")
    assert f"s3://{bucket.replace(deployment.region, 'REGION')} " in COMMANDS
    (ours,) = re.findall(r"^ *my-assets (.*)$", COMMANDS, re.MULTILINE)
    assert _parser().parse_args(ours.split()).vendor_command == "receipt"
