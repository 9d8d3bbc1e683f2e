"""The scheduler of one process, joined. It opens what its own row of the role table names."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from app.imports.desk.crew import Threads
from app.imports.desk.desk import ImportDesk
from app.imports.desk.history_sweep import HistorySweep
from app.imports.desk.pass_ticks import PassTicks
from app.imports.desk.sample_desk import SampleDesk
from app.imports.desk.schedule import Scheduler
from app.imports.run.ports import Queue
from app.outside.aws.claims import DynamoClaims
from app.site_settings.expiry_watch import ExpiryWatch
from app.wiring.clock import utc_now
from app.wiring.daily import Daily
from app.wiring.rooms import Rooms
from app.wiring.secret_expiry import OncePerDay
from app.wiring.silence import Asking, SilenceWatch
from app.words import Clock

_STARTS_AT_ONCE: Final = 16


def build_scheduler(rooms: Rooms, queue: Queue, asking: Asking, runs_clock: Clock) -> Scheduler:
    """`asking` asks a silent site, or has the worker do it."""
    vault = rooms.vault("scheduler")
    connections = rooms.connections(vault)
    desk = ImportDesk(rooms.runs, connections, queue, runs_clock, os.urandom)
    samples = SampleDesk(desk, connections, utc_now)
    claims = DynamoClaims(rooms.aws.dynamodb, rooms.settings.table)
    watch = ExpiryWatch(
        lambda instance: rooms.entra_part(vault, instance), OncePerDay(claims, utc_now)
    )
    sweep = HistorySweep(connections, Daily(OncePerDay(claims, utc_now, "history")))
    licensed = rooms.licences.without_a_call
    passes = PassTicks(connections, desk, licensed)
    silence = SilenceWatch(rooms.table, Daily(OncePerDay(claims, utc_now, "silence")), asking)
    return Scheduler(
        rooms.table,
        connections,
        desk,
        licensed,
        (lambda instance, _: samples.sweep(instance), watch.look, passes.look, sweep.look),
        silence.look,
        region=rooms.settings.aws_region,
        crew=Threads(
            ThreadPoolExecutor(_STARTS_AT_ONCE, thread_name_prefix="start"), _STARTS_AT_ONCE
        ),
    )
