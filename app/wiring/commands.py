"""What the commands of `app.cli` do. Each gives its exit code."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime

import structlog

from app.doors.answers import SERVERS_OWN
from app.doors.web import create_app
from app.errors import AppError
from app.imports.legs.queue_runner import SLOTS, QueueRunner
from app.outside.aws.bootstrap import (
    create_encryption_key,
    create_queues,
    create_signing_key,
    create_table,
)
from app.outside.aws.sqs import SqsQueue
from app.settings import Settings
from app.wiring.aws import aws_clients
from app.wiring.clock import clock_from, utc_now
from app.wiring.house import House, build_house
from app.wiring.messages import message_worker
from app.wsgi import serve as serve_wsgi

_TICK_SECONDS = 60.0
_log = structlog.get_logger()


def serve(settings: Settings, host: str, port: int) -> int:
    """Serve the web app. Without a queue this process also imports and ticks the scheduler."""
    if settings.queue_url is None:
        # One process then holds both roles of the vault: said here and in /trust.json.
        _log.warning("no_role_split", setting="IMPORT_QUEUE_URL")

    house = build_house(settings)
    if house.runner is not None:
        _import_here(house)
    serve_wsgi(create_app(house.services), host, port, SERVERS_OWN)
    if house.runner is not None:
        house.runner.close()
    _leave()
    return 0


def work(settings: Settings) -> int:
    """Take import work from the queue until stopped."""
    if settings.queue_url is None:
        raise LookupError("IMPORT_QUEUE_URL: is missing; without a queue `serve` runs imports.")
    house = build_house(settings)
    queue = SqsQueue(house.aws.sqs, settings.queue_url, os.urandom)
    runner = QueueRunner(queue, message_worker(house), slots=SLOTS)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: runner.stop())
    _log.info("working")
    runner.run()
    _leave()
    return 0


def schedule(settings: Settings, now: datetime | None) -> int:
    """One tick of the scheduler. Without a queue the imports it starts run to their end here."""
    clock = utc_now if now is None else clock_from(now)
    house = build_house(settings, clock)
    started = house.scheduler.tick(clock())
    if house.runner is not None:
        house.runner.drain(float("inf"))
        house.runner.close()
    _print({"started": started})
    return 0


def bootstrap(settings: Settings) -> int:
    """Create what is missing at the AWS endpoint and say what was made."""
    aws = aws_clients(settings)
    made: list[str] = []
    if create_table(aws.dynamodb, settings.table, protected=not settings.is_sandbox):
        made.append(settings.table)
    keys = (settings.settings_key_id, settings.instance_key_id)
    made.extend(key_id for key_id in keys if create_encryption_key(aws.kms, key_id))
    if create_signing_key(aws.kms, settings.receipt_key_id):
        made.append(settings.receipt_key_id)
    if settings.queue_url is not None:
        made.extend(create_queues(aws.sqs, settings.queue_url))
    _print({"made": made})
    return 0


def _import_here(house: House) -> None:
    """Run imports in threads of this process, and tick the scheduler each minute."""
    tick = threading.Thread(target=_tick_for_ever, args=[house], name="scheduler", daemon=True)
    tick.start()


def _tick_for_ever(house: House) -> None:
    _survive(house.services.imports.resume_all)
    stopped = threading.Event()
    while not stopped.wait(_TICK_SECONDS):
        _survive(lambda: house.scheduler.tick(utc_now()))


def _survive(work: Callable[[], object]) -> None:
    try:
        work()
    except AppError as fault:
        _log.warning("tick failed", error=type(fault).__name__)
    except Exception:  # noqa: BLE001 - the next tick must come whatever happened to this one
        _log.exception("bug")


def _leave() -> None:
    """End now: what was under way is handed back, and a call that still hangs must not hold us."""
    sys.stdout.flush()
    os._exit(0)


def _print(result: object) -> None:
    print(json.dumps(result))  # noqa: T201 - the command's result
