"""Submitted entries written into the workspace: matched, created, updated, linked, missed.

First every object, then every reference, so that entries of one execution find each other.
"""

from collections.abc import Iterable

from sandbox.assets.aql_fields import Ids
from sandbox.assets.entries import entries_at, texts_at
from sandbox.assets.executions import Execution, TypeResult
from sandbox.assets.job import Entry, Job, Settings, say
from sandbox.assets.linking import Linker
from sandbox.assets.mapping_document import TypeMap
from sandbox.assets.missing import Missing
from sandbox.assets.model import Accounts, Attribute, Kind, Thing
from sandbox.assets.values import ValueRefused, Values
from sandbox.assets.workspace import Workspace


class Writer:
    """Writes one execution of one import source."""

    def __init__(
        self,
        workspace: Workspace,
        accounts: Accounts,
        settings: Settings,
        maps: Iterable[tuple[int, TypeMap]],
    ) -> None:
        self._workspace = workspace
        self._settings = settings
        self._linker = Linker(workspace, accounts, settings)
        self._values = Values(workspace, accounts)
        self._maps = list(maps)
        self._statuses = {str(s.id): s for s in workspace.statuses.values()}

    def write(self, execution: Execution) -> None:
        """Carry the execution out; its results are filled in on the way."""
        jobs = [(self._job(type_id, row), row.selector) for type_id, row in self._maps]
        execution.results = {job.type_id: job.result for job, _ in jobs}
        for job, selector in jobs:
            for chunk in execution.chunks:
                for entry in entries_at(chunk, selector):
                    self._place(job, entry)
        for job, _ in jobs:
            for thing, entry in job.placed:
                self._linker.link(job, thing, entry)
        missing = Missing(self._workspace, self._settings, self._stored)
        for job, _ in jobs:
            missing.miss(job)

    def _job(self, type_id: int, row: TypeMap) -> Job:
        attributes = self._workspace.attributes_of(type_id)
        by_id = {a.external_id: a for a in attributes if a.external_id}
        pairs = [(by_id[m.external_id], m) for m in row.attributes]
        return Job(
            type_id,
            [(a, m) for a, m in pairs if a.kind is not Kind.REFERENCE and not a.system],
            [(a, m, self._linker.matcher(a, m)) for a, m in pairs if a.kind is Kind.REFERENCE],
            [(a, m) for a, m in pairs if m.identifies],
            next((a for a in attributes if a.label), None),
            TypeResult(self._workspace.types[type_id].name, type_id),
        )

    # --- objects

    def _place(self, job: Job, entry: Entry) -> None:
        result = job.result
        result.entries += 1
        identity = tuple(
            " ".join(texts_at(entry, m.locators, self._settings.joiner)) for _, m in job.identifying
        )
        if not all(identity):
            result.empty_ids += 1
            return
        if identity in job.seen:
            result.duplicates += 1
            return
        job.seen.add(identity)
        values = {**self._read(job, entry), **_born(job, identity)}
        if job.label is not None and values.get(job.label.id) == ():
            result.empty_labels += 1
            return
        self._upsert(job, entry, identity, values)

    def _read(self, job: Job, entry: Entry) -> dict[int, tuple[str, ...]]:
        values: dict[int, tuple[str, ...]] = {}
        for attribute, row in job.plain:
            texts = texts_at(entry, row.locators, self._settings.joiner)
            try:
                values[attribute.id] = self._stored(attribute, texts)
            except ValueRefused as problem:
                say(job.result, f"{attribute.name}: {problem}")
        return values

    def _stored(self, attribute: Attribute, texts: list[str]) -> tuple[str, ...]:
        if not texts:
            return ()
        if attribute.kind is Kind.STATUS:
            texts = [self._status_id(attribute, text) for text in texts]
        return self._values.fitted(attribute, texts)

    def _status_id(self, attribute: Attribute, name: str) -> str:
        folded = name.casefold()
        allowed = [str(n) for n in attribute.statuses] or list(self._statuses)
        for number in allowed:
            if self._statuses[number].name.casefold() == folded:
                return number
        raise ValueRefused(f"The status {name} is not known")

    def _upsert(
        self,
        job: Job,
        entry: Entry,
        identity: tuple[str, ...],
        values: dict[int, tuple[str, ...]],
    ) -> None:
        thing = self._existing(job, identity)
        kept = {k: v for k, v in values.items() if v or self._clears()}
        clash = self._clash(job, kept, thing)
        if clash is not None:
            say(job.result, clash)
            return
        if thing is None:
            thing = self._workspace.add_thing(job.type_id, {k: v for k, v in kept.items() if v})
            job.result.created += 1
        else:
            changed = {k: v for k, v in kept.items() if thing.values.get(k, ()) != v}
            if changed:
                self._workspace.change_thing(thing, changed)
                job.result.updated += 1
            else:
                job.identical.add(thing.id)
                job.result.identical += 1
        job.placed.append((thing, entry))

    def _existing(self, job: Job, identity: tuple[str, ...]) -> Thing | None:
        """The object that holds every identifying value; the oldest if there are several."""
        held: Ids = self._workspace.things_by_type[job.type_id]
        for (attribute, _), text in zip(job.identifying, identity, strict=True):
            holders: Ids = self._workspace.values.holders(attribute.id, text)
            if not self._settings.ignore_case:
                things = self._workspace.things
                holders = {n for n in holders if text in things[n].values[attribute.id]}
            held = holders & held
        return self._workspace.things[min(held)] if held else None

    def _clash(
        self, job: Job, values: dict[int, tuple[str, ...]], thing: Thing | None
    ) -> str | None:
        holder = {thing.id} if thing else set()
        for attribute, _ in job.plain:
            if attribute.unique:
                for text in values.get(attribute.id, ()):
                    if self._workspace.values.holders(attribute.id, text) - holder:
                        return f"{attribute.name} must be unique"
        return None

    def _clears(self) -> bool:
        return self._settings.empty_values == "clear"


def _born(job: Job, identity: tuple[str, ...]) -> dict[int, tuple[str, ...]]:
    """Identifying texts mapped to a system attribute such as Key: kept to match by, never shown."""
    pairs = zip(job.identifying, identity, strict=True)
    return {attribute.id: (text,) for (attribute, _), text in pairs if attribute.system}
