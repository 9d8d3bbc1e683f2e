"""What an administrator or Assets hides: schemas, types with their children, attributes. Pure."""

from __future__ import annotations

from typing import Literal

from app.inventory import Attribute, Value
from app.my_assets.catalogue import Catalogue
from app.site_settings.documents import Visibility

HiddenBy = Literal["hidden_schema", "hidden_object_type"]


class Hiding:
    def __init__(self, visibility: Visibility, catalogue: Catalogue) -> None:
        self._schemas = frozenset(visibility.hidden_schemas)
        self._types = frozenset(visibility.hidden_object_types)
        self._columns = visibility.columns
        self._catalogue = catalogue

    def schema_is_hidden(self, type_id: str) -> bool:
        return self._catalogue.schema_of.get(type_id) in self._schemas

    def type_is_hidden(self, type_id: str) -> bool:
        """The type, or one of its parents, is hidden."""
        return not self._types.isdisjoint(self._catalogue.lineage(type_id))

    def hides(self, type_id: str) -> bool:
        return self.schema_is_hidden(type_id) or self.type_is_hidden(type_id)

    def attributes(self, type_id: str) -> tuple[Attribute, ...]:
        """What is shown of a type, in order: the columns as set, else all that Assets shows."""
        shown = [one for one in self._catalogue.attributes.get(type_id, ()) if not one.hidden]
        columns = self._columns.get(type_id)
        if columns is None:
            return tuple(shown)
        by_name = {one.name: one for one in shown}
        return tuple(by_name[name] for name in dict.fromkeys(columns) if name in by_name)

    def shows_value(self, attribute: Attribute, value: Value) -> bool:
        """A reference into a hidden type or schema shows no value, nor does one that may be so."""
        if value.kind != "reference" or not (self._schemas or self._types):
            return True
        if value.schema_id in self._schemas:
            return False
        pointed = value.object_type_id
        if pointed is None:
            return self._cannot_point_into_hidden(attribute)
        # A type we cannot read may be the child of a hidden one.
        return pointed in self._catalogue.types and not self.hides(pointed)

    def _cannot_point_into_hidden(self, attribute: Attribute) -> bool:
        target = attribute.reference_type_id
        if target not in self._catalogue.types:
            return False
        below = (one for one in self._catalogue.types if target in self._catalogue.lineage(one))
        return not any(self.hides(one) for one in below)
