"""`make deploy-local`: the real template, with the real package, in ministack; then the main job.

`--evidence` writes docs/evidence/deployed.md. `--stay` leaves it running until Ctrl-C.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from infra.package import PACKAGE
from sandbox.directory import generate
from sandbox.world import World
from tests.deployed.deploying import DOMAIN, Deploying, NotDeployed
from tests.deployed.front import Front
from tests.deployed.job import Job
from tests.deployed.ministack import ROOT, Ministack, NotStarted
from tests.deployed.paper import write
from tests.deployed.seeing import NotSo

PEOPLE = 40


@dataclass
class Seen:
    """What happened, for the paper."""

    seconds: dict[str, float] = field(default_factory=dict)
    resources: Counter[str] = field(default_factory=Counter)
    saw: list[tuple[str, str]] = field(default_factory=list)
    applied: dict[str, str] = field(default_factory=dict)
    package: str = ""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make deploy-local")
    parser.add_argument("--evidence", action="store_true")
    parser.add_argument("--stay", action="store_true")
    asked = parser.parse_args(arguments)
    try:
        seen = run(_package(twice=asked.evidence), stay=asked.stay)
    except (NotStarted, NotDeployed, NotSo, OSError, subprocess.CalledProcessError) as failure:
        print(f"deploy-local failed: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    if asked.evidence:
        write(seen)
    return 0


def _package(*, twice: bool) -> str:
    """Set up and build what is deployed; its sha256. Raises NotSo: the second one is another."""
    subprocess.run([ROOT / "bin" / "setup", "deployed"], check=True)
    digests = set()
    for _ in range(2 if twice else 1):
        subprocess.run([sys.executable, "-m", "infra.package"], cwd=ROOT, check=True)
        digests.add(hashlib.sha256(PACKAGE.read_bytes()).hexdigest())
    if len(digests) != 1:
        raise NotSo("two packages of the same sources differ")
    return digests.pop()


def run(package: str, *, stay: bool = False) -> Seen:
    """Deploy, do the job, and end everything. Raises NotStarted, NotDeployed, NotSo."""
    seen, began = Seen(package=package), time.monotonic()
    with ExitStack() as stack:
        world = World(generate(PEOPLE, 7))
        stack.callback(world.stop)
        world.start()
        cloud = stack.enter_context(Ministack())
        deploying = Deploying(cloud, functions_settings(world))
        _timed(seen, "cdk bootstrap", deploying.bootstrap)
        _timed(seen, "cdk deploy", deploying.deploy)
        seen.resources = Counter(deploying.resources())
        seen.applied = deploying.applied()
        base = urlsplit(world.app_base_url)
        front = Front(str(base.hostname), int(base.port or 0), DOMAIN, cloud.port)
        stack.enter_context(front)
        try:
            for name, step in Job(world, cloud).steps():
                saw = step()
                print(f"  {name}: {saw}", flush=True)
                seen.saw.append((name, saw))
        except Exception:
            print(cloud.log.read_text()[-6000:], file=sys.stderr)
            raise
        seen.seconds["all of it"] = time.monotonic() - began
        if stay:
            print(f"\n  Open  {world.page}\n\n  Ctrl-C ends everything.", flush=True)
            while True:
                time.sleep(60)
    return seen


def functions_settings(world: World) -> dict[str, str]:
    """What a function reads beyond what the template says: where the stand-ins are."""
    given = world.environment()
    return {
        name: value
        for name, value in given.items()
        if not name.startswith("AWS_") and name != "INSTANCES_TABLE"
    }


def _timed(seen: Seen, name: str, work: object) -> None:
    began = time.monotonic()
    work()  # type: ignore[operator]
    seen.seconds[name] = time.monotonic() - began
    print(f"  {name}: {seen.seconds[name]:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
