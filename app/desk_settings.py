"""The variables of the vendor's desk (`DESK_…`), read for its own command and for no other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from app.settings import Reader, Settings, SettingsFault, read_settings
from app.words import Secret

SECOND_FACTOR: Final = "mfa"  # RFC 8176: more than one factor was used
_PRINTABLE: Final = re.compile(r"[!-~]{1,255}")
_SECRET: Final = re.compile(r"[!-~]{8,1000}")
_STAFF_KEY: Final = re.compile(r"[!-~]{32,1000}")
_GROUP: Final = re.compile(r"[^\x00-\x1f,]{1,255}")
_VALUE: Final = re.compile(r"[!-+\--~]{1,255}")  # printable, no comma
_FOLDER: Final = re.compile(r"[^\x00]{1,1000}")
_TOLD: Final = ("DEBUG", "INFO")  # the levels at which the lines of the audit are written


@dataclass(frozen=True)
class DeskSettings:
    """What the environment says about the desk. Addresses have no trailing slash.

    `acr_values`, `amr_values`: a sign-in counts when its `acr` is one of the first and its `amr`
    holds one of the second; an empty one asks nothing, and they are never both empty.
    """

    base_url: str
    issuer: str
    client_id: str
    client_secret: Secret
    staff_key: Secret
    viewer_groups: frozenset[str]
    auditor_groups: frozenset[str]
    acr_values: tuple[str, ...] = ()
    amr_values: tuple[str, ...] = (SECOND_FACTOR,)
    receipts_folder: str = "receipts"

    @property
    def host(self) -> str:
        """Host and port as browsers name them in `Host`."""
        return urlsplit(self.base_url).netloc


def read_for_the_desk(
    environ: Mapping[str, str], *, descriptor_key: str
) -> tuple[Settings, DeskSettings]:
    """The app's variables and the desk's. Raises SettingsFault naming all that is wrong in both."""
    faults: list[str] = []
    settings: Settings | None = None
    try:
        settings = read_settings(environ, descriptor_key=descriptor_key)
    except SettingsFault as fault:
        faults += fault.faults
    reader = Reader(environ)
    desk = _desk(reader)
    faults += [each for each in reader.faults if each not in faults]
    faults += _faults_beside_the_app(desk, environ)
    if settings is None or faults:
        raise SettingsFault(faults)
    return settings, desk


def _desk(reader: Reader) -> DeskSettings:
    groups = {
        name: frozenset(reader.each(name, "", _GROUP))
        for name in ("DESK_VIEWER_GROUPS", "DESK_AUDITOR_GROUPS")
    }
    if not any(groups.values()):
        reader.faults.append("DESK_VIEWER_GROUPS, DESK_AUDITOR_GROUPS: one of them is needed.")
    acr_values = reader.each("DESK_ACR_VALUES", "", _VALUE)
    amr_values = reader.each("DESK_AMR_VALUES", "" if acr_values else SECOND_FACTOR, _VALUE)
    if not (acr_values or amr_values):
        reader.faults.append("DESK_AMR_VALUES: must name what a second factor looks like.")
    return DeskSettings(
        base_url=_base_url(reader),
        issuer=reader.address("DESK_ISSUER"),
        client_id=reader.needed("DESK_CLIENT_ID", _PRINTABLE),
        client_secret=Secret(reader.needed("DESK_CLIENT_SECRET", _SECRET)),
        staff_key=Secret(reader.needed("DESK_STAFF_KEY", _STAFF_KEY)),
        viewer_groups=groups["DESK_VIEWER_GROUPS"],
        auditor_groups=groups["DESK_AUDITOR_GROUPS"],
        acr_values=acr_values,
        amr_values=amr_values,
        receipts_folder=reader.matching("DESK_RECEIPTS", "receipts", _FOLDER),
    )


def _base_url(reader: Reader) -> str:
    """In lower case: browsers send it so in `Host` and `Origin`, and these are compared."""
    before = len(reader.faults)
    found = reader.address("DESK_BASE_URL").lower()
    if len(reader.faults) == before:
        parts = urlsplit(found)
        if parts.path or parts.port == {"https": 443, "http": 80}[parts.scheme]:
            reader.faults.append("DESK_BASE_URL: must name no path and no default port.")
    return found


def _faults_beside_the_app(desk: DeskSettings, environ: Mapping[str, str]) -> list[str]:
    """A host shared with the app would share cookies; a quiet log would hide who looked."""
    faults = []
    host = _host(desk.base_url)
    if host and host == _host(environ.get("APP_BASE_URL", "")):
        faults.append("DESK_BASE_URL: must have another host than APP_BASE_URL.")
    if (environ.get("LOG_LEVEL") or "INFO").strip().upper() not in _TOLD:
        faults.append("LOG_LEVEL: must be INFO or DEBUG, or the log would not tell who looked.")
    return faults


def _host(address: str) -> str:
    try:
        return (urlsplit(address.strip()).hostname or "").rstrip(".")
    except ValueError:
        return ""
