"""The settings parts as typed documents: what each holds and its defaults (contract, settings).

Other features read settings through these types and import nothing else of this package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.words import Secret

PartName = Literal[
    "assets-access", "entra", "encryption-string", "import", "visibility", "requests", "consent"
]
PARTS: Final[tuple[PartName, ...]] = (
    "assets-access", "entra", "encryption-string", "import", "visibility", "requests", "consent",
)  # fmt: skip

Cloud = Literal["global", "usgov", "usgov-dod", "china"]
Text = Annotated[str, Field(min_length=1, max_length=255)]
Ids = Annotated[tuple[Text, ...], Field(max_length=1000)]
# An address would match nobody, and a promise would go unkept in silence.
PersonId = Annotated[str, Field(pattern=r"^[^@\s]{1,255}$")]


class Document(BaseModel):
    """Strict: an unknown field is a problem to name, never something to ignore."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class Objects(Document):
    users: bool = True
    groups: bool = True
    devices: bool = True
    managed_devices: bool = False
    departments: bool = False
    locations: bool = False
    applications: bool = False


class Filter(Document):
    enabled_only: bool = False
    include_guests: bool = False
    groups: Ids = ()


class Brake(Document):
    """More than `count` affected, or at least 5 and more than `percent` % of the known, brakes.

    With `count` 0 every harm does: whoever wants to look at each of them may.
    """

    percent: Annotated[int, Field(ge=0, le=100)] = 10
    count: Annotated[int, Field(ge=0, le=1_000_000)] = 500


class Schedule(Document):
    every: Literal["hour", "day", "week"]
    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] | None = None
    at: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "02:00"
    time_zone: Text = "UTC"


class LinkAccounts(Document):
    """How many people the pass beside the imports may look up in Jira in an hour."""

    people_an_hour: Annotated[int, Field(ge=1, le=100_000)] = 2_000


class ImportRules(Document):
    """Part `import` without its secret, the container token.

    Where the app's own token stands for it, source and workspace name the import, both of them.
    `object_allowance`: how many objects the site may hold in Assets; None: not known.
    `link_accounts`: people are looked up in Jira, to link their accounts; None: nobody is.
    `restricted_people`: Entra ids of people whose data is to be left as it is (GDPR, article 18).
    """

    import_source_id: Text | None = None
    workspace_id: Text | None = None
    objects: Objects = Objects()
    memberships: Ids = ()
    filter: Filter = Filter()
    leavers: Literal["keep", "mark", "delete"] = "keep"
    brake: Brake = Brake()
    missing_objects: Literal["ignore", "remove", "unknown"] = "unknown"
    object_allowance: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    link_accounts: LinkAccounts | None = None
    restricted_people: Annotated[tuple[PersonId, ...], Field(max_length=1000)] = ()
    schedule: Schedule | None = None


class EntraRules(Document):
    """Part `entra` without its secret, the client secret."""

    tenant_id: Text
    client_id: Text
    secret_expires_on: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = None
    cloud: Cloud = "global"


class Access(Document):
    mode: Literal["allow", "restrict"] = "restrict"
    groups: Ids = ()
    customers: bool = True


class OwnerRule(Document):
    """Who owns an asset: `object_type` is an id or `*`, `attribute` a name."""

    object_type: Text
    attribute: Text
    match: Literal["account", "email", "entra_id", "person"]


DEFAULT_OWNER_RULES: Final = (
    OwnerRule(object_type="*", attribute="Owner", match="account"),
    OwnerRule(object_type="*", attribute="Assigned To", match="person"),
)


class Visibility(Document):
    """Part `visibility`; the defaults hold before it is saved."""

    access: Access = Access()
    hidden_schemas: Ids = ()
    hidden_object_types: Ids = ()
    columns: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    owner_rules: Annotated[tuple[OwnerRule, ...], Field(max_length=50)] = DEFAULT_OWNER_RULES


class Requests(Document):
    service_desk_id: Text
    request_type_id: Text
    asset_field_id: Text | None = None


class Consent(Document):
    entra_import: bool = False
    metrics: bool = False


@dataclass(frozen=True)
class AssetsAccess:
    """Part `assets-access`, opened: the account that reads and writes Assets for the app.

    Mode `app`: there is no account, the app does it with its own token. See OWN_ACCESS.
    """

    email: str = field(repr=False)
    api_token: Secret
    mode: Literal["api_token", "app"] = "api_token"


OWN_ACCESS: Final = AssetsAccess("", Secret(""), "app")


@dataclass(frozen=True)
class EntraSecret:
    """The client secret with what it was given for. Only the worker opens it."""

    tenant_id: str
    client_id: str
    cloud: Cloud
    client_secret: Secret


@dataclass(frozen=True)
class ContainerToken:
    """The import's token with the import it was given for. Only the worker opens it."""

    workspace_id: str
    import_source_id: str
    container_token: Secret
