"""Probe of `entra`: asks the token address, and reads in the token what the app may do.

Never calls Graph: that needs consent, and saving settings must not.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from app.errors import CredentialRefused, SettingsUnreadable
from app.said import Sentence
from app.site_settings.documents import ImportRules
from app.site_settings.entra_permissions import missing_permissions, writing_permissions
from app.site_settings.entra_refusals import refusal_finding
from app.site_settings.expiry import warning_at
from app.site_settings.findings import Finding, Probed, error, warning
from app.site_settings.forms import EntraForm
from app.site_settings.probes.question import Question
from app.words import Secret

WRONG_SECRET: Final = 7000215
SECRETS_ID: Final = Sentence(
    "entra.secrets_id",
    "This is the id of a client secret, not the secret. Copy the column Value from Entra ID; it is"
    " shown only when the secret is created, so create a new one if it is gone.{number}",
)
_IS_AN_ID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NOT_CHECKED: Final = Sentence(
    "entra.not_checked", "The client secret was kept and not checked again."
)
LACKS: Final = Sentence(
    "entra.lacks",
    "The app lacks the permission {name}. Add it in Entra ID as an application permission and"
    " grant admin consent.",
)
WRITES: Final = Sentence(
    "entra.writes",
    "The app has the permission {name}, which lets it do more than read. Remove it in Entra ID;"
    " reading is enough.",
)
EXPIRED: Final = Sentence("entra.expiry_passed", "This date has passed: the secret has expired.")
EXPIRES_TOMORROW: Final = Sentence(
    "entra.expires_tomorrow", "The client secret expires in 1 day. Create a new one in time."
)
EXPIRES: Final = Sentence(
    "entra.expires", "The client secret expires in {days} days. Create a new one in time."
)


def probe_entra(question: Question) -> Probed:
    """Raises SlowDown and the service errors when Entra ID does not answer."""
    rules = question.rules
    if not isinstance(rules, EntraForm):
        raise TypeError("the form of another part")
    expiry = _expiry(rules.secret_expires_on, question.outside.clock().date())
    if question.secret is None:
        return Probed((warning("client_secret", NOT_CHECKED()), *expiry))
    cloud = question.outside.cloud(rules.cloud)
    try:
        token = question.outside.login(cloud).token(
            rules.tenant_id, rules.client_id, question.secret, cloud.scope
        )
    except CredentialRefused as refused:
        return Probed((_refusal(refused, question.secret), *expiry))
    findings = (*_permissions(_import_rules(question), token.roles), *expiry)
    return Probed(findings, {"roles": sorted(token.roles)})


def _refusal(refused: CredentialRefused, secret: Secret) -> Finding:
    """What Entra ID says, sharper where what was entered shows why."""
    if refused.code == WRONG_SECRET and _IS_AN_ID.fullmatch(secret.reveal_text()):
        return error("client_secret", SECRETS_ID(number=f" (AADSTS{WRONG_SECRET})"))
    return refusal_finding(refused)


def _import_rules(question: Question) -> ImportRules:
    """What is to be imported: as saved, or the defaults, so that any order of saving works."""
    try:
        return question.reader.import_rules(question.instance) or ImportRules()
    except SettingsUnreadable:
        return ImportRules()


def _permissions(rules: ImportRules, roles: frozenset[str]) -> list[Finding]:
    lacking = [error("client_id", LACKS(name=name)) for name in missing_permissions(rules, roles)]
    writing = [warning("client_id", WRITES(name=name)) for name in writing_permissions(roles)]
    return lacking + writing


def _expiry(expires_on: str | None, today: date) -> list[Finding]:
    if expires_on is None:
        return []
    left = (date.fromisoformat(expires_on) - today).days
    if left <= 0:
        return [warning("secret_expires_on", EXPIRED())]
    if warning_at(left) is None:
        return []
    message = EXPIRES_TOMORROW() if left == 1 else EXPIRES(days=left)
    return [warning("secret_expires_on", message)]
