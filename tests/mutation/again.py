"""Runs what mutmut could not kill with the callers' own tests once more, against the whole app.

Each mutant meets the tests of the doors and the abuse cases in a process that imports the app
anew: a guard is a decorator, which does its work at import. mutmut itself forks after that.
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

from tests.mutation.evidence import is_explained

# One after the other: most fall to the first.
STAGES = (
    ("tests/doors/test_causes.py", "tests/doors/test_forge_api.py", "tests/doors/test_answers.py"),
    ("tests/doors",),
    ("tests/abuse/test_lifecycle.py", "tests/abuse/test_pages_and_apis.py",
     "tests/abuse/test_forge.py"),
)  # fmt: skip
OPTIONS = (
    "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", "--hypothesis-seed=0",
    "-W", "ignore::pytest.PytestAssertRewriteWarning",  # a plugin was imported before
)  # fmt: skip
SECONDS = 1800
# mutmut's marks: survived, no test reached it, not run
OPEN = (0, 5, 33, None)
TOO_LONG = 36  # mutmut's own mark
# What app and tests are made of, imported once for all: nothing of the app itself.
PARTS = (
    "boto3", "cryptography.hazmat.primitives.asymmetric.rsa", "flask", "hypothesis", "jwt",
    "msgspec", "openapi_spec_validator", "playwright.sync_api", "pydantic", "requests",
    "schemathesis", "structlog", "waitress.server",
)  # fmt: skip


def main() -> None:
    folder = Path("mutants").resolve()
    for name in PARTS:
        importlib.import_module(name)
    ((_, unchanged),) = _run_all(folder, ["nothing"])
    if unchanged != 0:
        raise RuntimeError(f"the tests fail without any change: {unchanged}")
    for meta in sorted(folder.rglob("*.meta")):
        told = json.loads(meta.read_text())
        codes = told["exit_code_by_key"]
        names = [name for name in codes if codes[name] in OPEN and not is_explained(name)]
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
    os._exit(_met_every_test())


def _met_every_test() -> int:
    for stage in STAGES:
        code = int(pytest.main([*OPTIONS, *stage]))
        if code != 0:
            return code
    return 0


def _one_that_ended(running: dict[int, str]) -> tuple[str, int]:
    child, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    # 2 and 4: nothing could be collected, for the app could not be imported. That is noticed.
    told = {-signal.SIGALRM: TOO_LONG, 2: 1, 4: 1}.get(code, code)
    return running.pop(child), told


if __name__ == "__main__":
    main()
