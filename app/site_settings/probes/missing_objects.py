"""Compares what the administrator says of missing objects with how the import is set in Assets."""

from __future__ import annotations

from typing import Final

from app.errors import CredentialRefused, NotAllowed, NotThere
from app.said import Sentence
from app.site_settings.documents import AssetsAccess, ImportRules
from app.site_settings.findings import Finding, warning
from app.site_settings.probes.question import Question

REMOVE: Final = "remove"
# `unknown` claims nothing, so nothing can differ from it.
SET_UP_AS: Final = {"ignore": "ignore", REMOVE: REMOVE}
UNSAFE: Final = Sentence(
    "missing_objects.unsafe",
    "In Assets, objects missing from this import are set to “remove”, but leavers are not to be"
    " deleted. So that nothing is lost, the app sends everything at each run. Safer and faster:"
    " set it to “ignore” there and here.",
)
DIFFERENT: Final = Sentence(
    "missing_objects.different",
    "In Assets, objects missing from this import are set to “{there}”, not to “{here}”. Make the"
    " two the same.",
)


def missing_objects_findings(
    question: Question,
    rules: ImportRules,
    access: AssetsAccess,
    workspace_id: str,
    import_source_id: str,
) -> list[Finding]:
    """Raises the service errors when Assets does not answer."""
    set_up = question.outside.import_set_up(question.instance, access, workspace_id)
    try:
        choices = set_up.missing_objects(import_source_id)
    except (CredentialRefused, NotAllowed, NotThere):
        return []  # the account may not read it: the administrator's word stands
    claimed = SET_UP_AS.get(rules.missing_objects)
    if claimed is None:
        unsafe = REMOVE in choices and rules.leavers != "delete"
        return [warning("missing_objects", UNSAFE())] if unsafe else []
    if not choices or choices == {claimed}:
        return []
    message = DIFFERENT(there=tuple(sorted(choices)), here=claimed)
    return [warning("missing_objects", message)]
