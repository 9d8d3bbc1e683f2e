"""docs/evidence/deployed.md, from what was seen."""

from __future__ import annotations


def write(seen: object) -> None:
    """To come."""
