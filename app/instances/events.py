"""Lifecycle events: read from a body nobody signed, and bound to the token that came with it."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeGuard
from urllib.parse import urlsplit

from app.errors import Malformed, Refused
from app.words import Secret

EventKind = Literal["installed", "uninstalled"]
MAX_BODY_BYTES: Final = 64 * 1024
_MAX_DEPTH_HINT: Final = 200  # opening brackets; a real body has a handful
_ID: Final = re.compile(r"[\x21-\x7e]{1,255}")
_CLOUD_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_NETLOC: Final = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_PATH: Final = re.compile(r"(/[A-Za-z0-9_~-]+)*/?")
_INSTALLATION: Final = re.compile(r"[A-Za-z0-9:/_-]{1,255}")


@dataclass(frozen=True)
class LifecycleEvent:
    """An install or uninstall, checked. `at` is the token's time of issue, in seconds.

    An uninstall has no `base_url`: keys must go whatever address the site says it has by now.
    """

    kind: EventKind
    client_key: str
    base_url: str
    at: int
    digest: str
    secret: Secret | None
    installation_id: str | None
    cloud_id: str | None


@dataclass(frozen=True)
class SiteRules:
    """Which addresses a site may have. In the sandbox also http, loopback and a port."""

    hosts: tuple[str, ...]
    sandbox: bool


def read_event(
    body: bytes, kind: EventKind, *, issuer: str, issued_at: int, app_key: str, sites: SiteRules
) -> LifecycleEvent:
    """Read a body that came with a verified token of `issuer`.

    The body is attacker-controlled and not covered by the token: the value that is compared with
    the issuer is the value that is stored. Raises Malformed, or Refused where it claims to be
    somebody else.
    """
    fields = _fields(body)
    client_key = _text(fields, "clientKey", _ID)
    if client_key != issuer:
        raise Refused("body of another instance")
    if fields.get("key", app_key) != app_key or fields.get("eventType", kind) != kind:
        raise Refused("body of another app or event")
    secret = fields.get("sharedSecret")
    if kind == "installed" and not _is_secret(secret):
        raise Malformed("sharedSecret is missing or has a wrong shape.")
    return LifecycleEvent(
        kind=kind,
        client_key=client_key,
        base_url=site_address(fields.get("baseUrl"), sites) if kind == "installed" else "",
        at=issued_at,
        digest=hashlib.sha256(body).hexdigest(),
        secret=Secret(secret) if kind == "installed" and _is_secret(secret) else None,
        installation_id=_optional(fields, "installationId", _INSTALLATION),
        cloud_id=_optional(fields, "cloudId", _CLOUD_ID),
    )


def site_address(value: object, sites: SiteRules) -> str:
    """A site's base URL without trailing slash. It becomes an outbound target: Refused if odd.

    Raises Malformed for what is no text, or none of a usable length.
    """
    if not isinstance(value, str) or not 0 < len(value) <= 255:
        raise Malformed("baseUrl is missing or has a wrong shape.")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("base url") from None
    plain = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    shaped = _NETLOC.fullmatch(parts.netloc) and _PATH.fullmatch(parts.path)
    if not shaped or ".." in parts.netloc or value.rstrip("/") != plain:
        raise Refused("base url")
    if not sites.sandbox and (parts.scheme != "https" or port is not None):
        raise Refused("base url")
    if parts.scheme not in ("https", "http") or not host_allowed(host, sites.hosts):
        raise Refused("base url")
    return plain


def host_allowed(host: str, patterns: Sequence[str]) -> bool:
    """Whether a host fits one of the patterns; `*.` stands for one or more labels."""
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", host):
        return False
    return any(fnmatch.fnmatchcase(host, pattern.lower()) for pattern in patterns)


def _fields(body: bytes) -> dict[str, Any]:
    if body.count(b"{") + body.count(b"[") > _MAX_DEPTH_HINT:
        raise Malformed("The body is nested too deeply.")
    try:
        value = json.loads(body, object_pairs_hook=_no_twins)
    except (ValueError, RecursionError):
        raise Malformed("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise Malformed("The body is not a JSON object.")
    return value


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name given twice is refused: two readers could each pick another value."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Malformed("The body names a field twice.")
    return value


def _text(fields: dict[str, Any], name: str, shape: re.Pattern[str]) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise Malformed(f"{name} is missing or has a wrong shape.")
    return value


def _is_secret(value: object) -> TypeGuard[str]:
    """8 to 2048 characters, all of them printable: no NUL, no lone surrogate."""
    return isinstance(value, str) and 8 <= len(value) <= 2048 and value.isprintable()


def _optional(fields: dict[str, Any], name: str, shape: re.Pattern[str]) -> str | None:
    return None if fields.get(name) is None else _text(fields, name, shape)
