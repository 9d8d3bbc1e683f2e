"""An object's new values as somebody sends them, checked against the attributes of its type."""

from typing import Any

from sandbox.assets.asking import field_refusal, refusal
from sandbox.assets.model import Accounts, Attribute, Thing
from sandbox.assets.values import ValueRefused, Values
from sandbox.assets.workspace import Workspace


class ObjectForm:
    """Reads the body of an object PUT or POST. Every bad value is named at once."""

    def __init__(self, workspace: Workspace, accounts: Accounts) -> None:
        self._workspace = workspace
        self._values = Values(workspace, accounts)

    def type_of(self, sent: Any) -> int:
        """The object type a body names. Raises Refused."""
        text = str(sent.get("objectTypeId", "")) if isinstance(sent, dict) else ""
        if not text.isdigit() or int(text) not in self._workspace.types:
            raise refusal(400, "Object type not found", objectTypeId="The object type is required")
        return int(text)

    def values(self, type_id: int, sent: Any, thing: Thing | None) -> dict[int, tuple[str, ...]]:
        """Stored values by attribute. For a new object (`thing` None) required ones must be there.

        Raises Refused: 400 with `rlabs-insight-attribute-N` for each bad value.
        """
        rows = sent.get("attributes") if isinstance(sent, dict) else None
        if not isinstance(rows, list):
            raise refusal(400, "attributes is missing")
        if thing is not None and self.type_of(sent) != type_id:
            raise refusal(400, "The object type of an object cannot be changed")
        attributes = {a.id: a for a in self._workspace.attributes_of(type_id)}
        given = dict(_row(row, attributes) for row in rows)
        if thing is None:
            given = {**{a.id: [] for a in attributes.values() if a.minimum}, **given}
        return self._checked(given, attributes, thing.id if thing else 0)

    def _checked(
        self, given: dict[int, list[Any]], attributes: dict[int, Attribute], holder: int
    ) -> dict[int, tuple[str, ...]]:
        errors: dict[str, str] = {}
        stored: dict[int, tuple[str, ...]] = {}
        for number, values in given.items():
            try:
                stored[number] = self._values.stored(attributes[number], values, holder)
            except ValueRefused as problem:
                errors[f"rlabs-insight-attribute-{number}"] = str(problem)
        if errors:
            raise field_refusal(errors)
        return stored


def _row(row: Any, attributes: dict[int, Attribute]) -> tuple[int, list[Any]]:
    text = str(row.get("objectTypeAttributeId", "")) if isinstance(row, dict) else ""
    attribute = attributes.get(int(text)) if text.isdigit() else None
    if attribute is None:
        raise refusal(400, f"Object Type Attribute not valid (id: {text})")
    if not attribute.editable:
        raise field_refusal({f"rlabs-insight-attribute-{text}": "The attribute is not editable"})
    values = row.get("objectAttributeValues")
    if not isinstance(values, list) or not all(
        isinstance(v, dict) and "value" in v for v in values
    ):
        raise refusal(400, "objectAttributeValues must be a list of values")
    return attribute.id, [v["value"] for v in values]
