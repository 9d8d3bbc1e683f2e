"""The import type's functions: each passes one question on to the app, and nothing more."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.stand_ins.forge_build import ROOT, node

pytestmark = pytest.mark.forge

ASKED = {
    "importId": "imp-7",
    "workspaceId": "ws-1",
    "schemaId": "4",
    "contextToken": "must-not-travel",
    "context": {"accountId": "ac-ines"},
}
PLATFORM = """
import { appendFileSync } from 'node:fs';
export async function invokeRemote(remote, options) {
  appendFileSync(process.env.SENT, JSON.stringify({ remote, ...options }));
  const status = Number(process.env.STATUS);
  return { ok: status < 300, status, json: async () => JSON.parse(process.env.ANSWER) };
}
"""
CALL = """
const { FUNCTIONS, NAME, ASKED } = process.env;
const functions = await import(FUNCTIONS);
try {
  console.log(JSON.stringify({ gave: await functions[NAME](JSON.parse(ASKED)) }));
} catch (error) {
  console.log(JSON.stringify({ threw: error.message }));
}
"""


@pytest.fixture
def deployed(tmp_path: Path) -> Path:
    """The functions beside a stand-in of what Forge gives them."""
    platform = tmp_path / "node_modules" / "@forge" / "api"
    platform.mkdir(parents=True)
    (platform / "package.json").write_text('{"type": "module", "exports": "./index.js"}')
    (platform / "index.js").write_text(PLATFORM)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    shutil.copy(ROOT / "forge" / "index.js", tmp_path / "index.js")
    return tmp_path


def run(deployed: Path, name: str, status: int = 200, answer: Any = None) -> tuple[Any, Any]:
    """What the function gave or threw, and what it sent."""
    sent = deployed / "sent.json"
    environment = {
        "FUNCTIONS": str(deployed / "index.js"),
        "NAME": name,
        "ASKED": json.dumps(ASKED),
        "SENT": str(sent),
        "STATUS": str(status),
        "ANSWER": json.dumps(answer),
    }
    done = node("--input-type=module", "-e", CALL, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), json.loads(sent.read_text())


@pytest.mark.parametrize("name", ["status", "start", "stop", "deleted"])
def test_a_function_asks_the_app_about_this_import_and_sends_nothing_else(
    deployed: Path, name: str
) -> None:
    _, sent = run(deployed, name, answer={})
    assert (sent["remote"], sent["method"]) == ("my-assets-app", "POST")
    assert sent["path"] == f"/forge/import/{name}"
    assert json.loads(sent["body"]) == {
        key: ASKED[key] for key in ("importId", "workspaceId", "schemaId")
    }
    assert sent["headers"] == {"Content-Type": "application/json"}


@pytest.mark.parametrize("said", ["READY", "NOT_CONFIGURED"])
def test_the_status_is_given_as_the_app_says_it(deployed: Path, said: str) -> None:
    assert run(deployed, "status", answer={"status": said})[0] == {"gave": {"status": said}}


def test_an_answer_without_a_body_gives_nothing(deployed: Path) -> None:
    assert run(deployed, "stop", status=204)[0] == {}


@pytest.mark.parametrize("status", [301, 401, 403, 409, 500, 503])
def test_a_refusal_fails_the_function_and_tells_only_the_status(
    deployed: Path, status: int
) -> None:
    made, _ = run(deployed, "start", status=status, answer={"detail": "inner words"})
    assert str(status) in made["threw"]
    assert "inner words" not in made["threw"]
    assert "must-not-travel" not in made["threw"]
