"""Calls about objects: AQL searches, and one object read, made, changed, deleted."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.assets.aql_search import AqlRules, Search
from sandbox.assets.aql_words import AqlInvalid
from sandbox.assets.asking import Asker, Refused, count_in, flag_in, number_in, refusal
from sandbox.assets.model import Accounts, Attribute, Thing
from sandbox.assets.object_form import ObjectForm
from sandbox.assets.roles import Roles
from sandbox.assets.shapes_things import ThingShapes
from sandbox.assets.workspace import Workspace
from sandbox.http import answer, nothing, read_json


@dataclass
class AnswerShape:
    """How AQL answers differ between tenants; set before a test, as real ones differ."""

    page_cap: int = 500  # a larger maxResults is lowered, and the lowered one is echoed
    is_last_as_text: bool = False
    without_is_last: bool = False
    without_total: bool = False
    unstable_ties: bool = False  # equal labels come in another order each time
    seconds: float = 0.0  # how long each search takes
    rules: AqlRules = field(default_factory=AqlRules)


class ObjectDoor:
    """Answers calls about objects, as far as the asker may see and change them."""

    def __init__(
        self,
        workspace: Workspace,
        accounts: Accounts,
        roles: Roles,
        shapes: ThingShapes,
        shape: AnswerShape,
    ) -> None:
        self._workspace = workspace
        self._accounts = accounts
        self._roles = roles
        self._shapes = shapes
        self._shape = shape
        self._chance = random.Random(0)
        self._form = ObjectForm(workspace, accounts)
        self._sorted: dict[tuple[Any, ...], list[Thing]] = {}  # the pages of one search

    def routes(self) -> Mapping[tuple[str, str], Any]:
        """Method and rule to handler."""
        return {
            ("POST", "object/aql"): self.search,
            ("POST", "object/aql/totalcount"): self.total,
            ("POST", "object/create"): self.create,
            ("GET", "object/<number>"): self.read,
            ("GET", "object/<number>/attributes"): self.read_attributes,
            ("PUT", "object/<number>"): self.change,
            ("DELETE", "object/<number>"): self.delete,
        }

    def search(self, request: Request, asker: Asker) -> Response:
        """A page of what a query finds. Paging is read from the address, never from the body."""
        start = count_in(request, "startAt", 0)
        most = max(1, min(count_in(request, "maxResults", 25), self._shape.page_cap))
        with_attributes = flag_in(request, "includeAttributes", default=True)
        visible = self._roles.types(asker.user())
        with self._workspace.lock:
            found = self._shuffled(self._find(request, asker), self._query(request))
            page = found[start : start + most]
            shapes = [self._shapes.thing(t, visible, attributes=with_attributes) for t in page]
            attributes = self._attributes_of(page) if with_attributes else []
            more = [self._shapes.structure.attribute(a) for a in attributes]
        body = {**self._paging(start, most, len(found)), "values": shapes}
        return answer({**body, "objectTypeAttributes": more})

    def _shuffled(self, found: list[Thing], query: str) -> list[Thing]:
        """Equal labels in any order: a query without ORDER BY promises no more."""
        if not self._shape.unstable_ties or "order by" in query.lower():
            return found
        anyhow = self._chance.sample(found, len(found))
        return sorted(anyhow, key=lambda thing: thing.label.casefold())

    def _paging(self, start: int, most: int, total: int) -> dict[str, Any]:
        last = start + most >= total
        paging: dict[str, Any] = {"startAt": start, "maxResults": most}
        if not self._shape.without_total:
            paging |= {"total": total}
        if not self._shape.without_is_last:
            paging |= {"isLast": str(last).lower() if self._shape.is_last_as_text else last}
        capped = min(total, 1000)
        return {**paging, "hasMoreResults": not last, "totalFilterCount": capped}

    def total(self, request: Request, asker: Asker) -> Response:
        """How many objects a query finds."""
        return answer({"totalCount": len(self._find(request, asker))})

    def create(self, request: Request, asker: Asker) -> Response:
        """A new object."""
        sent = read_json(request)
        with self._workspace.lock:
            type_id = self._form.type_of(sent)
            schema_id = self._workspace.types[type_id].schema_id
            self._check_role(asker, schema_id, "user")
            made = self._workspace.add_thing(type_id, self._form.values(type_id, sent, None))
            return answer(self._shapes.thing(made, self._visible(asker)), 201)

    def read(self, request: Request, asker: Asker, number: str) -> Response:
        """One object."""
        del request
        with self._workspace.lock:
            return answer(self._shapes.thing(self._thing(asker, number), self._visible(asker)))

    def read_attributes(self, request: Request, asker: Asker, number: str) -> Response:
        """One object's values, each with its attribute."""
        del request
        with self._workspace.lock:
            held = self._shapes.held(self._thing(asker, number), self._visible(asker))
            known = self._workspace.attributes
            for row in held:
                attribute = known[int(row["objectTypeAttributeId"])]
                row["objectTypeAttribute"] = self._shapes.structure.attribute(attribute)
        return answer(held)

    def change(self, request: Request, asker: Asker, number: str) -> Response:
        """New values for some attributes; those left out stay as they are."""
        with self._workspace.lock:
            thing = self._thing(asker, number, "user")
            values = self._form.values(thing.type_id, read_json(request), thing)
            self._workspace.change_thing(thing, values)
            return answer(self._shapes.thing(thing, self._visible(asker)))

    def delete(self, request: Request, asker: Asker, number: str) -> Response:
        """Delete one object."""
        del request
        with self._workspace.lock:
            self._workspace.remove_thing(self._thing(asker, number, "user"))
        return nothing(200)

    # --- what the asker may see

    def _visible(self, asker: Asker) -> frozenset[int]:
        return self._roles.types(asker.user())

    def _thing(self, asker: Asker, number: str, role: str = "viewer") -> Thing:
        thing = self._workspace.things.get(number_in(number, "Object"))
        if thing is None:
            raise refusal(404, f"Object not found: {number}")
        self._check_role(asker, self._workspace.types[thing.type_id].schema_id, role)
        return thing

    def _check_role(self, asker: Asker, schema_id: int, role: str) -> None:
        if not self._roles.may(asker.user(), schema_id, role):
            raise refusal(403, "You do not have permission for this object.")

    def _find(self, request: Request, asker: Asker) -> list[Thing]:
        query = self._query(request)
        time.sleep(self._shape.seconds)
        visible, account = self._visible(asker), asker.user().account_id
        with self._workspace.lock:
            at = (self._workspace.version, query, visible, account, self._shape.rules)
            if at not in self._sorted:
                if len(self._sorted) > 16:
                    self._sorted.clear()
                search = Search(
                    self._workspace, self._accounts, visible, account, self._shape.rules
                )
                self._sorted[at] = _found(search, query)
            return self._sorted[at]

    def _query(self, request: Request) -> str:
        sent = read_json(request)
        query = sent.get("qlQuery") if isinstance(sent, dict) else None
        if not isinstance(query, str):
            raise refusal(400, "qlQuery is missing")
        return query

    def _attributes_of(self, page: list[Thing]) -> list[Attribute]:
        types = dict.fromkeys(thing.type_id for thing in page)
        attributes = [a for t in types for a in self._workspace.attributes_of(t)]
        return list({a.id: a for a in attributes}.values())


def _found(search: Search, query: str) -> list[Thing]:
    try:
        return search.find(query)
    except AqlInvalid as problem:
        text = f"The AQL query is not valid: {problem}"
        raise Refused(400, {"errorMessages": [text], "errors": {"iql": text}}) from None
