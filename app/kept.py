"""Every class of stored thing, declared once: where it rests, whose it is, why, and for how long.

What writes, what sweeps, what reads, the infrastructure and the trust page take their times from
here. A thing that is stored without a class here fails the gate. Data only: nothing is done here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

Store = Literal[
    "instance table", "customer's Jira", "customer's Assets", "logs", "receipts", "queue"
]
Owner = Literal["vendor", "customer"]
# What makes it physically go. "replaced": the next one takes its place. "store": the log store or
# the queue, which are told the time by the infrastructure.
Ending = Literal["uninstall", "cleanup", "sweep", "replaced", "store", "the customer", "never"]

AFTER_UNINSTALL: Final = timedelta(days=30)
TOMBSTONES: Final = timedelta(days=60)
CLAIMS: Final = timedelta(hours=24)
SITE_TOKENS: Final = timedelta(hours=4)
PURGE_WISHES: Final = timedelta(days=7)
RUN_HISTORY: Final = timedelta(days=28)
DELTA_LINKS: Final = timedelta(days=7)
PREVIEW_SAMPLES: Final = timedelta(hours=1)
LOG_LINES: Final = timedelta(days=30)
LOG_LINES_AT_MOST: Final = timedelta(days=60)
MESSAGES: Final = timedelta(days=4)
DEAD_LETTERS: Final = timedelta(days=14)
AT_ONCE: Final = timedelta(0)
# The table's time to live: seconds since 1970, in this attribute of its housekeeping items.
EXPIRY_ATTRIBUTE: Final = "expires_at"


@dataclass(frozen=True)
class KeptClass:
    """One class of stored things.

    `clock` says what the longest age is counted from; None for `longest`: as long as the customer
    wants, in the customer's own store; of the vendor's, only proof that a deletion happened.
    `things` are the attributes of the instance table, the prefixes of its housekeeping items, or
    the sealed documents that belong to the class.
    """

    name: str
    store: Store
    owner: Owner
    purpose: str
    holds: str
    clock: str
    longest: timedelta | None
    ends_by: Ending
    things: tuple[str, ...] = ()
    persons: bool = False
    sealed: bool = False


KEPT: Final = (
    KeptClass(
        "instance reference", "instance table", "vendor",
        "to recognise the site, and to clean up after it",
        "ids, address, state and times of the installation",
        "uninstall", AFTER_UNINSTALL, "cleanup",
        ("instance_id", "door", "client_key", "installation_id", "cloud_id", "base_url", "region",
         "state", "generation", "installed_at", "updated_at", "seen_at", "last_event_at",
         "last_event_digest", "silent_since", "uninstalled_at", "erase_due_at"),
    ),
    KeptClass(
        "wrapped keys", "instance table", "vendor",
        "one of the two locks of each settings part",
        "data keys that only the key service can open, and that open nothing alone",
        "uninstall, and each new save of the part", AT_ONCE, "uninstall", ("part_keys",),
        sealed=True,
    ),
    KeptClass(
        "connect secret", "instance table", "vendor",
        "to check the site's tokens and to sign our own",
        "the secret the site shared at its installation, sealed twice",
        "uninstall", AT_ONCE, "uninstall", ("connect_secret",), sealed=True,
    ),
    KeptClass(
        "site token", "instance table", "vendor",
        "to call the site between two of its own calls, on Forge",
        "the newest token the site sent for the app itself, sealed twice",
        "the call that brought it, and uninstall", SITE_TOKENS, "replaced", ("site_token",),
        sealed=True,
    ),
    KeptClass(
        "run in progress", "instance table", "vendor",
        "one import at a time, its time, and its stop",
        "id, state, counters of harm by kind; nobody's name",
        "uninstall", AT_ONCE, "uninstall", ("run", "import_due_at"),
    ),
    KeptClass(
        "purge wish", "instance table", "vendor",
        "so that no single person of the vendor's can erase a silent site",
        "an opaque id of the staff member, and when they asked",
        "the wish", PURGE_WISHES, "sweep", ("purge",),
    ),
    KeptClass(
        "claims", "instance table", "vendor",
        "so that a write that is sent twice happens once",
        "keyed digests of caller and request, a status and an id of ours", "the write",
        CLAIMS, "sweep", ("claim#",),
    ),
    KeptClass(
        "settings", "customer's Jira", "customer",
        "what an administrator entered",
        "credentials and rules of visibility and import, sealed twice",
        "uninstall: the keys go at once, so nothing opens any more", AT_ONCE, "uninstall",
        ("assets-access", "entra", "entra-secret", "encryption-string", "import", "import-secret",
         "visibility", "requests", "consent"),
        sealed=True,
    ),
    KeptClass(
        "run history", "customer's Jira", "customer",
        "to show administrators what imports did",
        "times, counts and reasons of runs; nobody's name", "end of the run", RUN_HISTORY, "sweep",
        ("run-history",), sealed=True,
    ),
    KeptClass(
        "delta links", "customer's Jira", "customer",
        "so that an import reads only what changed",
        "addresses at Microsoft Graph that say from when on; nobody's name",
        "the import that read them", DELTA_LINKS, "replaced", ("delta-links",), sealed=True,
    ),
    KeptClass(
        "account pass", "customer's Jira", "customer",
        "to look up people's Jira accounts within an hour's budget, and to go on where it stopped",
        "numbers and times; nobody's name",
        "uninstall, and the end of the pass in the settings: the keys go at once", AT_ONCE,
        "uninstall", ("account-pass",), sealed=True,
    ),
    KeptClass(
        "preview samples", "customer's Jira", "customer",
        "to show administrators what an import would do, record by record, before it does it",
        "some of the planned records: names, ids of Entra ID, what would change and why",
        "end of the preview", PREVIEW_SAMPLES, "sweep", ("preview-samples",),
        persons=True, sealed=True,
    ),
    KeptClass(
        "imported people and devices", "customer's Assets", "customer",
        "the inventory itself",
        "what the customer chose to import from its own Entra ID", "the customer's own rules",
        None, "the customer", persons=True,
    ),
    KeptClass(
        "log lines", "logs", "vendor",
        "to find faults", "times, routes, statuses, instance ids and site hosts",
        "the line's time", LOG_LINES, "store",
    ),
    KeptClass(
        "queue messages", "queue", "vendor",
        "to hand import work to a worker", "ids of ours, and sealed bytes where it must",
        "sending", MESSAGES, "store", sealed=True,
    ),
    KeptClass(
        "dead letters", "queue", "vendor",
        "to find out why a message was never worked off",
        "ids of ours, and sealed bytes where it must", "sending", DEAD_LETTERS, "store",
        sealed=True,
    ),
    KeptClass(
        "tombstones", "instance table", "vendor",
        "so that the deletion can be shown, and its receipt handed out",
        "instance id, door, generation, state, time and receipt", "erasure", TOMBSTONES, "cleanup",
        ("instance_id", "door", "generation", "state", "erased_at", "receipt"),
    ),
    KeptClass(
        "receipts", "receipts", "vendor",
        "to prove each deletion to whoever asks, as one unbroken chain",
        "instance id, generation, times, counts by class, ids of keys; nothing personal",
        "erasure", None, "never", ("receipts#head",),
    ),
)  # fmt: skip
BY_NAME: Final = {each.name: each for each in KEPT}
