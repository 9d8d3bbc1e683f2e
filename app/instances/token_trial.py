"""Whether a system token that a person may have put into a call is the app's own at that site.

Forge shows a page's invocation token to the browser, so its owner can send it with any header. A
token that works somewhere proves nothing: everybody who writes a Forge app has such tokens.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.errors import AppError
from app.instances.administrators import Administrators
from app.instances.reference import InstanceReference
from app.words import AccountId, Clock, Secret

_NOT_AGAIN: Final = timedelta(seconds=30)  # the same person's next try: each costs a call
_KEEP_AT_MOST: Final = 5000
_log = structlog.get_logger()

# Whether a token reads what only this app's storage at this site holds; None: nothing lies there.
Reads = Callable[[InstanceReference, Secret], bool | None]


class TokenTrial:
    """Tries a token before it is kept. `reads` raises ServiceFailed when nobody can say."""

    def __init__(self, reads: Reads, administrators: Administrators, clock: Clock) -> None:
        self._reads = reads
        self._administrators = administrators
        self._clock = clock
        self._failed: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._lock = threading.Lock()

    def passes(
        self,
        reference: InstanceReference,
        token: Secret,
        account_id: AccountId | None,
        user_token: Secret | None,
    ) -> bool:
        """Never raises: a token that cannot be tried is not kept, the hourly call brings one.

        Before anything is saved there is nothing to read; then an administrator stands for it.
        """
        whose = (reference.instance_id, account_id or "")
        if self._failed_lately(whose):
            return False
        try:
            passed = self._reads(reference, token)
            if passed is None:
                passed = account_id is not None and self._administrators.is_one(
                    reference, account_id, user_token
                )
            elif not passed:
                _log.error("alarm", kind="site_token_refused")
        except AppError as error:
            _log.warning("site_token_not_tried", exc_info=error)
            passed = False
        if not passed:
            self._remember(whose)
        return passed

    def _failed_lately(self, whose: tuple[str, str]) -> bool:
        with self._lock:
            failed = self._failed.get(whose)
        return failed is not None and self._clock() - failed < _NOT_AGAIN

    def _remember(self, whose: tuple[str, str]) -> None:
        with self._lock:
            self._failed[whose] = self._clock()
            self._failed.move_to_end(whose)
            while len(self._failed) > _KEEP_AT_MOST:
                self._failed.popitem(last=False)
