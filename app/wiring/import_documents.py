"""The sealed documents that runs keep in an instance's own site storage."""

from __future__ import annotations

from typing import Final

from app.imports.accounts.pass_state import DOCUMENT as PASS
from app.imports.desk.sample_desk import DOCUMENT as PREVIEW_SAMPLES
from app.instances.reference import InstanceReference
from app.vault.vault import Vault
from app.wiring.sites import Sites
from app.words import Secret

RUN_HISTORY: Final = "run-history"
DELTA_LINKS: Final = "delta-links"


class RunHistory:
    """`app.imports.run.ports.HistoryStore`: sealed in this instance's own site storage."""

    def __init__(self, sites: Sites, vault: Vault, instance: InstanceReference) -> None:
        self._shelf = sites.shelf(vault, instance)

    def read(self) -> bytes | None:
        opened = self._shelf.open(RUN_HISTORY)
        return opened.reveal() if opened is not None else None

    def write(self, content: bytes) -> None:
        self._shelf.rewrite(RUN_HISTORY, Secret(content))


class DeltaLinks:
    """The port `LinkStore` of `delta_links`: a pointer names it, so that no old one comes back."""

    def __init__(self, sites: Sites, vault: Vault, instance: InstanceReference) -> None:
        self._shelf = sites.shelf(vault, instance)

    def read(self) -> bytes | None:
        opened = self._shelf.open(DELTA_LINKS)
        return opened.reveal() if opened is not None else None

    def write(self, content: bytes) -> None:
        self._shelf.save({DELTA_LINKS: Secret(content)})


class PreviewSamples:
    """`app.imports.planning.samples.SampleStore`: sealed there too, under a new key each time."""

    def __init__(self, sites: Sites, vault: Vault, instance: InstanceReference) -> None:
        self._shelf = sites.shelf(vault, instance)

    def read(self) -> bytes | None:
        opened = self._shelf.open(PREVIEW_SAMPLES)
        return opened.reveal() if opened is not None else None

    def write(self, content: bytes) -> None:
        self._shelf.save({PREVIEW_SAMPLES: Secret(content)})

    def forget(self) -> None:
        self._shelf.forget((PREVIEW_SAMPLES,))


class AccountPass:
    """`app.imports.run.pass_ports.PassStore`: a pointer names it, so that no old one comes back."""

    def __init__(self, sites: Sites, vault: Vault, instance: InstanceReference) -> None:
        self._shelf = sites.shelf(vault, instance)

    def read(self) -> bytes | None:
        opened = self._shelf.open(PASS)
        return opened.reveal() if opened is not None else None

    def write(self, content: bytes) -> None:
        self._shelf.save({PASS: Secret(content)})

    def forget(self) -> None:
        self._shelf.forget((PASS,))
