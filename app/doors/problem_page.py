"""An error inside the iframe, for a person: what happened, what to do, in the reader's language."""

from __future__ import annotations

from typing import Final

from flask import Response

from app.doors.language import language
from app.doors.page_file import filled
from app.errors import AppError

_ADVICE: Final = {
    401: (
        "Reload this page in Jira. If that does not help, a Jira administrator can reinstall the "
        "app, or tell its vendor the number below."
    ),
    403: "Ask a Jira administrator of your site to open this page.",
    500: "Please try again in a minute. If it stays, tell your Jira administrator this number.",
}
# Title and advice by status. What an error says beyond that is said in English, and only there.
_RELOAD: Final = (
    "Laden Sie diese Seite in Jira neu. Hilft das nicht, kann die Jira-Administration die App "
    "neu installieren oder deren Anbieter die Nummer unten nennen."
)
_LATER: Final = (
    "Versuchen Sie es in einer Minute noch einmal. Bleibt es dabei, nennen Sie Ihrer "
    "Jira-Administration diese Nummer."
)
_GERMAN: Final = {
    401: ("Der Zugang wurde nicht angenommen", _RELOAD),
    403: (
        "Dafür fehlt Ihnen die Berechtigung",
        "Bitten Sie die Jira-Administration Ihrer Site, diese Seite zu öffnen.",
    ),
    429: ("Zu viele Anfragen", _LATER),
    500: ("Etwas ist schiefgegangen", _LATER),
    502: ("Ein Dienst hinter dieser App hat versagt", _LATER),
    503: ("Ein Dienst hinter dieser App ist nicht zu erreichen", _LATER),
    504: ("Ein Dienst hinter dieser App hat zu lange gebraucht", _LATER),
}
_REFERENCE: Final = {"en": "Reference", "de": "Referenz"}


def problem_page(error: AppError, request_id: str) -> Response:
    """The error as a page. `request_id` is what support is told."""
    spoken = language()
    title, message = _said(error, spoken)
    words = {
        "title": title,
        "message": message,
        "reference": _REFERENCE[spoken],
        "request_id": request_id,
    }
    return filled("problem.html", words, error.status)


def _said(error: AppError, spoken: str) -> tuple[str, str]:
    if spoken == "de":
        return _GERMAN.get(error.status, _GERMAN[500])
    return error.title, error.detail or _ADVICE.get(error.status, _ADVICE[500])
