"""What an administrator should do about each way Entra ID refuses a token.

Decides by the AADSTS number, else by OAuth's error; never by Entra's sentence, which may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.errors import CredentialRefused
from app.said import Sentence
from app.site_settings.findings import Finding, error

# Behind each stands the AADSTS number, for look-ups.
SECRET_WRONG: Final = Sentence(
    "entra.secret_wrong",
    "The client secret is wrong. Copy the secret's value from Entra ID, not its id.{number}",
)
SECRET_EXPIRED: Final = Sentence(
    "entra.secret_expired",
    "The client secret has expired. Create a new one in Entra ID and enter it here.{number}",
)
SECRET_REFUSED: Final = Sentence(
    "entra.secret_refused",
    "Entra ID does not accept the client secret: it is wrong or has expired.{number}",
)
CERTIFICATE: Final = Sentence(
    "entra.certificate",
    "Entra ID does not accept the certificate of this app. Enter a client secret.{number}",
)
APP_UNKNOWN: Final = Sentence(
    "entra.app_unknown",
    "This tenant has no app with this client id. Check the tenant id, the client id and the"
    " cloud.{number}",
)
APP_OFF: Final = Sentence(
    "entra.app_off",
    "This app is switched off in Entra ID. Switch it on there, or enter another one.{number}",
)
APP_NOT_ALLOWED: Final = Sentence(
    "entra.app_not_allowed",
    "Entra ID does not allow this app to sign in to this tenant. Check the tenant id, the client"
    " id and the cloud.{number}",
)
APP_REFUSED: Final = Sentence(
    "entra.app_refused",
    "Entra ID refuses this app. Check the tenant id, the client id and the cloud.{number}",
)
GRANT_REFUSED: Final = Sentence(
    "entra.grant_refused",
    "Entra ID refuses this app: it or a policy forbids this kind of sign-in.{number}",
)
BLOCKED: Final = Sentence(
    "entra.blocked",
    "A Conditional Access policy blocks this app. Exclude the app from the policy for workload"
    " identities, or allow the address it calls from.{number}",
)
TENANT_UNKNOWN: Final = Sentence(
    "entra.tenant_unknown",
    "There is no such tenant. Check the tenant id and the cloud.{number}",
)
NO_TENANT_ID: Final = Sentence(
    "entra.no_tenant_id",
    "This is neither the id of a tenant nor a domain. Check the tenant id.{number}",
)
TENANT_AT_LARGE: Final = Sentence(
    "entra.tenant_at_large", "Give the id of your own tenant instead of a shared one.{number}"
)
REQUEST_REFUSED: Final = Sentence(
    "entra.request_refused",
    "Entra ID refuses the request. Check the tenant id, the client id and the cloud.{number}",
)
SCOPE_UNKNOWN: Final = Sentence(
    "entra.scope_unknown",
    "Entra ID does not know the scope of this cloud's Microsoft Graph. Check the cloud.{number}",
)
NO_GRAPH: Final = Sentence(
    "entra.no_graph", "This tenant has no Microsoft Graph of this cloud. Check the cloud.{number}"
)

# Microsoft identity platform, "Error codes". Number → the field it is about, and what to do.
BY_CODE: Final[Mapping[int, tuple[str, Sentence]]] = MappingProxyType(
    {
        7000215: ("client_secret", SECRET_WRONG),
        7000222: ("client_secret", SECRET_EXPIRED),
        700016: ("client_id", APP_UNKNOWN),
        7000112: ("client_id", APP_OFF),
        90002: ("tenant_id", TENANT_UNKNOWN),
        900023: ("tenant_id", NO_TENANT_ID),
        700027: ("client_secret", CERTIFICATE),
        70011: ("cloud", SCOPE_UNKNOWN),
        500011: ("cloud", NO_GRAPH),
        53003: ("client_id", BLOCKED),
        9001023: ("tenant_id", TENANT_AT_LARGE),
    }
)
BY_ERROR: Final[Mapping[str, tuple[str, Sentence]]] = MappingProxyType(
    {
        "invalid_client": ("client_secret", SECRET_REFUSED),
        "unauthorized_client": ("client_id", APP_NOT_ALLOWED),
        "invalid_scope": BY_CODE[70011],
        "invalid_resource": BY_CODE[500011],
        "access_denied": BY_CODE[53003],
        "interaction_required": BY_CODE[53003],
        "invalid_grant": ("client_id", GRANT_REFUSED),
        "invalid_request": ("tenant_id", REQUEST_REFUSED),
    }
)
OTHERWISE: Final = ("client_id", APP_REFUSED)


def refusal_finding(refused: CredentialRefused) -> Finding:
    """One error with the field to look at; the AADSTS number stands behind it for look-ups."""
    known = BY_CODE.get(refused.code) if refused.code is not None else None
    field, sentence = known or BY_ERROR.get(refused.error, OTHERWISE)
    number = f" (AADSTS{refused.code})" if refused.code is not None else ""
    return error(field, sentence(number=number))
