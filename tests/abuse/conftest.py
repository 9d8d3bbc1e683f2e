"""The app under attack, with two instances of it installed."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from app import logs
from tests.abuse.assets import AssetsHost, connected
from tests.abuse.house import House, build, two_sites


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The app, installed nowhere."""
    yield build(monkeypatch)
    logs.configure("ERROR", io.StringIO())


@pytest.fixture
def house(empty: House) -> House:
    """The app, installed on two sites."""
    two_sites(empty)
    return empty


@pytest.fixture
def assets(house: House) -> Iterator[AssetsHost]:
    """Assets of the first site, connected."""
    with connected(house) as host:
        yield host
