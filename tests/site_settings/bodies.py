"""Bodies that pass, with secrets that are easy to recognise in the wrong place."""

from __future__ import annotations

from typing import Final

from app.words import Json

API_TOKEN: Final = "canary-api-token-wxyz"
CLIENT_SECRET: Final = "canary-client-secret-wxyz"
CONTAINER_TOKEN: Final = "canary-container-token-wxyz"
ENCRYPTION_STRING: Final = "canary of an Encryption String"
TENANT: Final = "11111111-2222-3333-4444-555555555555"
CLIENT: Final = "66666666-7777-8888-9999-000000000000"

BODIES: Final[dict[str, Json]] = {
    "assets-access": {"mode": "api_token", "email": "ada@a.example", "api_token": API_TOKEN},
    "entra": {"tenant_id": TENANT, "client_id": CLIENT, "client_secret": CLIENT_SECRET},
    "encryption-string": {"encryption_string": ENCRYPTION_STRING},
    "import": {"container_token": CONTAINER_TOKEN},
    "visibility": {"access": {"mode": "allow", "groups": ["g-1"], "customers": False}},
    "requests": {"service_desk_id": "4", "request_type_id": "17"},
    "consent": {"entra_import": True, "metrics": False},
}
SECRETS: Final = {
    "assets-access": "api_token",
    "entra": "client_secret",
    "encryption-string": "encryption_string",
    "import": "container_token",
}


def body(part: str, **changes: object) -> Json:
    """The body of a part with some fields changed; a change to `...` leaves the field out."""
    changed = {**BODIES[part], **changes}
    return {name: value for name, value in changed.items() if value is not ...}
