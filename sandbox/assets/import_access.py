"""Which import source an asker may reach: a container token its own, a user those it manages."""

from sandbox.assets.asking import Asker, refusal
from sandbox.assets.import_sources import ImportSource, ImportSources
from sandbox.assets.roles import Roles


class ImportAccess:
    """Finds import sources for askers."""

    def __init__(self, sources: ImportSources, roles: Roles) -> None:
        self._sources = sources
        self._roles = roles

    def source(self, asker: Asker, source_id: str) -> ImportSource:
        """The source that was asked for. Raises Refused: 404, or 403 if it is not the asker's."""
        source = self._sources.sources.get(source_id)
        if source is None:
            raise refusal(404, "Import source not found")
        if asker.source_id is not None:
            if asker.source_id != source_id:
                raise refusal(403, "The token is for another import source")
        elif not self._roles.may(asker.user(), source.schema_id, "manager"):
            raise refusal(403, "You need to be a manager of the schema.")
        return source
