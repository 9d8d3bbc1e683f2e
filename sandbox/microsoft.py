"""Entra ID and Microsoft Graph together, as one thing to start and stop."""

from collections.abc import Callable
from datetime import UTC, datetime

from sandbox.directory import Directory
from sandbox.entra import Entra, Registration, SigningKey, demo_tenant
from sandbox.graph import Behaviour, Graph

Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


class Microsoft:
    """The stand-in for Microsoft's side, with one ready app registration in one tenant.

    Its ids and secret are `sandbox.entra.TENANT_ID`, `CLIENT_ID`, `CLIENT_SECRET`. `entra` and
    `graph` exist once it is started; both have `fail_next`, `calls`, `heal`.
    """

    def __init__(
        self,
        clock: Clock = _now,
        behaviour: Behaviour | None = None,
        key: SigningKey | None = None,
    ) -> None:
        self.tenant = demo_tenant()
        self.behaviour = behaviour or Behaviour()
        self._clock = clock
        self._key = key or SigningKey()
        self.entra: Entra
        self.graph: Graph

    def start(
        self, directory: Directory, login_port: int = 0, graph_port: int = 0
    ) -> tuple[str, str]:
        """Listen on loopback (0 = a free port): the login address and Graph's."""
        self.graph = Graph(directory, self._key, self._clock, self.behaviour)
        graph_url = self.graph.start(graph_port)
        self.entra = Entra([self.tenant], self._key, self._clock, graph_url)
        return self.entra.start(login_port), graph_url

    def register(self, registration: Registration) -> None:
        """Add or replace an app registration, also while running."""
        self.tenant.register(registration)

    def sign(self, claims: dict[str, object]) -> str:
        """A token with any claims, for tests of what Graph refuses."""
        return self._key.sign(claims)

    def stop(self) -> None:
        """Stop both; safe to repeat."""
        for service in (getattr(self, "entra", None), getattr(self, "graph", None)):
            if service is not None:
                service.stop()
