"""What other features read: one typed value a part, defaults where nothing was saved.

Every method raises SettingsUnreadable for a part that is set but does not open, and
ServiceUnreachable when nobody can say. Nothing is ever taken for "not set" in doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from app.errors import SettingsUnreadable
from app.instances.reference import InstanceReference
from app.said import Sentence
from app.sentences import CANNOT_BE_OPENED
from app.site_settings.documents import (
    OWN_ACCESS,
    AssetsAccess,
    Consent,
    ContainerToken,
    Document,
    EntraRules,
    EntraSecret,
    ImportRules,
    PartName,
    Requests,
    Visibility,
)
from app.site_settings.opened import damaged_secrets, open_part, open_secret
from app.site_settings.parts import BY_NAME
from app.site_settings.ports import Shelf
from app.site_settings.stored import UNKNOWN_FORM, StoredPart, rules_as
from app.words import Secret

OTHER_TENANT: Final = Sentence(
    "settings.other_tenant", "The Entra secret was given for another tenant or client."
)
# Without one of these no import can run; consent is asked separately.
NEEDED_FOR_IMPORT: Final[tuple[PartName, ...]] = ("assets-access", "entra", "import")
DocumentT = TypeVar("DocumentT", bound=Document)


class SettingsReader:
    """Reads the settings of any instance. `shelf` gives the sealed documents of one."""

    def __init__(self, shelf: Callable[[InstanceReference], Shelf]) -> None:
        self._shelf = shelf

    def visibility(self, instance: InstanceReference) -> Visibility:
        return self._rules(instance, "visibility", Visibility) or Visibility()

    def consent(self, instance: InstanceReference) -> Consent:
        """Nothing saved is no consent."""
        return self._rules(instance, "consent", Consent) or Consent()

    def requests(self, instance: InstanceReference) -> Requests | None:
        return self._rules(instance, "requests", Requests)

    def import_rules(self, instance: InstanceReference) -> ImportRules | None:
        return self._rules(instance, "import", ImportRules)

    def entra_rules(self, instance: InstanceReference) -> EntraRules | None:
        return self._rules(instance, "entra", EntraRules)

    def assets_access(self, instance: InstanceReference) -> AssetsAccess | None:
        stored = self.stored(instance, "assets-access")
        if stored is None:
            return None
        if stored.rules.get("mode") == "app":
            return OWN_ACCESS
        if not stored.value:
            raise SettingsUnreadable(UNKNOWN_FORM())
        return AssetsAccess(str(stored.rules.get("email", "")), Secret(stored.value))

    def entra_secret(self, instance: InstanceReference) -> EntraSecret | None:
        """For the worker. Raises SettingsUnreadable if it was given for another tenant by now."""
        rules = self.entra_rules(instance)
        stored = open_secret(self._shelf(instance), "entra-secret")
        if rules is None or stored is None:
            return None
        secret = EntraSecret(rules.tenant_id, rules.client_id, rules.cloud, Secret(stored.value))
        # The secret goes only where its own document says, whatever the rules say.
        for name, value in stored.given_for.items():
            if str(getattr(rules, name)).lower() != value.lower():
                raise SettingsUnreadable(OTHER_TENANT())
        return secret

    def container_token(self, instance: InstanceReference) -> ContainerToken | None:
        """For the worker, with the workspace and import that the token was found to belong to.

        None also where the import is named by its source.
        """
        stored = open_secret(self._shelf(instance), "import-secret")
        if stored is None or not stored.value:
            return None
        workspace_id = stored.learned.get("workspace_id")
        import_source_id = stored.learned.get("import_source_id")
        if not isinstance(workspace_id, str) or not isinstance(import_source_id, str):
            raise SettingsUnreadable(UNKNOWN_FORM())
        return ContainerToken(workspace_id, import_source_id, Secret(stored.value))

    def missing_for_import(self, instance: InstanceReference) -> list[str]:
        """The parts that an import still needs, by name; whether they open is not asked."""
        shelf = self._shelf(instance)
        return [name for name in NEEDED_FOR_IMPORT if not shelf.is_set(name)]

    def require_readable_for_import(self, instance: InstanceReference) -> None:
        """Raises SettingsUnreadable. Of a secret that only the worker opens: that it lies there."""
        shelf = self._shelf(instance)
        parts = [BY_NAME[name] for name in NEEDED_FOR_IMPORT]
        shelf.prepare(NEEDED_FOR_IMPORT)
        for part in parts:
            open_part(shelf, part)
        for document in damaged_secrets(shelf, parts):
            raise SettingsUnreadable(CANNOT_BE_OPENED(document=document))

    def stored(self, instance: InstanceReference, name: PartName) -> StoredPart | None:
        """A part as stored, with the mark of its secret: for the settings themselves."""
        return open_part(self._shelf(instance), BY_NAME[name])

    def _rules(
        self, instance: InstanceReference, name: PartName, kind: type[DocumentT]
    ) -> DocumentT | None:
        stored = self.stored(instance, name)
        return None if stored is None else rules_as(kind, stored)
