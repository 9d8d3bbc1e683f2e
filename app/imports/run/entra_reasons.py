"""Why Entra ID gave a run no token, by the AADSTS number; never by its sentence.

Source: Microsoft identity platform, "Error codes".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.errors import CredentialRefused

OTHERWISE: Final = "entra_refused"
BY_CODE: Final[Mapping[int, str]] = MappingProxyType(
    {
        7000215: "entra_secret_wrong",
        7000222: "entra_secret_expired",
        700016: "entra_app_unknown",
        7000112: "entra_app_disabled",
        90002: "entra_tenant_unknown",
        900023: "entra_tenant_unknown",
        53003: "entra_blocked",
    }
)


def entra_reason(refused: CredentialRefused) -> str:
    """A code of app.imports.run.reasons."""
    return BY_CODE.get(refused.code, OTHERWISE) if refused.code is not None else OTHERWISE
