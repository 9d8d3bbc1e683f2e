"""The Forge door's refusals: what a Forge invocation token (FIT) must be to be believed.

Each step raises Refused with a cause for the log; from outside all refusals look the same. A FIT
is good for any number of calls until it expires: nothing here remembers one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.words import AccountId


@dataclass(frozen=True)
class ForgeApp:
    """What a FIT must be for."""

    app_id: str  # the full ARI
    environment: str  # the `app.environment.type` that is accepted
    api_url: str  # ATLASSIAN_API_URL: whose origin `apiBaseUrl` may have


@dataclass(frozen=True)
class ForgeCaller:
    """A verified caller: the site and installation that all its claims agree on."""

    cloud_id: str  # lower case
    installation_id: str  # the full ARI
    account_id: AccountId | None  # None: nobody in session
    issued_at: int
    site_url: str | None  # as claimed; signed, its shape not yet checked
    from_page: bool  # such a token may have been in a browser: requestRemote shows it
    module_key: str  # "" if none
    licensed: bool | None  # None: the claim is absent


class ForgeKeys(Protocol):
    """Atlassian's public keys of FITs, by key id."""

    def key(self, key_id: str) -> RSAPublicKey | None:
        """None: there is no usable key of this id. Raises ServiceUnreachable."""
        ...


def forge_caller(
    authorization: str | None, keys: ForgeKeys, app: ForgeApp, now: datetime
) -> ForgeCaller:
    """Check a FIT of the Authorization header. Raises Refused, ServiceUnreachable."""
    raise NotImplementedError
