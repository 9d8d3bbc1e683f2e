"""Probe of `assets-access`: token and e-mail belong to one account, and it may read Assets.

Jira answers a dead token with 200 and nothing where visitors may read, so who it is comes first.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from app.errors import AppError, CredentialRefused, NotAllowed, NotThere
from app.inventory import Schema
from app.site import Account
from app.site_settings.documents import AssetsAccess
from app.site_settings.findings import Finding, Probed, error, warning
from app.site_settings.forms import AssetsAccessForm
from app.site_settings.ports import AccountSite, Assets
from app.site_settings.probes.question import Question
from app.words import Secret

AT_ONCE: Final = 8  # schemas are asked side by side: a site may have a hundred

NOT_ACCEPTED: Final = (
    "Jira does not accept this API token with this e-mail address. It may be wrong, expired or"
    " revoked; create a new one in the account's security settings."
)
OTHER_ACCOUNT: Final = "This API token belongs to an account with another e-mail address."
INACTIVE: Final = "The account of this API token is not active."
NOT_ADMINISTRATOR: Final = "The account of this API token is not a Jira administrator."
NO_ASSETS: Final = (
    "This site shows no Assets to this account. Assets needs Jira Service Management Premium or"
    " Enterprise."
)
MAY_NOT_READ: Final = "This account may not read Assets; give it a role in the object schemas."
NO_SCHEMA: Final = "This account sees no object schema; give it a role in those it should read."


def probe_assets_access(question: Question) -> Probed:
    """Raises the service errors when the site or Assets do not answer."""
    access = _access(question)
    site = question.outside.account_site(question.instance, access)
    try:
        findings = [*_account(site.myself(), access.email), *_rights(site)]
        workspace_id = _workspace(site)
    except CredentialRefused:
        return Probed((error("api_token", NOT_ACCEPTED),))
    if workspace_id is None:
        return Probed((*findings, error("api_token", NO_ASSETS)))
    assets = question.outside.assets(question.instance, access, workspace_id)
    return Probed((*findings, *_reading(assets)))


def _access(question: Question) -> AssetsAccess:
    rules = question.rules
    if not isinstance(rules, AssetsAccessForm):
        raise TypeError("the form of another part")
    if question.secret:
        return AssetsAccess(rules.email, question.secret)
    value = question.stored.value if question.stored else None
    return AssetsAccess(rules.email, Secret(value or ""))


def _account(account: Account, email: str) -> list[Finding]:
    # One sees one's own address always; without it nothing shows that the two belong together.
    matches = account.email is not None and account.email.lower() == email.lower()
    findings = [] if matches else [error("email", OTHER_ACCOUNT)]
    return findings if account.active else [*findings, error("api_token", INACTIVE)]


def _rights(site: AccountSite) -> list[Finding]:
    return [] if site.administers() else [warning("api_token", NOT_ADMINISTRATOR)]


def _workspace(site: AccountSite) -> str | None:
    try:
        return site.workspace_id()
    except (NotAllowed, NotThere):
        return None  # sites without Assets answer so too


def _reading(assets: Assets) -> list[Finding]:
    try:
        schemas = assets.schemas()
    except (NotAllowed, NotThere):
        return [error("api_token", MAY_NOT_READ)]
    closed, hidden = _closed(assets, schemas), _hidden(assets, schemas)
    if not schemas and not hidden:
        return [warning("api_token", NO_SCHEMA)]
    named = [
        warning("api_token", f"This account may not read the object schema “{name}”.")
        for name in sorted([*closed, *hidden])
    ]
    return named if len(closed) < len(schemas) else [error("api_token", MAY_NOT_READ), *named]


def _closed(assets: Assets, schemas: list[Schema]) -> list[str]:
    """The listed schemas that are closed when they are opened, by name."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        readable = pool.map(lambda schema: _readable(assets, schema), schemas)
        return [schema.name for schema, may in zip(schemas, readable, strict=True) if not may]


def _hidden(assets: Assets, listed: list[Schema]) -> list[str]:
    """The schemas that the list leaves out: the count of all objects still names them."""
    try:
        usage = assets.usage()
    except AppError:
        return []  # only a courtesy: it must not stand in the way of saving
    seen = {schema.id for schema in listed}
    return [usage.names.get(number) or number for number in usage.by_schema if number not in seen]


def _readable(assets: Assets, schema: Schema) -> bool:
    try:
        assets.object_types(schema.id)
    except (NotAllowed, NotThere):
        return False
    return True
