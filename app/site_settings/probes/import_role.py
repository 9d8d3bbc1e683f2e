"""Whether the account that writes to Assets has the role that an import needs in its schema.

No mapping can hold a Jira user, so the attribute for it is made by REST: that takes a manager.
Source: “What are roles?” of Atlassian's support pages; `canManage` of objectschema/list.
"""

from __future__ import annotations

from typing import Final

from app.errors import AppError, NotAllowed, NotThere
from app.said import Sentence
from app.site_settings.documents import AssetsAccess
from app.site_settings.findings import Finding, warning
from app.site_settings.forms import ImportForm
from app.site_settings.probes.question import Question

APP_MAKES: Final = Sentence(
    "role.app_makes",
    "The app's user is not object schema manager of “{schema}”, so it cannot make the attribute"
    " “Jira account” there. In Assets, open the object schema, choose Object schema configuration,"
    " then Roles, and add the app's user as object schema manager.",
)
APP_READS: Final = Sentence(
    "role.app_reads",
    "The app's user may not read this import in Assets: it has no role in the import's object"
    " schema. In Assets, open the object schema, choose Object schema configuration, then Roles,"
    " and add the app's user as object schema manager.",
)
ACCOUNT_MAKES: Final = Sentence(
    "role.account_makes",
    "The account of the Assets access is not object schema manager of “{schema}”, so it cannot"
    " make the attribute “Jira account” there. In Assets, open the object schema, choose Object"
    " schema configuration, then Roles, and add the account of the Assets access as object schema"
    " manager.",
)
ACCOUNT_READS: Final = Sentence(
    "role.account_reads",
    "The account of the Assets access may not read this import in Assets: it has no role in the"
    " import's object schema. In Assets, open the object schema, choose Object schema"
    " configuration, then Roles, and add the account of the Assets access as object schema"
    " manager.",
)


def role_findings(
    question: Question,
    rules: ImportForm,
    access: AssetsAccess,
    workspace_id: str,
    import_source_id: str,
) -> list[Finding]:
    """At most one; none where Assets does not say."""
    own = access.mode == "app"
    field = "container_token" if rules.import_source_id is None else "import_source_id"
    set_up = question.outside.import_set_up(question.instance, access, workspace_id)
    try:
        schema_id = set_up.schema_id(import_source_id)
    except (NotAllowed, NotThere):
        return [warning(field, (APP_READS if own else ACCOUNT_READS)())]
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
    makes = APP_MAKES if own else ACCOUNT_MAKES
    return [warning(field, makes(schema=name)) for name in named]
