"""The errors of the token address, in Entra's own JSON.

Source: reference of AADSTS codes and the client credentials page of entra-docs. The HTTP status of
each class comes from third-party fixtures and is not confirmed by Microsoft's text.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_ERROR_PAGE = "https://login.microsoftonline.com/error?code="

_WRONG_SECRET = """Invalid client secret provided. Ensure the secret being sent in the request is
the client secret value, not the client secret ID, for a secret added to app '{client}'."""
_EXPIRED_SECRET = """The provided client secret keys for app '{client}' are expired. Visit the
Azure portal to create new keys for your app."""
_NO_APP = """Application with identifier '{client}' was not found in the directory '{tenant}'. This
can happen if the application has not been installed by the administrator of the tenant or consented
to by any user in the tenant. You may have sent your authentication request to the wrong tenant."""
_SCOPE = """The provided value for the input parameter 'scope' is not valid. The scope {scope} is
not valid."""
_COMMON = """The grant type is not supported over the /common or /consumers endpoints. Please use
the /organizations or tenant-specific endpoint."""
_BLOCKED = """Access has been blocked by Conditional Access policies. The access policy does not
allow token issuance."""
_NO_RESOURCE = "The resource principal named {scope} was not found in the tenant named {tenant}."
_MISSING = "The request body must contain the following parameter: '{missing}'."

# code: (class, HTTP status, text)
CATALOGUE: dict[int, tuple[str, int, str]] = {
    7000215: ("invalid_client", 401, _WRONG_SECRET),
    7000222: ("invalid_client", 401, _EXPIRED_SECRET),
    700016: ("unauthorized_client", 400, _NO_APP),
    90002: ("invalid_request", 400, "Tenant '{tenant}' not found."),
    70011: ("invalid_scope", 400, _SCOPE),
    500011: ("invalid_resource", 400, _NO_RESOURCE),
    9001023: ("invalid_request", 400, _COMMON),
    53003: ("access_denied", 400, _BLOCKED),
    90033: ("temporarily_unavailable", 503, "A transient error has occurred. Please try again."),
    900144: ("invalid_request", 400, _MISSING),
    70003: ("unsupported_grant_type", 400, "The app requested an unsupported grant type."),
}


@dataclass
class TokenRefused(Exception):
    """A request that gets no token. `words` fill the text of the code."""

    code: int
    words: dict[str, str]

    def status(self) -> int:
        """The HTTP status."""
        return CATALOGUE[self.code][1]

    def body(self, now: datetime) -> dict[str, Any]:
        """The JSON of the answer."""
        kind, _, template = CATALOGUE[self.code]
        text = " ".join(template.split()).format(**self.words)
        stamp = f"{now:%Y-%m-%d %H:%M:%S}Z"
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        return {
            "error": kind,
            "error_description": f"AADSTS{self.code}: {text}\r\n"
            f"Trace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {stamp}",
            "error_codes": [self.code],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"{_ERROR_PAGE}{self.code}",
        }
