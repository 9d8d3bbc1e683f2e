"""How a leg of a run ended. What a run's record and reference say follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ending:
    """How a leg ended. `harm` is set for a braked run, `digest` for a preview."""

    state: str
    reason: str | None = None
    more: str = ""
    harm: Mapping[str, int] = field(default_factory=dict)
    digest: str | None = None
