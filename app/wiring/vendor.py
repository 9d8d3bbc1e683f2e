"""What vendor personnel may run. Nothing here opens or prints anything of a customer's."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Final, Protocol

from app.errors import AppError, SettingsUnreadable
from app.imports.run.ports import Queue
from app.instances.reference import InstanceReference
from app.instances.rewrapping import Rewrapping
from app.outside.aws.kms import KmsDataKeys
from app.outside.aws.sqs import SqsQueue
from app.settings import Settings
from app.vault.parts import ENCRYPTION_STRING, Role
from app.vault.rewrapping import Rewrapper
from app.wiring.aws import aws_clients
from app.wiring.clock import utc_now
from app.wiring.rooms import Rooms, key_ids
from app.wiring.tables import pinned_table
from app.wiring.tidying import Tidy, ask_to_tidy, tidy_as_worker
from app.words import Json

REWRAP_ROLES: Final[tuple[Role, ...]] = ("rewrap-open", "rewrap-rest")


def rewrap(settings: Settings, roles: Sequence[Role], *, compact: bool) -> int:
    """Wrap every wrapped key anew under the KMS keys in use. Safe to kill anywhere and to repeat.

    The identity that runs it takes on one KMS role at a time, `rewrap-open` or `rewrap-rest`, and
    names it: ReEncrypt and DescribeKey are all it may; a person's own identity has none of KMS.
    Both at once are for machines without key policies: whoever holds both could give a key of the
    worker's alone the name of something the web opens.

    0: nothing was left. 1: something was, or a service failed; the summary says how far it came.
    """
    rewrapping, in_jira = _rewrapping(settings, roles), _in_jira(settings, roles)
    complete = False
    try:
        for instance in rewrapping.walk():
            in_jira.see(instance)
        complete = True
    finally:
        summary = {
            "complete": complete,
            **rewrapping.tally.shown(),
            "in_jira": in_jira.shown(),
        }
        print(json.dumps(summary, indent=None if compact else 2))  # noqa: T201 - the result
    left = len(rewrapping.tally.left) + len(in_jira.left)
    if left:
        print(f"{left} keys were left as they were; `left` says why.", file=sys.stderr)  # noqa: T201
    return 1 if left else 0


def _rewrapping(settings: Settings, roles: Sequence[Role]) -> Rewrapping:
    aws = aws_clients(settings)
    keys = KmsDataKeys(aws.kms)
    rewrapper = Rewrapper(roles, keys, key_ids(settings), settings.app_key, utc_now)
    return Rewrapping(pinned_table(settings, aws), rewrapper)


class _InJira(Protocol):
    """What becomes of the Encryption Strings' inner keys, which lie in the customers' Jira."""

    left: list[Json]

    def see(self, instance: InstanceReference) -> None: ...

    def shown(self) -> Json: ...


class _NotAsked:
    """Another identity's, or no previous settings key is listed."""

    def __init__(self) -> None:
        self.left: list[Json] = []

    def see(self, instance: InstanceReference) -> None:
        """Nothing to do."""

    def shown(self) -> Json:
        return {}


class _ByTheWorker(_NotAsked):
    """Asked of the worker through the queue; its log says what became of each."""

    def __init__(self, queue: Queue) -> None:
        super().__init__()
        self._queue = queue
        self._asked = 0

    def see(self, instance: InstanceReference) -> None:
        if _has_string(instance):
            ask_to_tidy(self._queue, instance)
            self._asked += 1

    def shown(self) -> Json:
        return {"asked": self._asked}


class _Here(_NotAsked):
    """Done in this process: without a queue there is no other worker."""

    def __init__(self, tidy: Tidy) -> None:
        super().__init__()
        self._tidy = tidy
        self._fates = Counter[str]()

    def see(self, instance: InstanceReference) -> None:
        if not _has_string(instance):
            return
        try:
            fates = self._tidy(instance)
        except AppError as fault:
            unreadable = isinstance(fault, SettingsUnreadable)
            self._leave(instance, "unreadable" if unreadable else "site-not-reached")
            return
        self._fates.update(fate for fate in fates.values() if fate != "left")
        if "left" in fates.values():
            self._leave(instance, "refused")

    def _leave(self, instance: InstanceReference, reason: str) -> None:
        self.left.append({"instance_id": instance.instance_id, "reason": reason})

    def shown(self) -> Json:
        counts = {fate: self._fates[fate] for fate in ("rewrapped", "current")}
        return {**counts, "left": self.left}


def _in_jira(settings: Settings, roles: Sequence[Role]) -> _InJira:
    if "rewrap-open" not in roles or not settings.settings_key_previous_ids:
        return _NotAsked()
    if settings.queue_url is not None:
        return _ByTheWorker(SqsQueue(aws_clients(settings).sqs, settings.queue_url, os.urandom))
    return _Here(tidy_as_worker(Rooms(settings)))


def _has_string(instance: InstanceReference) -> bool:
    return instance.is_alive and ENCRYPTION_STRING in instance.part_keys
