"""Every alarm as data: what is counted, from when on somebody is told, and the runbook to open.

Log lines are counted by their event's name; a test holds these to what the app really logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from infra.people import ROWS, FunctionName

Fields = tuple[tuple[str, str], ...]
ALL: Final[tuple[FunctionName, ...]] = tuple(ROWS)
_DOORS: Final[tuple[FunctionName, ...]] = ("web",)
_RUNS: Final[tuple[FunctionName, ...]] = ("worker",)
_SWEEPS: Final[tuple[FunctionName, ...]] = ("web", "worker", "scheduler")


@dataclass(frozen=True)
class LogAlarm:
    """Lines of these functions in which `event` and each of `fields` stand so.

    `at_least` within five minutes. Each field is a name and a value; of a name that stands twice,
    either value fits.
    """

    name: str
    event: str
    functions: tuple[FunctionName, ...]
    runbook: str
    fields: Fields = ()
    at_least: int = 1


@dataclass(frozen=True)
class MetricAlarm:
    """A metric of AWS's own. `dimension` names the thing of the stack it is about."""

    name: str
    namespace: str
    metric: str
    statistic: str
    dimension: str
    runbook: str
    at_least: float = 1
    minutes: int = 5
    below: bool = False  # the alarm is that there were fewer


def _said(kind: str) -> Fields:
    return (("kind", kind),)


CROSS_INSTANCE: Final = (
    "body of another instance",
    "address of another site",
    "body of another app or event",
    "claims disagree about the site",
    "installation of another site",
)
LOG_ALARMS: Final = (
    LogAlarm("failed-run", "import run ended", _RUNS, "failed-run", (("state", "failed"),)),
    LogAlarm("no-progress", "alarm", _SWEEPS, "no-progress", _said("import_stalled")),
    LogAlarm("cross-instance-refusal", "refused", _DOORS, "cross-instance-refusal",
             tuple(("cause", each) for each in CROSS_INSTANCE)),
    LogAlarm("foreign-row", "alarm", _DOORS, "foreign-row", _said("row_not_the_viewers")),
    LogAlarm("two-persons", "alarm", _DOORS, "unmatched-person",
             _said("two_persons_for_one_viewer")),
    LogAlarm("person-not-linked", "alarm", _DOORS, "unmatched-person", _said("person_not_linked"),
             at_least=5),
    LogAlarm("site-token-refused", "alarm", _DOORS, "site-token-refused",
             _said("site_token_refused")),
    LogAlarm("another-region", "alarm", ALL, "another-region",
             _said("reference_of_another_region")),
    LogAlarm("keys-refuse", "service_failed", _DOORS, "keys-refuse", (("error", "CannotOpen"),),
             at_least=3),
    LogAlarm("secret-expires", "entra_secret_expires", ("scheduler",), "secret-expires",
             (("kind", "expired"), ("kind", "1_days"), ("kind", "7_days"))),
    LogAlarm("bug", "bug", _DOORS, "bug"),
    LogAlarm("stumbled", "import leg stumbled", _RUNS, "bug"),
    LogAlarm("message-failed", "import message failed", _RUNS, "bug"),
    LogAlarm("run-not-ended", "import run not ended", _RUNS, "bug"),
    LogAlarm("chore-failed", "chore failed", ("scheduler",), "bug"),
    LogAlarm("row-not-read", "row_not_read", ("cleanup", "scheduler"), "row-not-read"),
    LogAlarm("cleanup-left", "cleanup left something", ("cleanup",), "cleanup-left"),
    LogAlarm("not-scheduled", "scheduled import not started", ("scheduler",), "not-scheduled",
             at_least=10),
)  # fmt: skip
METRIC_ALARMS: Final = (
    *(
        MetricAlarm(f"{each}-errors", "AWS/Lambda", "Errors", "Sum", each, "function-errors")
        for each in ALL
    ),
    *(
        MetricAlarm(f"{each}-throttles", "AWS/Lambda", "Throttles", "Sum", each, "function-errors")
        for each in ALL
    ),
    MetricAlarm("dead-imports", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum",
                "dead imports", "dead-letters"),
    MetricAlarm("dead-ticks", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum",
                "dead ticks", "dead-letters"),
    MetricAlarm("old-messages", "AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum",
                "imports", "no-progress", at_least=7 * 3600, minutes=15),
    MetricAlarm("web-answers-5xx", "AWS/ApiGateway", "5XXError", "Sum", "api", "function-errors",
                at_least=5),
    MetricAlarm("no-ticks", "AWS/Lambda", "Invocations", "Sum", "scheduler", "not-scheduled",
                minutes=10, below=True),
    # Each hour; two that are missed are a site that is erased late.
    MetricAlarm("no-cleanups", "AWS/Lambda", "Invocations", "Sum", "cleanup", "cleanup-left",
                minutes=180, below=True),
    # `ThrottledRequests` exists by operation only: an alarm on the table's name would see nothing.
    MetricAlarm("table-reads-throttled", "AWS/DynamoDB", "ReadThrottleEvents", "Sum", "table",
                "table-throttles", at_least=10),
    MetricAlarm("table-writes-throttled", "AWS/DynamoDB", "WriteThrottleEvents", "Sum", "table",
                "table-throttles", at_least=10),
)  # fmt: skip
