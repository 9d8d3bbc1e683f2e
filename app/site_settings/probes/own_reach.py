"""Probe of `assets-access` in mode `app`: whether the app's own token may read Assets."""

from __future__ import annotations

from typing import Final

from app.errors import CredentialRefused, NotAllowed, NotThere
from app.said import Sentence
from app.site_settings.documents import OWN_ACCESS
from app.site_settings.findings import Probed, error
from app.site_settings.ports import AccountSite
from app.site_settings.probes.question import Question
from app.site_settings.probes.schemas import Words, reading

NOT_ACCEPTED: Final = Sentence(
    "own.not_accepted",
    "Jira does not accept the app's own token at this moment. Look whether the app asks for an"
    " update or for more permissions in Jira, then open this page again.",
)
NO_ASSETS: Final = Sentence(
    "own.no_assets",
    "This site shows no Assets to the app. Assets needs Jira Service Management Premium or"
    " Enterprise.",
)
MAY_NOT_READ: Final = Sentence(
    "own.may_not_read", "The app may not read Assets; give its user a role in the object schemas."
)
NO_SCHEMA: Final = Sentence(
    "own.no_schema",
    "The app sees no object schema; give its user a role in those it should read.",
)
CLOSED: Final = Sentence("own.schema_closed", "The app may not read the object schema “{name}”.")
WORDS: Final = Words(field="mode", nothing=MAY_NOT_READ, no_schema=NO_SCHEMA, closed=CLOSED)


def probe_own_access(question: Question) -> Probed:
    """Raises the service errors; SiteTokenMissing is one, when the site sent no token yet."""
    site = question.outside.account_site(question.instance, OWN_ACCESS)
    try:
        workspace_id = own_workspace(site)
        if workspace_id is None:
            return Probed((error("mode", NO_ASSETS()),))
        assets = question.outside.assets(question.instance, OWN_ACCESS, workspace_id)
        return Probed(tuple(reading(assets, WORDS)))
    except CredentialRefused:
        return Probed((error("mode", NOT_ACCEPTED()),))


def own_workspace(site: AccountSite) -> str | None:
    """The site's Assets workspace as the app sees it; None: it sees none."""
    try:
        return site.workspace_id()
    except (NotAllowed, NotThere):
        return None  # sites without Assets answer so too
