"""What cdk-nag would rather have otherwise, and why it is so here: one reason each, in words.

Every finding that does not stand here ends the synthesis; an entry that nothing needs fails a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Accepted:
    """A rule of the AWS Solutions pack, the ids of the constructs it may find, and why."""

    rule: str
    constructs: tuple[str, ...]
    why: str


_METHODS: Final = ("AnyRoot", "AnyRest")
ACCEPTED: Final = (
    Accepted(
        "DDB3", ("Instances",),
        "A point-in-time recovery would bring back keys that an uninstall has forgotten. If the "
        "table is lost, administrators enter their settings again (docs/runbooks/lost-table.md).",
    ),
    Accepted(
        "S1", ("Receipts",),
        "One role writes a file once an hour and nobody reads them in between; an access log would "
        "be another store with names of our people in it. CloudTrail has who called.",
    ),
    Accepted(
        "L1", ("WebFunction", "WorkerFunction", "SchedulerFunction", "CleanupFunction"),
        "The package holds bytecode and wheels of the very Python that the gate tests. It is "
        "supported until 30 June 2027 and moves when the gate does (infra/runtime.py).",
    ),
    Accepted(
        "IAM5[Resource::<Receipts.Arn>/*]", ("CleanupPowers",),
        "Each receipt has a name of its own, known only when it is made; reading and writing whole "
        "new files is all the role may do in this bucket, and deleting none.",
    ),
    Accepted(
        "IAM5[Resource::<Receipts.Arn>/*]", ("VendorDeskPowers",),
        "The desk hands out any receipt that somebody asks for; it reads them, one at a time, and "
        "writes none.",
    ),
    Accepted(
        "APIG1", ("Stage",),
        "The app logs each request itself, from an allow-list of fields. What the gateway could "
        "log beside holds addresses of people and tokens in query strings.",
    ),
    Accepted(
        "APIG6", ("Stage",),
        "Execution logs quote query strings, and Connect's hold tokens. Counts and times are "
        "metrics; a request that never reached the app is counted there.",
    ),
    Accepted(
        "APIG2", ("Api",),
        "Every body is validated by the app, which names each problem at once; a second schema at "
        "the gateway would only disagree with it one day.",
    ),
    Accepted(
        "APIG4", _METHODS,
        "Each route names the one kind of Atlassian token it takes and the app does not start "
        "otherwise (app/doors/route_table.py); an authorizer could not bind the query hash.",
    ),
    Accepted(
        "COG4", _METHODS,
        "Callers are Jira and people signed in to Jira. There are no users of our own to pool.",
    ),
    Accepted(
        "SQS3", ("TicksDead",),
        "It is itself where ticks of EventBridge go that nobody took; cdk-nag looks for queues "
        "that point to it and knows no rules.",
    ),
)  # fmt: skip
