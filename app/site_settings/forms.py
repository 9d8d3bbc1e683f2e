"""What an administrator may send for each part: the documents plus their secrets.

Field rules only, no look at what is stored and no call to a service.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr

from app.said import Sentence
from app.site_settings.documents import (
    Document,
    EntraRules,
    ImportRules,
    Schedule,
)

TENANT: Final = r"^[A-Za-z0-9][A-Za-z0-9.-]{0,253}$"
CLIENT: Final = r"^[A-Za-z0-9][A-Za-z0-9-]{0,127}$"
# No colon: it would end the name in a Basic header. No spaces: they come from copying.
EMAIL: Final = r"^[^@\s:]{1,128}@[^@\s:]{1,125}$"
ASSETS_ID: Final = r"^[A-Za-z0-9-]{1,64}$"
# The grant needs one tenant; these words stand for many (AADSTS9001023).
TENANTS_AT_LARGE: Final = frozenset({"common", "organizations", "consumers"})
STRING_CHARACTERS: Final = 16

TENANT_AT_LARGE: Final = Sentence(
    "form.tenant_at_large", "Give the id of your own tenant; this word stands for many."
)
NO_SUCH_DATE: Final = Sentence(
    "form.no_such_date", "There is no such date; write it as 2027-01-31."
)
NO_SUCH_TIME_ZONE: Final = Sentence(
    "form.no_such_time_zone", "There is no such time zone; write it as Europe/Berlin."
)
ODD_CHARACTERS: Final = Sentence(
    "form.odd_characters", "This has spaces, line breaks or odd characters in it; copy it again."
)
CANNOT_BE_KEPT: Final = Sentence(
    "form.cannot_be_kept", "This has characters in it that cannot be kept."
)


def _a_single_tenant(value: str) -> str:
    if value.lower() in TENANTS_AT_LARGE:
        raise ValueError(TENANT_AT_LARGE())
    return value


def _a_date(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError(NO_SUCH_DATE()) from None
    return value


def _a_time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(NO_SUCH_TIME_ZONE()) from None
    return value


def _a_token(value: SecretStr) -> SecretStr:
    # It becomes a header: a line break in it would end that header.
    text = value.get_secret_value()
    if not all("\x21" <= character <= "\x7e" for character in text):
        raise ValueError(ODD_CHARACTERS())
    return value


def _a_passphrase(value: SecretStr) -> SecretStr:
    try:
        value.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError(CANNOT_BE_KEPT()) from None
    return value


Token = Annotated[SecretStr, Field(min_length=1, max_length=4096), AfterValidator(_a_token)]
Passphrase = Annotated[
    SecretStr,
    Field(min_length=STRING_CHARACTERS, max_length=1024),
    AfterValidator(_a_passphrase),
]


class AssetsAccessForm(Document):
    mode: Literal["api_token", "app"] = "api_token"
    email: Annotated[str, Field(pattern=EMAIL)] | None = None
    api_token: Token | None = None


class EntraForm(EntraRules):
    tenant_id: Annotated[str, Field(pattern=TENANT), AfterValidator(_a_single_tenant)]
    client_id: Annotated[str, Field(pattern=CLIENT)]
    secret_expires_on: Annotated[str, AfterValidator(_a_date)] | None = None
    client_secret: Token | None = None


class ScheduleForm(Schedule):
    time_zone: Annotated[str, AfterValidator(_a_time_zone)] = "UTC"


class ImportForm(ImportRules):
    import_source_id: Annotated[str, Field(pattern=ASSETS_ID)] | None = None
    workspace_id: Annotated[str, Field(pattern=ASSETS_ID)] | None = None
    schedule: ScheduleForm | None = None
    container_token: Token | None = None


class EncryptionStringForm(Document):
    encryption_string: Passphrase | None = None
