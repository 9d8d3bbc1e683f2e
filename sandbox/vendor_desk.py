"""The vendor's desk as its own process, `my-assets vendor desk`, with its staff's provider."""

import os
import secrets
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import requests

from sandbox.app_process import AppFailed, AppProcess
from sandbox.staff import AUDITORS, VIEWERS, Client, StaffProvider
from sandbox.world import World, free_port

_HOST = "localhost"  # another host than the app's 127.0.0.1: cookies know no ports
_START_SECONDS = 60


def erase_a_life(world: World, app: AppProcess, receipts: Path) -> None:
    """Install, uninstall and, as if a month were over, clean up. Raises AppFailed."""
    world.door.install()
    world.door.uninstall()
    later = datetime.now(UTC) + timedelta(days=31)
    ended = app.run("vendor", "cleanup", "--receipts", str(receipts), "--now", later.isoformat())
    if ended.returncode != 0:
        raise AppFailed(f"cleanup failed: {ended.stderr.strip()}")


def shell_of(world: World, folder: Path) -> Path:
    """A file that makes a shell one of the vendor's: its variables, and where `my-assets` is."""
    known = {**world.environment(), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    file = folder / "vendor.sh"
    file.write_text(
        "".join(f"export {name}={shlex.quote(value)}\n" for name, value in known.items())
    )
    return file


class VendorDesk:
    """`environment` is the world's: the desk reads the table that the app writes."""

    def __init__(self, environment: Mapping[str, str], log: IO[str]) -> None:
        self.provider = StaffProvider(lambda: datetime.now(UTC))
        self._port = free_port()
        self.address = f"http://{_HOST}:{self._port}"
        self.client_id = "vendor-desk"
        self._secret = secrets.token_urlsafe(24)
        self._world = dict(environment)
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start both and wait for the desk. Raises AppFailed."""
        self.provider.start()
        back, out = f"{self.address}/signed-in", f"{self.address}/back-channel-logout"
        self.provider.register(Client(self.client_id, self._secret, back, out))
        process = AppProcess(self._world | self.environment(), self._log)
        self._process = process.begin("vendor", "desk", "--host", _HOST, "--port", str(self._port))
        self._wait_until_ready(self._process)

    def stop(self) -> None:
        """End both; safe to repeat."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait(timeout=20)
        self.provider.stop()

    def environment(self) -> dict[str, str]:
        """The desk's own variables."""
        return {
            "DESK_BASE_URL": self.address,
            "DESK_ISSUER": self.provider.base_url,
            "DESK_CLIENT_ID": self.client_id,
            "DESK_CLIENT_SECRET": self._secret,
            "DESK_STAFF_KEY": secrets.token_urlsafe(32),
            "DESK_VIEWER_GROUPS": VIEWERS,
            "DESK_AUDITOR_GROUPS": AUDITORS,
        }

    def _wait_until_ready(self, process: "subprocess.Popen[str]") -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise AppFailed(f"vendor desk ended with {process.returncode}")
            try:
                if requests.get(self.address, timeout=2).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.1)
        raise AppFailed("vendor desk did not become ready")
