"""Objects that an execution did not bring: left, deleted or marked, as the source is set."""

from collections.abc import Callable

from sandbox.assets.job import Job, Settings
from sandbox.assets.model import Attribute, Thing
from sandbox.assets.workspace import Workspace

Stored = Callable[[Attribute, list[str]], tuple[str, ...]]


class Missing:
    """Deals with a type's objects that are no longer in the source."""

    def __init__(self, workspace: Workspace, settings: Settings, stored: Stored) -> None:
        self._workspace = workspace
        self._settings = settings
        self._stored = stored

    def miss(self, job: Job) -> None:
        """Deal with one type."""
        if self._settings.missing_objects == "ignore":
            return
        present = {thing.id for thing, _ in job.placed}
        absent = self._workspace.things_by_type[job.type_id] - present
        act: Callable[[Job, Thing], None] = self._remove
        if self._settings.missing_objects == "update":
            act = self._mark
        for number in sorted(absent):
            act(job, self._workspace.things[number])

    def _remove(self, job: Job, thing: Thing) -> None:
        self._workspace.remove_thing(thing)
        job.result.missing_deleted += 1

    def _mark(self, job: Job, thing: Thing) -> None:
        name, text = self._settings.missing_update
        attribute = self._workspace.attribute_named(job.type_id, name)
        if attribute is None:
            return
        new = self._stored(attribute, [text])
        if thing.values.get(attribute.id, ()) != new:
            self._workspace.change_thing(thing, {attribute.id: new})
            job.result.missing_updated += 1
