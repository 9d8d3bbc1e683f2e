"""The parts as data: the form of each, its secret, where that is sealed and what it holds for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.errors import NotThere
from app.said import Sentence
from app.site_settings.documents import Consent, Document, PartName, Requests, Visibility
from app.site_settings.forms import (
    AssetsAccessForm,
    EncryptionStringForm,
    EntraForm,
    ImportForm,
)


@dataclass(frozen=True)
class SecretField:
    """The one secret of a part.

    `document` is where it is sealed apart from the rules, so that the web can write but never
    open it; None: it lies with the rules. `given_for` are the fields whose values it holds for.
    `learned`: what was found out about it lies beside it, too, for whoever uses it.
    """

    name: str
    called: Sentence
    document: str | None = None
    given_for: tuple[str, ...] = ()
    has_hint: bool = True
    learned: bool = False


@dataclass(frozen=True)
class Part:
    name: PartName
    form: type[Document]
    secret: SecretField | None = None

    @property
    def documents(self) -> tuple[str, ...]:
        """Every sealed document of this part, the rules first."""
        apart = self.secret.document if self.secret else None
        return (self.name, apart) if apart else (self.name,)


# What the secrets are called within a sentence.
API_TOKEN: Final = Sentence("called.api_token", "API token")
CLIENT_SECRET: Final = Sentence("called.client_secret", "client secret")
ENCRYPTION_STRING: Final = Sentence("called.encryption_string", "Encryption String")
CONTAINER_TOKEN: Final = Sentence("called.container_token", "container token")

_ALL: Final = (
    Part("assets-access", AssetsAccessForm,
         SecretField("api_token", API_TOKEN, given_for=("email",))),
    Part("entra", EntraForm,
         SecretField("client_secret", CLIENT_SECRET, "entra-secret",
                     ("tenant_id", "client_id", "cloud"))),
    Part("encryption-string", EncryptionStringForm,
         SecretField("encryption_string", ENCRYPTION_STRING, has_hint=False)),
    Part("import", ImportForm,
         SecretField("container_token", CONTAINER_TOKEN, "import-secret", learned=True)),
    Part("visibility", Visibility),
    Part("requests", Requests),
    Part("consent", Consent),
)  # fmt: skip
BY_NAME: Final[Mapping[str, Part]] = MappingProxyType({part.name: part for part in _ALL})


def part_named(name: str) -> Part:
    """Raises NotThere for a part that does not exist."""
    part = BY_NAME.get(name)
    if part is None:
        raise NotThere
    return part
