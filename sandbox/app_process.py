"""The app as its own process, as an operator runs it: `my-assets bootstrap`, then `serve`."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import requests

_START_SECONDS = 60


class AppFailed(Exception):
    """The app did not start; its own words are in the log."""


class AppProcess:
    """One running app. `log` receives what it writes."""

    def __init__(self, environment: Mapping[str, str], log: IO[str]) -> None:
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        self._environment = {name: os.environ[name] for name in kept if name in os.environ}
        self._environment |= environment
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Create what is missing and serve. Raises AppFailed."""
        made = self.run("bootstrap")
        if made.returncode != 0:
            raise AppFailed(f"bootstrap failed: {made.stderr.strip()}")
        address = urlsplit(self._environment["APP_BASE_URL"])
        self._process = self.begin(
            "serve", "--host", str(address.hostname), "--port", str(address.port)
        )
        self._wait_until_ready()

    def run(self, *arguments: str, words: str = "") -> subprocess.CompletedProcess[str]:
        """Run one command to its end. `words` come on its standard input."""
        return subprocess.run(
            [_command(), *arguments],
            env=self._environment,
            input=words,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def begin(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start one command that goes on; ending it is the caller's."""
        return subprocess.Popen(
            [_command(), *arguments],
            env=self._environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def stop(self) -> None:
        """Ask it to end, and wait; safe to repeat."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _wait_until_ready(self) -> None:
        address = self._environment["APP_BASE_URL"] + "/health/ready"
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                raise AppFailed(f"serve ended with {self._process.returncode}")
            try:
                if requests.get(address, timeout=2).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.1)
        raise AppFailed("serve did not become ready")


def _command() -> str:
    return str(Path(sys.executable).parent / "my-assets")
