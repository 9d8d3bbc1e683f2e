"""AQL answered: a parsed query bound to a workspace, evaluated over indexes, put in order.

An attribute name that no addressed type has makes the whole query invalid.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from sandbox.assets.aql_fields import (
    Field,
    Ids,
    objects_of,
)
from sandbox.assets.aql_names import Names
from sandbox.assets.aql_nodes import Compare, Either, Name, Node, Query, Value
from sandbox.assets.aql_order import ordered
from sandbox.assets.aql_tree import parse
from sandbox.assets.aql_words import AqlInvalid
from sandbox.assets.model import Accounts, Thing
from sandbox.assets.reading import Reading
from sandbox.assets.workspace import Workspace

Places = Mapping[str, str]  # what `${locator}` stands for
Matcher = Callable[[Places], Ids]
NO_PLACES: Places = {}


@dataclass(frozen=True)
class AqlRules:
    """Where the documentation is silent. `!=` and NOT IN: do they find objects without a value?"""

    not_equal_finds_empty: bool = False


class Search:
    """Answers AQL for one asker, who sees only `visible` types."""

    def __init__(
        self,
        workspace: Workspace,
        accounts: Accounts,
        visible: frozenset[int],
        asker: str = "",
        rules: AqlRules = AqlRules(),
    ) -> None:
        self._workspace = workspace
        self._visible = visible
        self._asker = asker
        self._rules = rules
        self.reading = Reading(workspace, accounts)
        self._names = Names(workspace, self.reading, visible)

    def find(self, text: str) -> list[Thing]:
        """The objects a query asks for, in its order. Raises AqlInvalid."""
        query = parse(text)
        types = self._names.addressed(query)
        with self._workspace.lock:
            found = self._all_of(query, types)
            things = [self._workspace.things[n] for n in found]
            return ordered(things, self._names.order_fields(query, types), query, self.reading)

    def matcher(self, text: str) -> Matcher:
        """A query bound once, to be asked many times with other places. Raises AqlInvalid."""
        query = parse(text)
        if query.condition is None:
            raise AqlInvalid("A condition is missing.")
        return self._bind(query.condition, self._names.addressed(query))

    def _all_of(self, query: Query, types: frozenset[int]) -> Ids:
        every = objects_of(self._workspace, self._visible)
        if query.condition is None:
            return every
        return self._bind(query.condition, types)(NO_PLACES) & every

    # --- binding

    def _bind(self, node: Node, types: frozenset[int]) -> Matcher:
        if isinstance(node, Compare):
            return self._bind_path(node.path, node, types)
        parts = [self._bind(part, types) for part in node.parts]
        if isinstance(node, Either):
            return lambda places: frozenset().union(*(part(places) for part in parts))
        return partial(_intersection, parts)

    def _bind_path(self, path: tuple[Name, ...], node: Compare, types: frozenset[int]) -> Matcher:
        if len(path) == 1:
            return partial(self._compare, self._names.field(path[0], types), node)
        step = self._names.attribute_field(path[0], types)
        targets = frozenset(self._names.targets(step))
        inner = self._bind_path(path[1:], node, targets)
        return lambda places: step.holding(inner(places))

    def _compare(self, field: Field, node: Compare, places: Places) -> Ids:
        if node.operator == "EMPTY":
            return field.everything() - field.filled()
        if node.operator == "NOT EMPTY":
            return field.filled()
        values = [self._value(value, places) for value in node.values]
        if node.operator in ("LIKE", "STARTSWITH"):
            folded = values[0].casefold()
            starts = node.operator == "STARTSWITH"
            return field.matching(lambda t: t.startswith(folded) if starts else folded in t)
        found = [field.equal(value, exact=node.operator == "==") for value in values]
        hits = found[0] if len(found) == 1 else frozenset().union(*found)
        if node.operator not in ("!=", "NOT IN"):
            return hits
        finds_empty = self._rules.not_equal_finds_empty
        return (field.everything() if finds_empty else field.filled()) - hits

    def _value(self, value: Value, places: Places) -> str:
        if value.kind == "place":
            if value.text not in places:
                raise AqlInvalid(f"Nothing stands for ${{{value.text}}}.")
            return places[value.text]
        if value.kind == "function":
            if value.text.casefold() != "currentuser":
                raise AqlInvalid(f"A function this stand-in does not play: {value.text}()")
            return self._asker
        return value.text


def _intersection(parts: list[Matcher], places: Places) -> Ids:
    found = parts[0](places)
    for part in parts[1:]:
        found = found & part(places)
    return found
