"""Tenants and the app registrations in them: client ids, secrets with an end, granted roles."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.directory.cast import DOMAIN

TENANT_ID = "7e4a4700-0000-4000-8000-000000000001"
CLIENT_ID = "a9900000-0000-4000-8000-000000000001"
CLIENT_SECRET = "sbx8Q~Demo.Secret-of-the-stand-in~directory"

READ_ROLES = (
    "User.Read.All",
    "Group.Read.All",
    "GroupMember.Read.All",
    "Device.Read.All",
    "DeviceManagementManagedDevices.Read.All",
    "Application.Read.All",
)


@dataclass(frozen=True)
class ClientSecret:
    """A secret and its end; None = it does not end while the sandbox runs."""

    value: str = field(repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Registration:
    """An app in a tenant. `refused_with` is an AADSTS code that every request of it gets."""

    client_id: str
    secrets: tuple[ClientSecret, ...]
    roles: tuple[str, ...] = READ_ROLES
    refused_with: int | None = None


@dataclass
class Tenant:
    """A tenant is addressed by its id or by a domain."""

    tenant_id: str
    domain: str
    name: str = "Contoso Example"
    registrations: dict[str, Registration] = field(default_factory=dict)

    def register(self, registration: Registration) -> None:
        """Add or replace an app registration."""
        self.registrations[registration.client_id.lower()] = registration

    def named(self, name: str) -> bool:
        """Whether an address names this tenant."""
        return name.lower() in (self.tenant_id, self.domain)


def demo_tenant() -> Tenant:
    """The tenant of the demo with its one ready app."""
    tenant = Tenant(TENANT_ID, DOMAIN)
    tenant.register(Registration(CLIENT_ID, (ClientSecret(CLIENT_SECRET),)))
    return tenant
