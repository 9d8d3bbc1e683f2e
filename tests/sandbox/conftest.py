"""Fixtures of the sandbox's own tests."""

from collections.abc import Iterator

import pytest

from tests.sandbox.assets_world import Importing, World


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.close()


@pytest.fixture
def importing(world: World) -> Iterator[Importing]:
    schema = world.space.add_schema("Directory", "DIR")
    made = Importing(world, world.cloud.new_import_source(schema.id, "People"))
    yield made
    made.close()
