"""What all tests share: a clean environment, and the tools some of them need.

A test that needs a tool which is missing fails by name, unless ALLOW_MISSING names the tool.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from moto.server import ThreadedMotoServer
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from tests.stand_ins.dynamodb_local import DynamoDbLocal

ROOT = Path(__file__).parents[1]
_TOOLS = {"aws": "java", "browser": "chromium", "forge": "node"}
_CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# What waits long comes first, so that what computes fills the gaps; small tests even out the end.
_FIRST = ("browser", "live", "infra")
_BROWSERS_AT_ONCE = 2  # on two cores a third one only makes all of them slow


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)
    allowed = os.environ.get("ALLOW_MISSING", "").split(",")
    for item in items:
        for mark, tool in _TOOLS.items():
            if item.get_closest_marker(mark) and tool in allowed and not shutil.which(tool):
                item.add_marker(pytest.mark.skip(reason=f"{tool} is missing, as allowed"))


def _turn(item: pytest.Item) -> int:
    turns = (turn for turn, mark in enumerate(_FIRST) if item.get_closest_marker(mark))
    return next(turns, len(_FIRST))


class _Shares(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """What runs in one process, in its order: a file, or a share of what needs a browser."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return _share(path) if _needs_a_browser(path) else path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Shares:
    return _Shares(config, log)


def _share(path: str) -> str:
    return f"browser {crc32(path.encode()) % _BROWSERS_AT_ONCE}"


@cache
def _needs_a_browser(path: str) -> bool:
    return "mark.browser" in (ROOT / path).read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees this machine's AWS account or proxies, nor another test's settings."""
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The distribution's Chromium, one for this test process, talking to loopback only."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("Chromium is missing: run `bin/setup test`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def dynamodb_url() -> Iterator[str]:
    """The address of DynamoDB Local, the real engine, started once for this test process."""
    with DynamoDbLocal() as url:
        yield url


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """The address of moto as a server. Never `mock_aws` in its place: at its start and its end it
    empties every AWS of this test process, the running sandbox's too.
    """
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()
