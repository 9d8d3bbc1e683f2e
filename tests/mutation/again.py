"""Runs mutmut's survivors among the guards once more: each meets every test, from the import on.

A guard is a decorator: it does its work when its module is imported. mutmut forks after that, and
takes the first test for the only one that reached it, so a change in a guard seems to live.
`python -m tests.mutation.again`, in the folder where mutmut ran.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

AT_IMPORT = "app.doors.guards."
TESTS = ("tests/doors", "tests/abuse")
OPTIONS = ("-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", "--hypothesis-seed=0")
SECONDS = 900
TOO_LONG = 36  # mutmut's own mark
# What the app is made of, imported once for all; nothing of the app itself.
PARTS = (
    "atlassian_jwt", "boto3", "cryptography.hazmat.primitives.asymmetric.rsa", "flask",
    "hypothesis", "jwt", "msgspec", "playwright.sync_api", "pydantic", "requests", "structlog",
    "waitress.server",
)  # fmt: skip


def main() -> None:
    folder = Path("mutants").resolve()
    for name in PARTS:
        importlib.import_module(name)
    for meta in sorted(folder.rglob("*.meta")):
        told = json.loads(meta.read_text())
        codes = told["exit_code_by_key"]
        names = [name for name in codes if codes[name] == 0 and name.startswith(AT_IMPORT)]
        for name, code in _run_all(folder, names):
            codes[name] = code
            meta.write_text(json.dumps(told, indent=4))


def _run_all(folder: Path, names: list[str]) -> Iterator[tuple[str, int]]:
    running: dict[int, str] = {}
    most = int(os.environ.get("MUTANT_PROCESSES", "2"))
    for name in names:
        running[_begin(folder, name)] = name
        if len(running) >= most:
            yield _one_that_ended(running)
    while running:
        yield _one_that_ended(running)


def _begin(folder: Path, name: str) -> int:
    child = os.fork()
    if child:
        return child
    signal.alarm(SECONDS)
    os.environ["MUTANT_UNDER_TEST"] = name
    os.chdir(folder)
    sys.path[:] = [each for each in sys.path if Path(each).resolve() != folder.parent]
    for each in [each for each in sys.modules if each.partition(".")[0] == "tests"]:
        del sys.modules[each]
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os._exit(int(pytest.main([*OPTIONS, *TESTS])))


def _one_that_ended(running: dict[int, str]) -> tuple[str, int]:
    child, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    # 2: nothing could be collected, for the app did not start. That is noticed.
    told = {-signal.SIGALRM: TOO_LONG, 2: 1}.get(code, code)
    return running.pop(child), told


if __name__ == "__main__":
    main()
