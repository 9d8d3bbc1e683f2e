"""The address Jira frames: the module's own, Jira's parameters, and a page token over both."""

import secrets
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from urllib.parse import urlencode, urlsplit

Module = Literal["my-assets", "admin", "my-assets-portal"]
KINDS = ("generalPages", "adminPages", "serviceDeskPortalUserMenuActions")


class Tokens(Protocol):
    """What gives the tokens: the site stand-in, with the secret of its installation."""

    base_url: str

    def page_token(self, account_id: str, method: str, path_and_query: str) -> str: ...

    def context_token(self, account_id: str) -> str: ...


@dataclass(frozen=True)
class Framed:
    """`url` for the frame, and the channel its script has to name in each message."""

    url: str
    channel: str


def framed(
    site: Tokens,
    app_base_url: str,
    descriptor: dict[str, Any],
    module: Module,
    asked: dict[str, str],
) -> Framed:
    """`asked` holds `account`, `loc` and `tz`. KeyError: no such module in the descriptor."""
    channel = f"channel-{secrets.token_hex(8)}"
    parameters = {
        "xdm_e": site.base_url,
        "xdm_c": channel,
        "cp": "",
        "xdm_deprecated_addon_key_do_not_use": str(descriptor.get("key", "")),
        "lic": "none",
        "cv": "1001.0.0-SNAPSHOT",
        "loc": asked["loc"],
        "tz": asked["tz"],
    }
    path = _path(descriptor, module)
    wired = f"{path}{'&' if '?' in path else '?'}{urlencode(parameters)}"
    token = site.page_token(asked["account"], "GET", wired)
    return Framed(f"{app_base_url.rstrip('/')}{wired}&jwt={token}", channel)


def _path(descriptor: dict[str, Any], module: Module) -> str:
    for kind in KINDS:
        found = descriptor.get("modules", {}).get(kind, [])
        for one in found if isinstance(found, list) else [found]:
            if one.get("key") == module:
                return _relative(str(one["url"]))
    raise KeyError(module)


def _relative(url: str) -> str:
    parts = urlsplit(url)
    path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
    return f"{path}?{parts.query}" if parts.query else path
