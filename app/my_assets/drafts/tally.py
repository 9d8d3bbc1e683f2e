"""Adds up what a draft does to people and their assets. Pure; holds ids, tells numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.inventory import AssetObject
from app.my_assets.decision import Shown
from app.words import Json


@dataclass(frozen=True)
class Side:
    """What one person sees by one set of rules: by the object's id, as it is shown."""

    enters: bool
    rows: Mapping[str, Shown] = field(repr=False)


@dataclass
class TypeTally:
    """Ids of assets that somebody sees who did not, no longer sees, or sees otherwise."""

    appear: set[str] = field(default_factory=set)
    disappear: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)

    def as_json(self) -> Json:
        return {
            "appear": len(self.appear),
            "disappear": len(self.disappear),
            "changed": len(self.changed),
        }


@dataclass
class Tally:
    gain: int = 0
    lose: int = 0
    changed: int = 0
    gain_access: int = 0
    lose_access: int = 0
    looked_at: int = 0
    assets: TypeTally = field(default_factory=TypeTally)
    by_type: dict[str, TypeTally] = field(default_factory=dict)

    def add(self, before: Side, after: Side, assets: Mapping[str, AssetObject]) -> None:
        """One person. Whoever gains one asset and loses another counts in both."""
        appear = after.rows.keys() - before.rows.keys()
        disappear = before.rows.keys() - after.rows.keys()
        both = before.rows.keys() & after.rows.keys()
        changed = {one for one in both if before.rows[one] != after.rows[one]}
        self.looked_at += 1
        self.gain += bool(appear)
        self.lose += bool(disappear)
        self.changed += bool(changed)
        self.gain_access += after.enters and not before.enters
        self.lose_access += before.enters and not after.enters
        for name, found in (("appear", appear), ("disappear", disappear), ("changed", changed)):
            for one in found:
                of_type = self.by_type.setdefault(assets[one].object_type_id, TypeTally())
                getattr(of_type, name).add(one)
                getattr(self.assets, name).add(one)

    def people_as_json(self) -> Json:
        return {
            "gain": self.gain,
            "lose": self.lose,
            "changed": self.changed,
            "gain_access": self.gain_access,
            "lose_access": self.lose_access,
            "looked_at": self.looked_at,
        }
