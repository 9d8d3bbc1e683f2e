"""Claims in memory, with the same rules as the table's: put if absent or expired."""

from __future__ import annotations

import threading

from app.instances.claims import Claim


class InMemoryClaims:
    def __init__(self) -> None:
        self.kept: dict[str, Claim] = {}
        self._lock = threading.Lock()

    def put(self, claim: Claim, now: int) -> Claim | None:
        with self._lock:
            standing = self.kept.get(claim.name)
            if standing is not None and standing.expires_at > now:
                return standing
            self.kept[claim.name] = claim
            return None

    def finish(self, claim: Claim) -> None:
        with self._lock:
            self.kept[claim.name] = claim

    def drop(self, name: str) -> None:
        with self._lock:
            self.kept.pop(name, None)
