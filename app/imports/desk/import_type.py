"""What Assets asks of an import type: start, stop, how it stands, and that it was deleted.

One import is set up in the app; an event about any other one changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from app.errors import Clash, SettingsUnreadable
from app.imports.desk.desk import ImportDesk
from app.imports.run.connections import Connections
from app.imports.run.ports import NamedImport
from app.instances.reference import InstanceReference
from app.said import Sentence
from app.words import Json

OTHER_IMPORT: Final = Sentence(
    "import.other", "This import is not the one that is set up in the app's settings."
)

Standing = Literal["READY", "NOT_CONFIGURED"]


class ImportType:
    """`forget` makes the instance forget the part `import`, schedule included."""

    def __init__(
        self,
        desk: ImportDesk,
        connections: Connections,
        forget: Callable[[InstanceReference], None],
    ) -> None:
        self._desk = desk
        self._connections = connections
        self._forget = forget

    def start(self, instance: InstanceReference, import_id: str, workspace_id: str) -> Json:
        """A full run. Raises Clash for another import than the one that is set up, and as a start
        by an administrator does."""
        if not self._is_ours(instance, import_id, workspace_id):
            raise Clash(OTHER_IMPORT())
        return self._desk.start(instance, {"mode": "full"})

    def stop(self, instance: InstanceReference, import_id: str, workspace_id: str) -> None:
        """Cancel its open run; nothing to stop is fine."""
        if self._is_ours(instance, import_id, workspace_id):
            self._desk.cancel_open(instance)

    def status(self, instance: InstanceReference, import_id: str, workspace_id: str) -> Standing:
        """READY when all that a run of this very import needs is there, consent included."""
        try:
            ready = (
                self._is_ours(instance, import_id, workspace_id)
                and not self._connections.missing(instance)
                and self._connections.consented(instance)
            )
        except SettingsUnreadable:
            return "NOT_CONFIGURED"  # an administrator has to save it anew
        return "READY" if ready else "NOT_CONFIGURED"

    def deleted(self, instance: InstanceReference, import_id: str, workspace_id: str) -> None:
        """The import is gone in Assets: its run ends, and the settings forget it."""
        if self._is_ours(instance, import_id, workspace_id):
            self._desk.cancel_open(instance)
            self._forget(instance)

    def _is_ours(self, instance: InstanceReference, import_id: str, workspace_id: str) -> bool:
        return self._connections.import_named(instance) == NamedImport(import_id, workspace_id)
