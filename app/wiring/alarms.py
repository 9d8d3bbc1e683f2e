"""Alarms as log lines: a name and an instance, never a person. Operators watch the event names."""

from __future__ import annotations

import structlog

from app.words import InstanceId


class LoggedAlarms:
    """Says what must never happen silently."""

    def raise_(self, name: str, instance_id: InstanceId) -> None:
        structlog.get_logger().error("alarm", kind=name, instance_id=instance_id)
