"""The template, synthesised once a test process by the real CDK app's own code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from infra.deployment import Deployment, read_deployment

ROOT: Final = Path(__file__).parents[2]
EXAMPLE: Final = ROOT / "infra" / "example.json"
QUIET: Final = {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1"}
Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """`file` is what CloudFormation would be given."""

    file: Path
    resources: Mapping[str, Mapping[str, Any]]

    def of(self, kind: str) -> dict[str, Properties]:
        """The properties of every resource of a type, by logical id."""
        return {
            name: each.get("Properties", {})
            for name, each in self.resources.items()
            if each["Type"] == f"AWS::{kind}"
        }

    def one(self, kind: str) -> Properties:
        (only,) = self.of(kind).values()
        return only


@pytest.fixture(scope="session")
def deployment() -> Deployment:
    return read_deployment(EXAMPLE)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Written by the app as the CDK CLI starts it; a finding of cdk-nag ends it with its words."""
    folder = tmp_path_factory.mktemp("cdk")
    package, out = folder / "functions.zip", folder / "out"
    package.write_bytes(b"PK\x05\x06" + bytes(18))  # a zip file with nothing in it
    context = {"deployment": str(EXAMPLE), "package": str(package)}
    told = {"CDK_OUTDIR": str(out), "CDK_CONTEXT_JSON": json.dumps(context), **QUIET}
    done = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=ROOT, env=os.environ | told, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    file = out / "MyAssets.template.json"
    return Template(file, json.loads(file.read_text())["Resources"])
