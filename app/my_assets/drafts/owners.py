"""Who is named as an owner of what, by rules of any draft. Pure.

Only finds who has to be asked about: whether it is theirs, the decision says.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.inventory import AssetObject, Value
from app.my_assets.catalogue import Catalogue
from app.my_assets.ownership import Match, reaching
from app.site_settings.documents import OwnerRule

_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


@dataclass(frozen=True)
class Named:
    """What an attribute says of an owner: an account, an address, an Entra id, or a person.

    `sure`: Assets itself calls it an account; a text may be any text.
    """

    match: Match
    value: str = field(repr=False)
    sure: bool = False


def lowered(text: str) -> str:
    """As the decision compares addresses: A to Z only."""
    return text.translate(_LOWER)


def owners_of(
    assets: Iterable[AssetObject], rules: Iterable[OwnerRule], catalogue: Catalogue
) -> Mapping[Named, list[AssetObject]]:
    """Each asset under everybody whom an attribute names that one of the rules looks at."""
    given = tuple(rules)
    found: dict[Named, list[AssetObject]] = {}
    ways = {
        one: set(reaching(given, catalogue, one)) for one in catalogue.types
    }  # once for each type, not for each asset
    for asset in assets:
        named = {
            Named(match, _said(match, value), sure=value.kind == "user")
            for match, attribute in ways.get(asset.object_type_id, ())
            for value in asset.values.get(attribute.id, ())
        }
        for one in named:
            if one.value:
                found.setdefault(one, []).append(asset)
    return found


def _said(match: Match, value: Value) -> str:
    if match == "person":
        return (value.object_id or value.key) if value.kind == "reference" else ""
    if match == "account":
        return value.key if value.kind in ("user", "text") else ""
    return lowered(value.key) if value.kind == "text" else ""
