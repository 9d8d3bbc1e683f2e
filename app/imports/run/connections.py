"""How a run of one instance reaches what it talks to. The wiring gives one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.errors import Problem
from app.imports.planning.samples import SampleStore
from app.imports.run.delta_links import LinkStore
from app.imports.run.feed import FedDirectory
from app.imports.run.pass_ports import AccountLinks, PassStore
from app.imports.run.ports import Assets, Executions, HistoryStore, NamedImport
from app.instances.reference import InstanceReference
from app.site_settings.documents import ImportRules


class Connections(Protocol):
    """Opens what a run of one instance talks to. Raises SettingsUnreadable, ServiceUnreachable.

    The parts of the settings are read anew each time.
    """

    def missing(self, instance: InstanceReference) -> Sequence[Problem]:
        """Each part that an import needs and that is not set."""
        ...

    def require_readable(self, instance: InstanceReference) -> None:
        """Raises SettingsUnreadable for a part that an import needs and that does not open, as far
        as this role can tell."""
        ...

    def consented(self, instance: InstanceReference) -> bool: ...

    def rules(self, instance: InstanceReference) -> ImportRules: ...

    def import_named(self, instance: InstanceReference) -> NamedImport | None:
        """The import that the settings stand for; None: none is set."""
        ...

    def workspace_id(self, instance: InstanceReference) -> str:
        """The Assets workspace of this site."""
        ...

    def assets(self, instance: InstanceReference) -> Assets: ...

    def executions(self, instance: InstanceReference) -> Executions: ...

    def source(self, instance: InstanceReference) -> str:
        """Which tenant is read, as which client, in which cloud: told apart, never shown."""
        ...

    def delta_links(self, instance: InstanceReference) -> LinkStore: ...

    def directory(self, instance: InstanceReference) -> FedDirectory:
        """Asks Entra ID for a token. Raises CredentialRefused, SlowDown, ServiceFailed."""
        ...

    def learn_secret_expiry(self, instance: InstanceReference) -> None:
        """Ask Graph when the secret in use ends, if the app may. Raises the tree of app.errors."""
        ...

    def history(self, instance: InstanceReference) -> HistoryStore: ...

    def samples(self, instance: InstanceReference) -> SampleStore: ...

    def pass_store(self, instance: InstanceReference) -> PassStore: ...

    def account_links(self, instance: InstanceReference, spared: Sequence[str]) -> AccountLinks:
        """`spared`: the Entra ids of people who are not to be looked up."""
        ...

    def tidy(self, instance: InstanceReference) -> None:
        """Put the sealed settings in order, as only the worker can. Never raises an AppError."""
        ...
