"""Which site a Forge token speaks for: every claim that names one must name the same one.

A token whose own claims disagree proves nothing about either site, so nobody picks among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from app.callers.tokens import member
from app.errors import Refused
from app.words import Json

_ATLASSIAN: Final = "https://api.atlassian.com"
_CLOUD_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_SITE_ADDRESS: Final = re.compile(
    r"(?P<base>.+)/ex/[a-z-]{1,50}/(?P<cloud_id>[A-Za-z0-9-]{1,64})/?"
)
_MAX_CONTEXTS: Final = 50  # a token has one or two


def agreed_cloud_id(claimed: Json, context: Json, api_url: str) -> str:
    """The one cloud id, in lower case, of the claims `app` and `context`. Raises Refused."""
    bases = (_ATLASSIAN, api_url, _origin(api_url))
    found = {cloud_id.lower() for cloud_id in _named(claimed, context, bases)}
    if len(found) != 1:
        raise Refused("claims disagree about the site" if found else "no site")
    return found.pop()


def _named(claimed: Json, context: Json, bases: tuple[str, ...]) -> Iterator[str]:
    yield from _of_one(context, bases)
    yield from _of_one({"apiBaseUrl": claimed.get("apiBaseUrl")}, bases)
    for each in _contexts(claimed):
        if isinstance(each, dict) and str(each.get("name")).startswith("jira"):
            yield from _of_one(each, bases)


def _contexts(claimed: Json) -> list[Any]:
    contexts = member(claimed, "installation").get("contexts")
    if contexts is None:
        return []
    if not isinstance(contexts, list) or len(contexts) > _MAX_CONTEXTS:
        raise Refused("shape of a claim")
    return contexts


def _of_one(place: Json, bases: tuple[str, ...]) -> Iterator[str]:
    cloud_id, address = place.get("cloudId"), place.get("apiBaseUrl")
    if cloud_id is not None:
        if not isinstance(cloud_id, str) or not _CLOUD_ID.fullmatch(cloud_id):
            raise Refused("cloud id")
        yield cloud_id
    if address is not None:
        yield _cloud_id_of(address, bases)


def _cloud_id_of(address: object, bases: tuple[str, ...]) -> str:
    """Tokens of ours go to this address's site, so it lies at Atlassian's API or is refused."""
    match = _SITE_ADDRESS.fullmatch(address) if isinstance(address, str) else None
    if match is None or match["base"] not in bases:
        raise Refused("api address")
    return match["cloud_id"]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
