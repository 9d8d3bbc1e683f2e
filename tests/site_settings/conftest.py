"""A desk before a world of stand-ins."""

from __future__ import annotations

import pytest

from tests.site_settings.administrator import Administrator
from tests.stand_ins.settings_outside import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def administrator(world: World) -> Administrator:
    return Administrator(world)
