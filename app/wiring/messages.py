"""Who works on the messages of the import queue: imports, tidying, asking silent sites."""

from __future__ import annotations

from app.imports.legs.queue_runner import Works
from app.wiring.clock import utc_now
from app.wiring.house import House
from app.wiring.rooms import Rooms
from app.wiring.silence import AskingWorker
from app.wiring.tidying import TidyingWorker, tidy_as_worker


def message_worker(house: House) -> Works:
    """The one worker of a process, or of a function: each message goes to whom it is for."""
    rooms = Rooms(house.settings)
    tidying = TidyingWorker(house.worker, rooms.table, tidy_as_worker(rooms))
    free = house.settings.is_sandbox
    return AskingWorker(tidying, rooms.table, rooms.asker(), utc_now, free=free)
