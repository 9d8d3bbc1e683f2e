"""The Forge build, made once for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stand_ins.forge_build import bundled


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory.mktemp("forge"))
