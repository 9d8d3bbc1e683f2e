"""A stand-in for the token address of Entra ID; it signs what the Graph stand-in reads."""

from sandbox.entra.registrations import (
    CLIENT_ID,
    CLIENT_SECRET,
    READ_ROLES,
    TENANT_ID,
    ClientSecret,
    Registration,
    Tenant,
    demo_tenant,
)
from sandbox.entra.service import Entra
from sandbox.entra.signing import BadToken, SigningKey, roles_of

__all__ = [
    "CLIENT_ID",
    "CLIENT_SECRET",
    "READ_ROLES",
    "TENANT_ID",
    "BadToken",
    "ClientSecret",
    "Entra",
    "Registration",
    "SigningKey",
    "Tenant",
    "demo_tenant",
    "roles_of",
]
