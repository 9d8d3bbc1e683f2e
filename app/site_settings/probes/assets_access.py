"""Probe of `assets-access`: token and e-mail belong to one account, and it may read Assets.

In mode `app` there is no account: see own_reach.
Jira answers a dead token with 200 and nothing where visitors may read, so who it is comes first.
"""

from __future__ import annotations

from typing import Final

from app.errors import CredentialRefused, NotAllowed, NotThere
from app.said import Sentence
from app.site import Account
from app.site_settings.documents import AssetsAccess
from app.site_settings.findings import Finding, Probed, error, warning
from app.site_settings.forms import AssetsAccessForm
from app.site_settings.ports import AccountSite
from app.site_settings.probes.own_reach import probe_own_access
from app.site_settings.probes.question import Question
from app.site_settings.probes.schemas import Words, reading
from app.words import Secret

NOT_ACCEPTED: Final = Sentence(
    "access.not_accepted",
    "Jira does not accept this API token with this e-mail address. It may be wrong, expired or"
    " revoked; create a new one in the account's security settings.",
)
OTHER_ACCOUNT: Final = Sentence(
    "access.other_account", "This API token belongs to an account with another e-mail address."
)
INACTIVE: Final = Sentence("access.inactive", "The account of this API token is not active.")
NOT_ADMINISTRATOR: Final = Sentence(
    "access.not_administrator", "The account of this API token is not a Jira administrator."
)
NO_ASSETS: Final = Sentence(
    "access.no_assets",
    "This site shows no Assets to this account. Assets needs Jira Service Management Premium or"
    " Enterprise.",
)
MAY_NOT_READ: Final = Sentence(
    "access.may_not_read",
    "This account may not read Assets; give it a role in the object schemas.",
)
NO_SCHEMA: Final = Sentence(
    "access.no_schema",
    "This account sees no object schema; give it a role in those it should read.",
)
CLOSED: Final = Sentence(
    "access.schema_closed", "This account may not read the object schema “{name}”."
)
WORDS: Final = Words(field="api_token", nothing=MAY_NOT_READ, no_schema=NO_SCHEMA, closed=CLOSED)


def probe_assets_access(question: Question) -> Probed:
    """Raises the service errors when the site or Assets do not answer."""
    rules = question.rules
    if not isinstance(rules, AssetsAccessForm):
        raise TypeError("the form of another part")
    if rules.mode == "app":
        return probe_own_access(question)
    access = AssetsAccess(rules.email or "", question.secret or _kept(question))
    site = question.outside.account_site(question.instance, access)
    try:
        findings = [*_account(site.myself(), access.email), *_rights(site)]
        workspace_id = _workspace(site)
    except CredentialRefused:
        return Probed((error("api_token", NOT_ACCEPTED()),))
    if workspace_id is None:
        return Probed((*findings, error("api_token", NO_ASSETS())))
    assets = question.outside.assets(question.instance, access, workspace_id)
    return Probed((*findings, *reading(assets, WORDS)))


def _kept(question: Question) -> Secret:
    value = question.stored.value if question.stored else None
    return Secret(value or "")


def _account(account: Account, email: str) -> list[Finding]:
    # One sees one's own address always; without it nothing shows that the two belong together.
    matches = account.email is not None and account.email.lower() == email.lower()
    findings = [] if matches else [error("email", OTHER_ACCOUNT())]
    return findings if account.active else [*findings, error("api_token", INACTIVE())]


def _rights(site: AccountSite) -> list[Finding]:
    return [] if site.administers() else [warning("api_token", NOT_ADMINISTRATOR())]


def _workspace(site: AccountSite) -> str | None:
    try:
        return site.workspace_id()
    except (NotAllowed, NotThere):
        return None  # sites without Assets answer so too
