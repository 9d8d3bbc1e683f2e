"""Every class of stored thing, declared once: where it rests, whose it is, why, and for how long.

The code that writes, the tests and the trust page use this list. A thing that is stored without
being named here is a defect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

Store = Literal[
    "instance table", "customer's Jira", "customer's Assets", "logs", "receipts", "queue"
]
Owner = Literal["vendor", "customer"]

AFTER_UNINSTALL: Final = timedelta(days=30)
RUN_HISTORY: Final = timedelta(days=28)
PREVIEW_SAMPLES: Final = timedelta(hours=1)
LOG_LINES: Final = timedelta(days=30)
TOMBSTONES: Final = timedelta(days=60)


@dataclass(frozen=True)
class KeptClass:
    """One class of stored things.

    `clock` says what the longest age is counted from; None for `longest` means for as long as
    the customer wants, in the customer's own store.
    """

    name: str
    store: Store
    owner: Owner
    purpose: str
    holds: str
    clock: str
    longest: timedelta | None
    persons: bool = False
    sealed: bool = False


KEPT: Final = (
    KeptClass(
        "instance reference", "instance table", "vendor",
        "to recognise the site, and to clean up after it",
        "ids, address, state and times of the installation",
        "uninstall", AFTER_UNINSTALL,
    ),
    KeptClass(
        "wrapped keys", "instance table", "vendor",
        "one of the two locks of each settings part",
        "data keys that only the key service can open, and that open nothing alone",
        "uninstall, and each new save of the part", timedelta(0), sealed=True,
    ),
    KeptClass(
        "connect secret", "instance table", "vendor",
        "to check the site's tokens and to sign our own",
        "the secret the site shared at its installation, sealed twice",
        "uninstall", timedelta(0), sealed=True,
    ),
    KeptClass(
        "run in progress", "instance table", "vendor",
        "one import at a time, and its stop",
        "id, state, counters of harm by kind; nobody's name",
        "uninstall", timedelta(0),
    ),
    KeptClass(
        "claims", "instance table", "vendor",
        "so that a write that is sent twice happens once",
        "keyed digests of caller and request, a status and an id of ours", "the write",
        timedelta(hours=24),
    ),
    KeptClass(
        "settings", "customer's Jira", "customer",
        "what an administrator entered",
        "credentials and rules of visibility and import, sealed twice",
        "uninstall: the keys go at once, so nothing opens any more", timedelta(0), sealed=True,
    ),
    KeptClass(
        "run history", "customer's Jira", "customer",
        "to show administrators what imports did",
        "times, counts and reasons of runs; nobody's name", "end of the run", RUN_HISTORY,
        sealed=True,
    ),
    KeptClass(
        "preview samples", "customer's Jira", "customer",
        "to show administrators what an import would do, record by record, before it does it",
        "some of the planned records: names, ids of Entra ID, what would change and why",
        "end of the preview", PREVIEW_SAMPLES, persons=True, sealed=True,
    ),
    KeptClass(
        "imported people and devices", "customer's Assets", "customer",
        "the inventory itself",
        "what the customer chose to import from its own Entra ID", "the customer's own rules",
        None, persons=True,
    ),
    KeptClass(
        "log lines", "logs", "vendor",
        "to find faults", "times, routes, statuses, instance ids and site hosts",
        "the line's time", LOG_LINES,
    ),
    KeptClass(
        "queue messages", "queue", "vendor",
        "to hand import work to a worker", "ids of ours, and sealed bytes where it must",
        "sending", timedelta(days=14), sealed=True,
    ),
    KeptClass(
        "tombstones", "instance table", "vendor",
        "so that a late event of an erased life is recognised",
        "instance id, door, generation, state, time and receipt", "erasure", TOMBSTONES,
    ),
)  # fmt: skip
