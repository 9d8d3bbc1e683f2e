"""A sealer for tests that are not about sealing: keeps plaintexts apart by place."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from app.errors import SettingsUnreadable
from app.words import Generation, InstanceId, Secret


class LabelledSealer:
    """`sealed` maps an opaque label to place and plaintext; another place does not open it."""

    def __init__(self) -> None:
        self._sealed: dict[str, tuple[tuple[str, ...], bytes]] = {}
        self._numbers = itertools.count()  # threads never draw the same one
        self.opened = 0

    def seal_in_reference(
        self, instance_id: InstanceId, generation: Generation, name: str, plaintext: Secret
    ) -> Mapping[str, Any]:
        label = f"sealed-{next(self._numbers)}"
        self._sealed[label] = ((instance_id, generation, name), plaintext.reveal())
        return {"label": label}

    def open_from_reference(
        self, instance_id: InstanceId, generation: Generation, name: str, value: Mapping[str, Any]
    ) -> Secret:
        self.opened += 1
        place, plaintext = self._sealed.get(str(value.get("label")), (None, b""))
        if place != (instance_id, generation, name):
            raise SettingsUnreadable("does not open")
        return Secret(plaintext)
