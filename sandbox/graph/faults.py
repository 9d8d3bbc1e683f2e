"""Graph's own failures, to be handed to `Graph.fail_next`."""

from sandbox.faults import Fault

_THROTTLED = {
    "error": {
        "code": "TooManyRequests",
        "innerError": {
            "code": "429",
            "date": "2026-11-21T12:51:51",
            "message": "Please retry after",
            "request-id": "00000000-0000-4000-8000-000000000429",
            "status": "429",
        },
        "message": "Please retry again later.",
    }
}


def throttled(retry_after: str | None = "2.128") -> Fault:
    """429. `retry_after`: whole or fractional seconds, an HTTP date, or None for no header."""
    return Fault.refuse(429, _THROTTLED, {"Retry-After": retry_after} if retry_after else {})


def unavailable(retry_after: str | None = None) -> Fault:
    """503."""
    body = {"error": {"code": "serviceNotAvailable", "message": "Service unavailable."}}
    return Fault.refuse(503, body, {"Retry-After": retry_after} if retry_after else {})
