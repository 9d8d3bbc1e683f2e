"""Small chunks, so that small worlds have executions under way while they are still read."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.imports.assets.sending.CHUNK_OBJECTS", 5)
