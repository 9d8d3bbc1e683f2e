"""Which count of a caller is the latest: an earlier one has nobody waiting for it any more.

A page that is edited on asks anew before the last answer has come, and the browser tells nobody.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from app.my_assets.drafts.reading import GoOn
from app.words import AccountId, InstanceId

MOST_KEPT: Final = 1000

_Key = tuple[InstanceId, AccountId]


class Latest:
    """Bounded: of the oldest it is forgotten that there is a later one, which costs calls only."""

    def __init__(self) -> None:
        self._turns: OrderedDict[_Key, object] = OrderedDict()
        self._guard = threading.Lock()

    def begin(self, instance_id: InstanceId, caller: AccountId) -> GoOn:
        """Says from now on whether this is still the latest of this caller."""
        key, mine = (instance_id, caller), object()
        with self._guard:
            self._turns[key] = mine
            self._turns.move_to_end(key)
            while len(self._turns) > MOST_KEPT:
                self._turns.popitem(last=False)
        return lambda: self._turns.get(key, mine) is mine
