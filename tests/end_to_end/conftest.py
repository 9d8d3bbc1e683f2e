"""The whole product on the sandbox, as processes over real sockets. Started once a test process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.administrator import Member, member, run_import, save_settings
from sandbox.app_process import AppProcess
from sandbox.directory import generate
from sandbox.world import World

PEOPLE = 40


@dataclass
class Life:
    """A world, the app in it, and what the app wrote to its log."""

    world: World
    app: AppProcess
    log: Path

    def member(self, number: int) -> Member:
        """0 is the administrator, 1 to 3 the employees, 4 the portal customer."""
        cast = self.world.site.cast
        accounts = (cast.administrator, *cast.employees, cast.customer)
        return Member(self.world, accounts[number])


@pytest.fixture(scope="session")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """Installed, set up and imported, as `make demo` does it."""
    log = tmp_path_factory.mktemp("app") / "log"
    world = World(generate(PEOPLE, 7))
    world.start()
    with log.open("w") as stream:
        app = AppProcess(world.environment(), stream)
        try:
            app.start()
            world.site.install(world.app_base_url)
            with member(world, world.site.cast.administrator) as admin:
                save_settings(admin, world.credentials)
                assert run_import(admin)["state"] == "succeeded"
            yield Life(world, app, log)
        finally:
            app.stop()
            world.stop()


@pytest.fixture
def admin(life: Life) -> Iterator[Member]:
    one = life.member(0)
    yield one
    one.close()
