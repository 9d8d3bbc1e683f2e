"""What every function does before its first event: settings, logs, and the house, made once.

A container of Lambda keeps them for its life. Nothing happens at import.
"""

from __future__ import annotations

import json
import os
from functools import cache

from app import logs
from app.files import descriptor_text
from app.settings import Settings, read_settings
from app.wiring.house import House, build_house


@cache
def settings() -> Settings:
    """The function's environment, checked. Raises SettingsFault naming each wrong variable."""
    found = read_settings(os.environ, descriptor_key=json.loads(descriptor_text())["key"])
    logs.configure(found.log_level)
    return found


@cache
def house() -> House:
    """Everything joined, as a process of the app has it. Connects to nothing yet.

    Raises LookupError without a queue: imports never run inside a function that answers pages.
    """
    found = settings()
    if found.queue_url is None:
        raise LookupError("IMPORT_QUEUE_URL: is missing; a function needs the import queue.")
    return build_house(found)
