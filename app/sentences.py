"""Sentences that several features say. What only one says stands where it is said."""

from __future__ import annotations

from typing import Final

from app.said import Sentence

NEEDED: Final = Sentence("input.needed", "This is needed.")
ONCE: Final = Sentence("input.once", "Give this once.")
NOT_KNOWN_HERE: Final = Sentence("input.unknown", "This is not known here.")
CHOOSE: Final = Sentence("input.choose", "Choose one of {choices}.")
EARLIER_CURSOR: Final = Sentence("input.cursor", "Use the cursor of an earlier answer.")
QUERY_REFUSED: Final = Sentence("query.refused", "The query was refused.")
TOO_LARGE: Final = Sentence("body.too_large", "The body is larger than this app accepts.")
CONNECT_ASSETS: Final = Sentence(
    "first.assets_access", "An administrator has to connect Assets first."
)
ANOTHER_REGION: Final = Sentence("site.another_region", "This site is served from another region.")
GONE: Final = Sentence("site.gone", "This site is no longer installed.")
TABLE_UNREACHABLE: Final = Sentence("table.unreachable", "The instance table cannot be reached.")
JIRA_SITE: Final = Sentence("called.jira_site", "The Jira site")
CANNOT_BE_OPENED: Final = Sentence(
    "saving.cannot_be_opened",
    "What was saved as '{document}' cannot be opened. An administrator can save it anew.",
)
TOOK_TOO_LONG: Final = Sentence("service.too_long", "{service} took too long.")
