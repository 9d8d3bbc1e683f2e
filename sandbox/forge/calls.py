"""What Forge itself puts on a call to the app: its own token, and the access tokens."""

import secrets
from collections.abc import Callable

from sandbox.forge.invocation import Deployment, InvocationKey, Place, claims_of
from sandbox.forge.manifest import Endpoint
from sandbox.forge.tokens import Tokens

APP_USER = "557058:00000000-0000-4000-8000-0000000000f0"


class Calls:
    """Makes the headers of calls: a fresh invocation token each time, cached access tokens."""

    def __init__(
        self,
        key: InvocationKey,
        tokens: Tokens,
        scopes: frozenset[str],
        clock: Callable[[], float],
    ) -> None:
        self._key = key
        self._tokens = tokens
        self._scopes = scopes
        self._clock = clock

    def headers(
        self,
        deployment: Deployment,
        place: Place,
        endpoint: Endpoint,
        person: str | None,
        *,
        user_token: bool,
    ) -> dict[str, str]:
        """For one call; `person` is the account on the page, None for calls of no page."""
        claims = claims_of(deployment, place, endpoint, int(self._clock()), person)
        headers = {
            "authorization": f"Bearer {self._key.sign(claims)}",
            "x-b3-traceid": secrets.token_hex(16),
            "x-b3-spanid": secrets.token_hex(8),
        }
        if endpoint.system:
            headers["x-forge-oauth-system"] = self._token(place, APP_USER, system=True)
        if endpoint.user and person is not None and user_token:
            headers["x-forge-oauth-user"] = self._token(place, person, system=False)
        return headers

    def _token(self, place: Place, account_id: str, *, system: bool) -> str:
        return self._tokens.hand_out(
            place.installation_id, account_id, system=system, scopes=self._scopes
        )
