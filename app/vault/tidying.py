"""Putting one shelf in order, as only the worker can. It may stop anywhere and be repeated."""

from __future__ import annotations

from collections.abc import Mapping

from app.vault.rewrapping import Fate
from app.vault.shelf import Shelf


def put_in_order(shelf: Shelf) -> Mapping[str, Fate]:
    """Wrap inner keys anew, seal anew what lies under a former string, sweep; the keys' fates.

    Raises ServiceFailed and its kinds; what was done by then stays done.
    """
    fates = shelf.rewrap()
    shelf.reseal()
    shelf.sweep()
    return fates
