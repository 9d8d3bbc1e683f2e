"""Whether the account that writes to Assets has the role that an import needs in its schema.

No mapping can hold a Jira user, so the attribute for it is made by REST: that takes a manager.
Source: “What are roles?” of Atlassian's support pages; `canManage` of objectschema/list.
"""

from __future__ import annotations

from typing import Final

from app.errors import AppError, NotAllowed, NotThere
from app.site_settings.documents import AssetsAccess
from app.site_settings.findings import Finding, warning
from app.site_settings.forms import ImportForm
from app.site_settings.probes.question import Question

ROLE: Final = "object schema manager"
WHERE: Final = (
    "In Assets, open the object schema, choose Object schema configuration, then Roles, and add"
    " {who} as {role}."
)
MAKES: Final = "is not {role} of “{schema}”, so it cannot make the attribute “Jira account” there."
READS: Final = "may not read this import in Assets: it has no role in the import's object schema."
OWN: Final = "the app's user"
ACCOUNT: Final = "the account of the Assets access"


def role_findings(
    question: Question,
    rules: ImportForm,
    access: AssetsAccess,
    workspace_id: str,
    import_source_id: str,
) -> list[Finding]:
    """At most one; none where Assets does not say."""
    who = OWN if access.mode == "app" else ACCOUNT
    field = "container_token" if rules.import_source_id is None else "import_source_id"
    set_up = question.outside.import_set_up(question.instance, access, workspace_id)
    try:
        schema_id = set_up.schema_id(import_source_id)
    except (NotAllowed, NotThere):
        return [_told(field, who, READS)]
    except AppError:
        return []  # of a dead account the probe of its own part speaks
    if not rules.objects.users:
        return []
    assets = question.outside.assets(question.instance, access, workspace_id)
    try:
        schemas = assets.schemas()
    except AppError:
        return []
    named = [each.name for each in schemas if each.id == schema_id and each.managed is False]
    return [_told(field, who, MAKES.format(role=ROLE, schema=name)) for name in named]


def _told(field: str, who: str, what: str) -> Finding:
    where = WHERE.format(who=who, role=ROLE)
    return warning(field, f"{who[0].upper()}{who[1:]} {what} {where}")
