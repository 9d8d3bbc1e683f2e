"""References of an execution's objects, found by the queries of the mapping."""

from sandbox.assets.aql_search import Matcher, Search
from sandbox.assets.entries import texts_at
from sandbox.assets.job import Entry, Job, Settings
from sandbox.assets.mapping_document import AttributeMap
from sandbox.assets.model import UNLIMITED, Accounts, Attribute, Thing
from sandbox.assets.workspace import Workspace


class Linker:
    """Sets references once every object of an execution is there."""

    def __init__(self, workspace: Workspace, accounts: Accounts, settings: Settings) -> None:
        self._workspace = workspace
        self._accounts = accounts
        self._settings = settings

    def matcher(self, attribute: Attribute, row: AttributeMap) -> Matcher:
        """The query of one reference, bound once for all entries."""
        target = attribute.target_type_id
        types = self._workspace.type_and_below(target) if target else set(self._workspace.types)
        search = Search(self._workspace, self._accounts, frozenset(types))
        asked = row.query or f"label = ${{{row.locators[0]}}}"
        found = search.matcher(asked)
        things = self._workspace.things
        return lambda places: {n for n in found(places) if things[n].type_id in types}

    def link(self, job: Job, thing: Thing, entry: Entry) -> None:
        """Set one object's references."""
        changes: dict[int, tuple[str, ...]] = {}
        for attribute, row, matcher in job.references:
            found = self._referenced(entry, attribute, row, matcher)
            if not found and self._settings.empty_values != "clear":
                continue
            if thing.values.get(attribute.id, ()) != found:
                changes[attribute.id] = found
        if not changes:
            return
        self._workspace.change_thing(thing, changes)
        job.result.references += 1
        if thing.id in job.identical:
            job.identical.discard(thing.id)
            job.result.identical -= 1
            job.result.updated += 1

    def _referenced(
        self, entry: Entry, attribute: Attribute, row: AttributeMap, matcher: Matcher
    ) -> tuple[str, ...]:
        """What a query finds; a locator that gives a list is asked once for each element."""
        lists = {place: texts_at(entry, [place], self._settings.joiner) for place in row.locators}
        rounds = max((len(texts) for texts in lists.values()), default=0)
        found: dict[int, None] = {}
        for number in range(rounds):
            places = {p: t[min(number, len(t) - 1)] for p, t in lists.items() if t}
            if len(places) == len(lists):
                found.update(dict.fromkeys(sorted(matcher(places))))
        ids = list(found)
        most = None if attribute.maximum == UNLIMITED else attribute.maximum
        return tuple(str(n) for n in ids[:most])
