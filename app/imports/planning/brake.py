"""The brake: stops a run before its first write if it would do mass damage. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.site_settings.documents import Brake

FEW: Final = 5  # below this many, a percentage says nothing


@dataclass(frozen=True)
class Harm:
    """Of one kind: `affected` would be marked, deleted or unassigned, out of `known` not `Left`."""

    affected: int
    known: int


def braked(harm: Harm, brake: Brake) -> bool:
    """More than `count`, or at least 5 and more than `percent` % of the known."""
    if harm.affected > brake.count:
        return True
    return harm.affected >= FEW and harm.affected * 100 > harm.known * brake.percent


def verdict(harms: Mapping[str, Harm], brake: Brake, released: Mapping[str, int]) -> dict[str, int]:
    """The kinds that brake, with how many are affected; empty: the run may go on.

    `released` is the harm per kind that an administrator has let go on: as long as it has not
    grown, it brakes no more.
    """
    return {
        kind: harm.affected
        for kind, harm in harms.items()
        if braked(harm, brake) and harm.affected > released.get(kind, 0)
    }
