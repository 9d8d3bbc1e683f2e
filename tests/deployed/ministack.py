"""ministack as a process of its own, in an environment of its own, on loopback only."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

import boto3
import requests

ROOT: Final = Path(__file__).parents[2]
PYTHON: Final = ROOT / ".venv-ministack" / "bin" / "python"
ACCOUNT: Final = "123456789012"
REGION: Final = "eu-central-1"
# ministack takes twelve digits as the account that calls.
KEYS: Final = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "sandbox"}
_OFF: Final = {"SFTP_ENABLED": "0", "IOT_MTLS_ENABLED": "0"}  # listeners that nobody here calls


class NotStarted(Exception):
    """ministack is missing or did not come up; the text says what to do."""


class Ministack:
    """A context manager: starts it, and ends it with everything it ran."""

    def __enter__(self) -> Self:
        if not PYTHON.exists():
            raise NotStarted("ministack is missing: run `bin/setup deployed`.")
        self.folder = Path(tempfile.mkdtemp(prefix="my-assets-ministack-"))
        self.port = _free_port()
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        told = {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "AWS_DEFAULT_REGION": REGION,
            "MINISTACK_REGION": REGION,
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
        }
        with self.log.open("w") as stream:
            self._process = subprocess.Popen(
                [PYTHON, "-m", "ministack"],
                cwd=self.folder,
                env=kept | told | _OFF,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        """The group too: functions run as processes of ministack's."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=15)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it and the functions wrote."""
        return self.folder / "log"

    def client(self, service: str) -> Any:
        """boto3, as an administrator of the account."""
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, **KEYS)  # type: ignore[call-overload]

    def _wait(self) -> None:
        for _ in range(150):
            if self._process.poll() is not None:
                break
            try:
                if requests.get(f"{self.url}/_ministack/health", timeout=2).ok:
                    return
            except requests.RequestException:
                time.sleep(0.2)
        raise NotStarted(f"ministack did not start: {self.log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
