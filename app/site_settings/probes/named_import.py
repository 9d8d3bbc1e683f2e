"""Probe of an import that is named by its source: it is there, and it is one of this site's Assets.

Asked with the app's own token, whatever `assets-access` holds, so that any order of saving works.
"""

from __future__ import annotations

from typing import Final

from app.errors import CredentialRefused, NotAllowed, NotThere
from app.said import Sentence
from app.site_settings.documents import OWN_ACCESS
from app.site_settings.findings import Finding, error
from app.site_settings.ports import FoundImport
from app.site_settings.probes.own_reach import NO_ASSETS, own_workspace
from app.site_settings.probes.question import Question

NO_SUCH_IMPORT: Final = Sentence(
    "named_import.none", "Assets has no import with this id. Create it in Assets, then choose it."
)
NOT_ALLOWED: Final = Sentence(
    "named_import.not_allowed",
    "Assets does not let the app use this import. Look whether the app asks for more permissions"
    " in Jira, then open this page again.",
)
OTHER_WORKSPACE: Final = Sentence(
    "named_import.other_workspace", "This workspace is not the one of this site's Assets."
)


def find_import(
    question: Question, import_source_id: str, workspace_id: str
) -> FoundImport | Finding:
    """The import, or what is wrong about its name. Raises the service errors."""
    site = question.outside.account_site(question.instance, OWN_ACCESS)
    try:
        own = own_workspace(site)
        if own is None:
            return error("workspace_id", NO_ASSETS())
        if own != workspace_id:
            return error("workspace_id", OTHER_WORKSPACE())
        return question.outside.import_by_source(
            question.instance, import_source_id, workspace_id
        ).look()
    except NotThere:
        return error("import_source_id", NO_SUCH_IMPORT())
    except (CredentialRefused, NotAllowed):
        return error("import_source_id", NOT_ALLOWED())
