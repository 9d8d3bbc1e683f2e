"""What an administrator should do about each way Entra ID refuses a token.

Decides by the AADSTS number, else by OAuth's error; never by Entra's sentence, which may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.errors import CredentialRefused
from app.site_settings.findings import Finding, error

_CHECK_TENANT: Final = "Check the tenant id, the client id and the cloud."
# Microsoft identity platform, "Error codes". Number → the field it is about, and what to do.
BY_CODE: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        7000215: (
            "client_secret",
            "The client secret is wrong. Copy the secret's value from Entra ID, not its id.",
        ),
        7000222: (
            "client_secret",
            "The client secret has expired. Create a new one in Entra ID and enter it here.",
        ),
        700016: (
            "client_id",
            "This tenant has no app with this client id. " + _CHECK_TENANT,
        ),
        7000112: (
            "client_id",
            "This app is switched off in Entra ID. Switch it on there, or enter another one.",
        ),
        90002: ("tenant_id", "There is no such tenant. Check the tenant id and the cloud."),
        900023: (
            "tenant_id",
            "This is neither the id of a tenant nor a domain. Check the tenant id.",
        ),
        700027: (
            "client_secret",
            "Entra ID does not accept the certificate of this app. Enter a client secret.",
        ),
        70011: (
            "cloud",
            "Entra ID does not know the scope of this cloud's Microsoft Graph. Check the cloud.",
        ),
        500011: (
            "cloud",
            "This tenant has no Microsoft Graph of this cloud. Check the cloud.",
        ),
        53003: (
            "client_id",
            (
                "A Conditional Access policy blocks this app. Exclude the app from the policy for"
                " workload identities, or allow the address it calls from."
            ),
        ),
        9001023: ("tenant_id", "Give the id of your own tenant instead of a shared one."),
    }
)
BY_ERROR: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "invalid_client": (
            "client_secret",
            "Entra ID does not accept the client secret: it is wrong or has expired.",
        ),
        "unauthorized_client": (
            "client_id",
            "Entra ID does not allow this app to sign in to this tenant. " + _CHECK_TENANT,
        ),
        "invalid_scope": BY_CODE[70011],
        "invalid_resource": BY_CODE[500011],
        "access_denied": BY_CODE[53003],
        "interaction_required": BY_CODE[53003],
        "invalid_grant": (
            "client_id",
            "Entra ID refuses this app: it or a policy forbids this kind of sign-in.",
        ),
        "invalid_request": ("tenant_id", "Entra ID refuses the request. " + _CHECK_TENANT),
    }
)
OTHERWISE: Final = ("client_id", "Entra ID refuses this app. " + _CHECK_TENANT)


def refusal_finding(refused: CredentialRefused) -> Finding:
    """One error with the field to look at; the AADSTS number stands behind it for look-ups."""
    known = BY_CODE.get(refused.code) if refused.code is not None else None
    field, sentence = known or BY_ERROR.get(refused.error, OTHERWISE)
    number = f" (AADSTS{refused.code})" if refused.code is not None else ""
    return error(field, sentence + number)
