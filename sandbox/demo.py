"""`make demo`: the whole product on this machine, until Ctrl-C.

DEMO_PEOPLE says how many people the company has; SANDBOX_DIRECTORY names a file with others;
DEMO_DOOR is the door the app comes in by: connect or forge; DEMO_DESK=1 opens the vendor's desk.
"""

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, Any

from sandbox.administrator import Member, NotDone, member, run_import, save_settings
from sandbox.app_process import AppFailed, AppProcess
from sandbox.directory import Directory, generate, load
from sandbox.doors import DOORS
from sandbox.forge import ManifestRefused
from sandbox.site.lifecycle import InstallRefused
from sandbox.vendor_desk import VendorDesk, erase_a_life, shell_of
from sandbox.world import World

_SEED = 7
_DEFAULT_PEOPLE = 200
_MOST_PEOPLE = 200_000
_HOUR = 3600.0


def main() -> int:
    """Run the demo; gives the exit code."""
    try:
        world = World(_directory(), _door())
    except (NotDone, ManifestRefused) as fault:
        print(fault, file=sys.stderr)
        return 2
    world.start()
    with tempfile.TemporaryFile("w+") as log, tempfile.TemporaryDirectory() as folder:
        app = AppProcess(world.environment(), log)
        try:
            return _show(world, app, log, Path(folder))
        except (AppFailed, InstallRefused, NotDone) as failure:
            log.seek(0)
            print(f"The demo failed: {failure}\n{log.read()[-4000:]}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 0
        finally:
            app.stop()
            world.stop()


def _show(world: World, app: AppProcess, log: IO[str], folder: Path) -> int:
    _say(f"A company of {len(world.directory.users):,} people, a Jira site, an Entra ID, an AWS.")
    _say(f"The app comes in by the door {world.door.name}.")
    app.start()
    if _with_desk():
        _say("A life of the site before this one: installed, uninstalled, and erased …")
        erase_a_life(world, app, folder / "receipts")
    _say("The app serves. Installing it on the site …")
    world.door.install()
    with member(world, world.site.cast.administrator) as admin:
        _say("Saving settings: each is checked live, sealed twice, and stored in the site …")
        save_settings(admin, world.credentials)
        _import(admin)
    with _desk(world, log, folder / "receipts") as desk:
        _say(f"\n  Open   {world.page}")
        if desk is not None:
            _say(f"  Desk   {desk.address}   (the vendor's; sign in as anybody)")
            _say(f"  Shell  . {shell_of(world, folder)}; my-assets vendor instances")
        _say("\n  Ctrl-C ends everything.\n")
        _wait_for_the_end(world)
    return 0


@contextmanager
def _desk(world: World, log: IO[str], receipts: Path) -> Iterator[VendorDesk | None]:
    """The vendor's desk and its staff's provider, where they were asked for."""
    if not _with_desk():
        yield None
        return
    desk = VendorDesk(world.environment() | {"DESK_RECEIPTS": str(receipts)}, log)
    try:
        desk.start()
        yield desk
    finally:
        desk.stop()


def _with_desk() -> bool:
    return os.environ.get("DEMO_DESK") == "1"


def _import(admin: Member) -> None:
    _say("Importing people, groups and devices …")

    def told(run: Any) -> None:
        done, total = run["progress"]["done"], run["progress"]["total"]
        words = (run["phase"] or run["state"]).replace("_", " ")
        print(f"\r  {words}: {done:,} of {total:,}     ", end="", flush=True)

    run = run_import(admin, on_progress=told)
    print()
    counts = run["counts"]
    _say(f"The import {run['state']}: {counts['create']:,} created, {counts['failed']:,} failed.")
    if run["state"] != "succeeded":
        raise NotDone(f"{run['reason']}: {run['next_step']}")


def _directory() -> Directory:
    """The company of the demo. Raises NotDone with a sentence for what cannot be used."""
    path = os.environ.get("SANDBOX_DIRECTORY")
    if path:
        try:
            return load(path)
        except (OSError, ValueError, TypeError) as fault:
            raise NotDone(f"SANDBOX_DIRECTORY cannot be used: {fault}") from None
    asked = os.environ.get("DEMO_PEOPLE") or str(_DEFAULT_PEOPLE)
    if not asked.isdecimal() or not 1 <= int(asked) <= _MOST_PEOPLE:
        raise NotDone(f"DEMO_PEOPLE must be a number from 1 to {_MOST_PEOPLE}.")
    return generate(int(asked), _SEED)


def _door() -> str:
    """The door of the demo. Raises NotDone for one that is none."""
    asked = os.environ.get("DEMO_DOOR") or DOORS[0]
    if asked not in DOORS:
        raise NotDone(f"DEMO_DOOR must be {' or '.join(DOORS)}.")
    return asked


def _wait_for_the_end(world: World) -> None:
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    while not ended.wait(_HOUR):
        world.door.tick()


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
