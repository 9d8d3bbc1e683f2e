"""Begins a pass of Jira accounts after an import, and goes on with it when its hour has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from app.errors import AppError, NotConfigured
from app.imports.accounts.account_pass import MODE
from app.imports.accounts.pass_state import DOCUMENT, unpacked
from app.imports.desk.desk import ImportDesk
from app.imports.run.connections import Connections
from app.imports.run.standing import is_open
from app.instances.reference import InstanceReference

_log = structlog.get_logger()


class PassTicks:
    """A chore of the scheduler. An instance without the document costs nothing."""

    def __init__(
        self,
        connections: Connections,
        desk: ImportDesk,
        licensed: Callable[[InstanceReference], bool] = lambda _: True,
    ) -> None:
        self._connections = connections
        self._desk = desk
        self._licensed = licensed

    def look(self, instance: InstanceReference, now: datetime) -> None:
        """Start a run where one is due. Never raises an AppError."""
        if DOCUMENT not in instance.part_keys or is_open(instance):
            return
        try:
            self._go_on(instance, now)
        except AppError as fault:
            # Another run is open, or something does not answer: at the next tick.
            _log.info("pass not started", error=type(fault).__name__)

    def _go_on(self, instance: InstanceReference, now: datetime) -> None:
        store = self._connections.pass_store(instance)
        if not self._wanted(instance):
            store.forget()
            return
        content = store.read()
        state = unpacked(content) if content else None
        due = state is None or state.due <= now
        if due and self._connections.consented(instance) and self._licensed(instance):
            self._desk.start(instance, {"mode": MODE})

    def _wanted(self, instance: InstanceReference) -> bool:
        try:
            return self._connections.rules(instance).link_accounts is not None
        except NotConfigured:
            return False
