"""An Assets workspace in memory that truly applies what is sent: REST, mapping and executions.

It follows the facts: chunks are only ingested until the bare end, empty values are ignored,
references resolve by the mapping's own query within one execution, missing objects go if `remove`.
It understands only the AQL that the import asks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.errors import NotThere, ServiceFailed, TooLarge
from app.imports.run.ports import (
    ConfigStatus,
    ExecutionLinks,
    ExecutionStatus,
    ImportLinks,
    StartRefused,
    SubmitRefused,
)
from app.inventory import (
    AssetObject,
    Attribute,
    AttributeType,
    ImportSource,
    ObjectType,
    Page,
    Schema,
    StatusType,
    Usage,
    Value,
)
from app.words import Json

WORKSPACE, SOURCE, SCHEMA = "workspace-1", "source-1", "6"
_TYPES = {"referenced_object": AttributeType.REFERENCE, "status": AttributeType.STATUS}


@dataclass
class Thing:
    """One object: plain values and references (object ids) by attribute name."""

    id: str
    type_id: str
    plain: dict[str, str] = field(default_factory=dict)
    points: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Execution:
    id: str
    state: str = "INGESTING"
    entries: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    chunks: set[str] = field(default_factory=set)
    looks: int = 0
    odd: int = 0


class AssetsWorld:
    """`before(call)` runs ahead of each call and may raise; `writes` lists what changed objects."""

    def __init__(self, *, missing: str = "ignore", page_size: int = 4) -> None:
        self.missing = missing
        self.page_size = page_size
        self.before: Callable[[str], None] = lambda call: None
        self.things: dict[str, Thing] = {}
        self.types: dict[str, ObjectType] = {}
        self.held: dict[str, dict[str, Attribute]] = {}
        self.statuses: dict[str, str] = {}
        self.mapping: list[Json] = []
        self.targets: dict[str, str] = {}
        self.tells = True  # whether an import source says which types it fills
        self.executions: dict[str, Execution] = {}
        self.writes: list[str] = []
        self.calls: list[str] = []
        self.largest_chunk = 10_000_000
        self.others = 0  # objects of other schemas
        self._next = 100

    # What a test builds and looks at.

    def new_id(self) -> str:
        self._next += 1
        return str(self._next)

    def add_type(self, name: str) -> str:
        type_id = self.new_id()
        self.types[type_id] = ObjectType(type_id, name, SCHEMA)
        self.held[type_id] = {}
        self.add_attribute(type_id, "Name", AttributeType.DEFAULT, default_type=0, label=True)
        return type_id

    def add_attribute(
        self,
        type_id: str,
        name: str,
        number: AttributeType,
        *,
        default_type: int | None = None,
        label: bool = False,
        most: int = 1,
    ) -> Attribute:
        found = Attribute(
            self.new_id(), name, type_id, int(number),
            label=label, maximum_cardinality=most, default_type=default_type,
        )  # fmt: skip
        self.held[type_id][name] = found
        return found

    def add_thing(self, type_id: str, **plain: str) -> Thing:
        thing = Thing(self.new_id(), type_id, {k.replace("_", " "): v for k, v in plain.items()})
        self.things[thing.id] = thing
        return thing

    def type_id(self, name: str) -> str | None:
        return next((each.id for each in self.types.values() if each.name == name), None)

    def of(self, name: str) -> list[Thing]:
        return [each for each in self.things.values() if each.type_id == self.type_id(name)]

    def state(self, name: str) -> dict[str, dict[str, object]]:
        """Every object of a type by its Entra id, or name, with references likewise."""
        found: dict[str, dict[str, object]] = {}
        for each in self.of(name):
            row: dict[str, object] = {k: v for k, v in each.plain.items() if v}
            for attribute, ids in each.points.items():
                if there := [one for one in ids if one in self.things]:
                    row[attribute] = sorted(_identity(self.things[one]) for one in there)
            found[_identity(each)] = row
        return found

    # The Assets REST API.

    def schema(self, schema_id: str) -> Schema | None:
        self._called("assets.schema")
        return Schema(SCHEMA, "Company", "COM") if schema_id == SCHEMA else None

    def object_types(self, schema_id: str) -> list[ObjectType]:
        self._called("assets.object_types")
        return list(self.types.values())

    def attributes(self, object_type_id: str) -> list[Attribute]:
        self._called("assets.attributes")
        return list(self.held[object_type_id].values())

    def search(self, aql: str, start_at: int, limit: int) -> Page:
        self._called("assets.search")
        found = self._matching(aql)[start_at : start_at + min(limit, self.page_size)]
        last = start_at + len(found) >= len(self._matching(aql))
        return Page(tuple(self._shown(each) for each in found), last, {})

    def count(self, aql: str) -> int:
        self._called("assets.count")
        return len(self._matching(aql))

    def update(
        self, object_id: str, object_type_id: str, values: Mapping[str, Sequence[str]]
    ) -> None:
        self._called("assets.update")
        if object_id not in self.things:
            raise NotThere
        thing = self.things[object_id]
        assert thing.type_id == object_type_id
        self.writes.append("update")
        for attribute_id, wanted in values.items():
            self._write(thing, self._attribute(thing.type_id, attribute_id), list(wanted))

    def delete(self, object_id: str) -> None:
        self._called("assets.delete")
        if self.things.pop(object_id, None) is None:
            raise NotThere
        self.writes.append("delete")

    def create_attribute(self, object_type_id: str, body: Json) -> Attribute:
        self._called("assets.create_attribute")
        if body["name"] in self.held[object_type_id]:
            raise ServiceFailed("there already")
        return self.add_attribute(object_type_id, body["name"], AttributeType(body["type"]))

    def status_types(self, schema_id: str) -> list[StatusType]:
        self._called("assets.status_types")
        return [StatusType(key, name, 1) for name, key in self.statuses.items()]

    def import_source(self, import_source_id: str) -> ImportSource | None:
        self._called("assets.import_source")
        names = {row["objectTypeName"] for row in self.mapping}
        mapped = frozenset(each.id for each in self.types.values() if each.name in names)
        return ImportSource(SOURCE, "Entra", SCHEMA, "IGNORE", mapped if self.tells else None)

    def usage(self) -> Usage:
        self._called("assets.usage")
        total = self.others + len(self.things)
        return Usage(total, {SCHEMA: len(self.things)})

    def _attribute(self, type_id: str, attribute_id: str) -> Attribute:
        return next(each for each in self.held[type_id].values() if each.id == attribute_id)

    def _write(self, thing: Thing, attribute: Attribute, wanted: list[str]) -> None:
        if attribute.type == AttributeType.REFERENCE:
            thing.points[attribute.name] = [each.removeprefix("COM-") for each in wanted]
        elif attribute.type == AttributeType.STATUS:
            names = {key: name for name, key in self.statuses.items()}
            thing.plain[attribute.name] = names[wanted[0]] if wanted else ""
        else:
            thing.plain[attribute.name] = wanted[0] if wanted else ""

    def _matching(self, aql: str) -> list[Thing]:
        query, _, order = aql.partition(" ORDER BY ")
        found = list(self.things.values())
        for part in query.split(" AND "):
            found = [each for each in found if _holds(part, each)]
        if order:
            name = order.removesuffix(" ASC").strip('"')
            found.sort(key=lambda each: each.plain.get(name, "").casefold())
        return found

    def _shown(self, thing: Thing) -> AssetObject:
        values: dict[str, tuple[Value, ...]] = {}
        for name, attribute in self.held[thing.type_id].items():
            if thing.points.get(name):
                values[attribute.id] = tuple(
                    Value("reference", "", f"COM-{one}", one)
                    for one in thing.points[name]
                    if one in self.things
                )
            elif text := thing.plain.get(name):
                status = attribute.type == AttributeType.STATUS
                key = self.statuses[text] if status else text
                values[attribute.id] = (Value("status" if status else "text", text, key),)
        return AssetObject(thing.id, f"COM-{thing.id}", "", thing.type_id, values)

    def _called(self, call: str) -> None:
        self.calls.append(call)
        self.before(call)


def _identity(thing: Thing) -> str:
    return thing.plain.get("Entra ID") or thing.plain.get("Name", thing.id)


def _holds(part: str, thing: Thing) -> bool:
    if found := re.fullmatch(r"objectTypeId = (\d+)", part):
        return thing.type_id == found[1]
    if found := re.fullmatch(r"objectId IN \((.*)\)", part):
        return thing.id in found[1].split(", ")
    if found := re.fullmatch(r'"(.*)" IS NOT EMPTY', part):
        return bool(thing.plain.get(found[1]))
    if found := re.fullmatch(r'"(.*)" STARTSWITH "(.*)"', part):
        return thing.plain.get(found[1], "").casefold().startswith(found[2])
    if found := re.fullmatch(r'"(.*)"\.Key IN \((.*)\)', part):
        keys = [json.loads(each).removeprefix("COM-") for each in found[2].split(", ")]
        return any(one in keys for one in thing.points.get(found[1], ()))
    if found := re.fullmatch(r'"(.*)" = "(.*)"', part):
        return thing.plain.get(found[1], "").casefold() == found[2].casefold()
    found = re.fullmatch(r'"(.*)" IN \((.*)\)', part)
    assert found, part
    wanted = [json.loads(each).casefold() for each in found[2].split(", ")]
    assert len(wanted) <= 100
    return thing.plain.get(found[1], "").casefold() in wanted


class ImportsOf:
    """The imports API of one world, as a container token sees it."""

    def __init__(self, world: AssetsWorld) -> None:
        self.world = world
        self.workspace = WORKSPACE

    def links(self) -> ImportLinks:
        self.world._called("imports.links")
        return ImportLinks(self.workspace, SOURCE, "status", "start", "mapping")

    def config_status(self, links: ImportLinks) -> ConfigStatus:
        self.world._called("imports.config_status")
        running = self._running()
        if running is not None:
            return ConfigStatus("RUNNING", f"{running.id}/status")
        return ConfigStatus("IDLE" if self.world.mapping else "MISSING_MAPPING")

    def put_mapping(self, links: ImportLinks, document: Json, *, first: bool) -> str | None:
        self.world._called("imports.put_mapping")
        assert first == (not self.world.mapping)
        for row in document["schema"]["statusSchema"]["statuses"]:
            known = {name.casefold() for name in self.world.statuses}
            if row["name"].casefold() not in known:
                self.world.statuses[row["name"]] = self.world.new_id()
        for each in document["schema"]["objectSchema"]["objectTypes"]:
            type_id = self.world.type_id(each["name"]) or self.world.add_type(each["name"])
            for row in each["attributes"]:
                if row["name"] not in self.world.held[type_id]:
                    number = _TYPES.get(row["type"], AttributeType.DEFAULT)
                    most = row["maximumCardinality"]
                    self.world.add_attribute(type_id, row["name"], number, most=most)
        self.world.targets |= _targets(document)
        new = document["mapping"]["objectTypeMappings"]
        named = {row["objectTypeName"] for row in new}
        kept = [row for row in self.world.mapping if row["objectTypeName"] not in named]
        self.world.mapping = [*([] if first else kept), *new]
        return None if first else "progress"

    def mapping_done(self, links: ImportLinks, progress: str) -> bool:
        self.world._called("imports.mapping_done")
        return True

    def start(self, links: ImportLinks) -> ExecutionLinks:
        self.world._called("imports.start")
        if not self.world.mapping:
            raise StartRefused("MISSING_MAPPING")
        if self._running() is not None:
            raise StartRefused("IN_PROGRESS")
        execution = Execution(f"execution-{len(self.world.executions) + 1}")
        self.world.executions[execution.id] = execution
        return ExecutionLinks(execution.id, f"{execution.id}/status", execution.id)

    def submit(self, execution: ExecutionLinks, chunk: bytes) -> None:
        self.world._called("imports.submit")
        if len(chunk) > self.world.largest_chunk:
            raise TooLarge
        running = self.world.executions[execution.submit]
        if running.state != "INGESTING":
            raise SubmitRefused("over")
        body = json.loads(chunk)
        if body.get("clientGeneratedId") not in running.chunks:
            for selector, entries in body.get("data", {}).items():
                assert len(entries) <= 500
                running.entries.setdefault(selector, []).extend(entries)
            running.chunks.add(body.get("clientGeneratedId", ""))
        if body["completed"]:
            running.state = "PROCESSING"
            running.odd = self._doubles(running)
            self._apply(running)
            self.world.writes.append("execution")
        self.world.before("imports.submitted")  # taken, and then the answer may be lost

    def progress(self, execution: ExecutionLinks, done: int, total: int) -> None:
        self.world._called("imports.progress")

    def status(self, status_link: str) -> ExecutionStatus:
        self.world._called("imports.status")
        running = self.world.executions[status_link.removesuffix("/status")]
        running.looks += 1
        if running.state == "PROCESSING" and running.looks > 1:
            running.state = "DONE"
        sent = sum(map(len, running.entries.values()))
        return ExecutionStatus(running.state, running.state == "DONE", sent, running.odd)

    def cancel(self, cancel_link: str) -> None:
        self.world._called("imports.cancel")
        self.world.executions[cancel_link].state = "CANCELLED"

    def _running(self) -> Execution | None:
        return next(
            (e for e in self.world.executions.values() if e.state in ("INGESTING", "PROCESSING")),
            None,
        )

    def _apply(self, running: Execution) -> None:
        """Objects first, then references: they resolve within one execution."""
        touched: dict[str, set[str]] = {}
        for rule in self.world.mapping:
            type_id = self.world.type_id(rule["objectTypeName"])
            assert type_id
            for entry in running.entries.get(rule["selector"], []):
                touched.setdefault(type_id, set()).add(self._upsert(type_id, rule, entry).id)
        for rule in self.world.mapping:
            for entry in running.entries.get(rule["selector"], []):
                self._point(rule, entry)
        if self.world.missing == "remove":
            self._remove_untouched(touched)

    def _remove_untouched(self, touched: dict[str, set[str]]) -> None:
        for rule in self.world.mapping:
            type_id = self.world.type_id(rule["objectTypeName"]) or ""
            for thing in list(self.world.things.values()):
                if thing.type_id == type_id and thing.id not in touched.get(type_id, set()):
                    del self.world.things[thing.id]

    def _upsert(self, type_id: str, rule: Json, entry: dict[str, str]) -> Thing:
        names = {row["attributeLocators"][0]: row for row in rule["attributesMapping"]}
        thing = self._found(type_id, rule, entry) or self.world.add_thing(type_id)
        for key, value in entry.items():
            if value and "objectMappingIQL" not in names[key]:
                name = names[key]["attributeName"]
                status = self.world.held[type_id][name].type == AttributeType.STATUS
                thing.plain[name] = self._spelled(value) if status else value
        return thing

    def _spelled(self, status: str) -> str:
        return next(each for each in self.world.statuses if each.casefold() == status.casefold())

    def _point(self, rule: Json, entry: dict[str, str]) -> None:
        type_id = self.world.type_id(rule["objectTypeName"]) or ""
        for row in rule["attributesMapping"]:
            wanted = entry.get(row["attributeLocators"][0])
            if "objectMappingIQL" not in row or not wanted:
                continue
            thing = self._found(type_id, rule, entry)
            there = self.world.type_id(self.world.targets[row["attributeExternalId"]])
            name = row["objectMappingIQL"].split('"')[1]
            target = self._holder(there or "", name, wanted)
            if thing is not None and target is not None:
                thing.points[row["attributeName"]] = [target.id]

    def _found(self, type_id: str, rule: Json, entry: dict[str, str]) -> Thing | None:
        row = next(row for row in rule["attributesMapping"] if row.get("externalIdPart"))
        return self._holder(type_id, row["attributeName"], entry[row["attributeLocators"][0]])

    def _holder(self, type_id: str, name: str, wanted: str) -> Thing | None:
        for each in self.world.things.values():
            same = each.plain.get(name, "").casefold() == wanted.casefold()
            if each.type_id == type_id and same:
                return each
        return None

    def _doubles(self, running: Execution) -> int:
        """Entries of one identity, and entries that no mapping knows."""
        odd = 0
        for selector, entries in running.entries.items():
            rule = next((each for each in self.world.mapping if each["selector"] == selector), None)
            if rule is None:
                odd += len(entries)
                continue
            row = next(row for row in rule["attributesMapping"] if row.get("externalIdPart"))
            (locator,) = row["attributeLocators"]
            odd += len(entries) - len({entry[locator].casefold() for entry in entries})
        return odd


def _targets(document: Json) -> dict[str, str]:
    """The name of the type that each reference of a document points to, by external id."""
    types = document["schema"]["objectSchema"]["objectTypes"]
    names = {each["externalId"]: each["name"] for each in types}
    return {
        row["externalId"]: names[row["referenceObjectTypeExternalId"]]
        for each in types
        for row in each["attributes"]
        if "referenceObjectTypeExternalId" in row
    }
