"""What an administrator is told of somebody else's assets: what they are, not what stands in them.

Name, key, type and schema an administrator may know (`leavers` tells them too); a value may be
something the person alone is to see.
"""

from __future__ import annotations

from typing import Final

from app.my_assets.rows import Row
from app.words import Json

MASK: Final = "•••"


def masked(row: Row) -> Json:
    """The row as the list tells it, each value covered: how many there are can be seen."""
    told = row.as_json()
    plain = {told["label"], told["object_key"]}
    for attribute in told["attributes"]:
        attribute["values"] = [one if one in plain else MASK for one in attribute["values"]]
    return told
