"""Runs the Forge build and other scripts under Node, as `make forge-bundle` does."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "FORGE_APP_ID": "ari:cloud:ecosystem::app/7c1f6c1e-58a1-4b4c-9d0e-2f3f0a51c0de",
    "APP_BASE_URL": "https://assets.contoso.example",
}


def node(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a script under Node says and how it ends. RuntimeError if Node is missing."""
    path = shutil.which("node")
    if path is None:
        raise RuntimeError("Node is missing: run `bin/setup forge`.")
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [path, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env={**inherited, **environment},
    )


def bundle(to: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return node("forge/bundle.mjs", "--to", str(to), *arguments, **environment)


def bundled(to: Path) -> Path:
    """The whole folder that `forge deploy` takes, made in `to`."""
    done = bundle(to, **SETTINGS)
    if done.returncode != 0:
        raise RuntimeError(f"The Forge build failed: {done.stdout}{done.stderr}")
    return to
