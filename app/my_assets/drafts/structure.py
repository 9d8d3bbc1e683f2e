"""What a draft changes of the types themselves: seen at all, whose, and which attributes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.inventory import AttributeType
from app.my_assets.catalogue import Catalogue
from app.my_assets.hiding import Hiding
from app.my_assets.ownership import reaching
from app.my_assets.rows import sendable
from app.site_settings.documents import Visibility
from app.words import Json


@dataclass(frozen=True)
class TypeChange:
    """One type under the saved rules and under the draft. `touched`: its assets may be shown to
    others, to fewer, or otherwise than before."""

    type_id: str
    seen_before: bool
    seen_after: bool
    appear: tuple[str, ...]  # names of attributes
    disappear: tuple[str, ...]
    reordered: bool
    touched: bool

    @property
    def worth_telling(self) -> bool:
        attributes = self.appear or self.disappear or self.reordered
        return bool(self.seen_before != self.seen_after or attributes)

    def attributes_as_json(self) -> Json:
        return {
            "appear": [sendable(one) for one in self.appear],
            "disappear": [sendable(one) for one in self.disappear],
            "reordered": self.reordered,
        }


class Structure:
    def __init__(self, saved: Visibility, draft: Visibility, catalogue: Catalogue) -> None:
        self._saved, self._draft = saved, draft
        self._catalogue = catalogue
        self._before, self._after = Hiding(saved, catalogue), Hiding(draft, catalogue)

    def changes(self) -> list[TypeChange]:
        """Of every type that an owner rule reaches, by either set of rules."""
        return [self._change(one) for one in self._catalogue.types if self._reached(one)]

    def _reached(self, type_id: str) -> bool:
        rules = (*self._saved.owner_rules, *self._draft.owner_rules)
        return bool(reaching(rules, self._catalogue, type_id))

    def _change(self, type_id: str) -> TypeChange:
        ways = [set(reaching(one.owner_rules, self._catalogue, type_id)) for one in self._both]
        seen_before = bool(ways[0]) and not self._before.hides(type_id)
        seen_after = bool(ways[1]) and not self._after.hides(type_id)
        before, after = (self._columns(one, type_id) for one in (self._before, self._after))
        both = seen_before and seen_after
        appear = tuple(name for name in after if name not in before) if both else ()
        disappear = tuple(name for name in before if name not in after) if both else ()
        differs = seen_before != seen_after or before != after or ways[0] != ways[1]
        return TypeChange(
            type_id,
            seen_before,
            seen_after,
            appear,
            disappear,
            reordered=both and not (appear or disappear) and before != after,
            touched=(seen_before or seen_after)
            and (differs or self._access_differs or self._references_may_differ(type_id)),
        )

    @property
    def _both(self) -> tuple[Visibility, Visibility]:
        return self._saved, self._draft

    @property
    def _access_differs(self) -> bool:
        return self._saved.access != self._draft.access

    def _references_may_differ(self, type_id: str) -> bool:
        """A reference into what is hidden shows no value: hiding one type touches another."""
        hidden = [(set(one.hidden_schemas), set(one.hidden_object_types)) for one in self._both]
        return hidden[0] != hidden[1] and any(
            one.type == AttributeType.REFERENCE
            for one in self._catalogue.attributes.get(type_id, ())
        )

    @staticmethod
    def _columns(hiding: Hiding, type_id: str) -> Sequence[str]:
        return [one.name for one in hiding.attributes(type_id)]
