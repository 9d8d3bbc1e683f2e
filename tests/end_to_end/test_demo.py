"""`make demo` as a newcomer starts it, with the vendor's desk and a shell of the vendor's."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

pytestmark = pytest.mark.live
LAST = "Ctrl-C ends everything."


@pytest.fixture
def demo() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demo, and all that it said until it was ready."""
    wanted = {"DEMO_DESK": "1", "DEMO_PEOPLE": "5"}
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.demo"],
        env=dict(os.environ) | wanted, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = ""
        while LAST not in said and (line := process.stdout.readline()):
            said += line
        yield process, said
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_it_says_where_to_go_on_and_leaves_nothing(
    demo: tuple[subprocess.Popen[str], str],
) -> None:
    process, said = demo
    found = re.search(r"Open   (\S+)\n  Desk   (\S+) .*\n  Shell  \. (\S+); (.*)\n", said)
    assert found, said
    page, desk, file, command = found.groups()
    assert [requests.get(each, timeout=10).status_code for each in (page, desk)] == [200, 200]
    shell = f". {file}; {command} --json; my-assets vendor receipt public-key"
    ended = subprocess.run(
        ["/bin/sh", "-c", shell], capture_output=True, text=True, timeout=60, check=True
    )
    assert '"state": "installed"' in ended.stdout
    assert "BEGIN PUBLIC KEY" in ended.stdout
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert not Path(file).exists()
