"""Probe of `import`: whose import it is, and whether it is this site's.

A container token is asked what it opens; an import named by its source is looked for.
"""

from __future__ import annotations

from typing import Any, Final

from app.errors import CredentialRefused, NotAllowed, NotThere, SettingsUnreadable
from app.said import Sentence
from app.site_settings.documents import OWN_ACCESS, ImportRules
from app.site_settings.entra_permissions import missing_permissions
from app.site_settings.findings import Finding, Probed, error, warning
from app.site_settings.forms import ImportForm
from app.site_settings.ports import FoundImport
from app.site_settings.probes.import_role import role_findings
from app.site_settings.probes.missing_objects import missing_objects_findings
from app.site_settings.probes.named_import import find_import
from app.site_settings.probes.question import Question
from app.site_settings.reach import CannotLook, reach

NOT_ACCEPTED: Final = Sentence(
    "import.not_accepted",
    "Assets does not accept this container token: it is wrong, has expired, or a newer one has"
    " ended it. Generate a new one in the import's settings in Assets and enter it here.",
)
NOTHING: Final = Sentence(
    "import.nothing", "Nothing that can be imported is chosen, so an import would bring nothing."
)
MANAGED_ALONE: Final = Sentence(
    "import.managed_alone",
    "Devices are not imported as a whole: only those of Entra ID that Intune manages come.",
)
NO_GROUPS: Final = Sentence(
    "import.no_groups", "Groups are not imported, so nobody's memberships are filled."
)
OTHER_SITE: Final = Sentence(
    "import.other_site", "This container token belongs to an import of another site's Assets."
)
NOT_CHECKED: Final = Sentence(
    "import.not_checked", "The container token was kept and not checked again."
)
SITE_NOT_CHECKED: Final = Sentence(
    "import.site_not_checked", "Whether this import belongs to this site was not checked: {why}."
)
LACKED: Final = Sentence(
    "import.lacked",
    "The Entra app lacked the permission {name} when it was last checked. Grant it, then enter its"
    " client secret again.",
)
STATUS_WARNINGS: Final = {
    "DISABLED": Sentence(
        "import.disabled",
        "This import is switched off in Assets. Switch it on before the first run.",
    ),
    "RUNNING": Sentence(
        "import.running", "An import runs in Assets at this moment. Nothing is changed in it."
    ),
}


def probe_import(question: Question) -> Probed:
    """Raises the service errors when Assets or the site do not answer."""
    rules = question.rules
    if not isinstance(rules, ImportForm):
        raise TypeError("the form of another part")
    permissions = [*_chosen(rules), *_permissions(question, rules)]
    if rules.import_source_id is not None:
        return _named(question, rules, permissions)
    if question.secret is None:
        learned = question.stored.learned if question.stored else {}
        kept = warning("container_token", NOT_CHECKED())
        return Probed((kept, *_site(question, rules, learned), *permissions))
    try:
        found = question.outside.import_by_token(question.instance, question.secret).look()
    except (CredentialRefused, NotAllowed, NotThere):
        return Probed((error("container_token", NOT_ACCEPTED()), *permissions))
    learned = _learned(found)
    status = _status("container_token", found)
    return Probed((*status, *_site(question, rules, learned), *permissions), learned)


def _named(question: Question, rules: ImportForm, more: list[Finding]) -> Probed:
    found = find_import(question, rules.import_source_id or "", rules.workspace_id or "")
    if isinstance(found, Finding):
        return Probed((found, *more))
    status = _status("import_source_id", found)
    where = (OWN_ACCESS, found.workspace_id, found.import_source_id)
    choices = missing_objects_findings(question, rules, *where)
    role = role_findings(question, rules, *where)
    return Probed((*status, *role, *choices, *more), _learned(found))


def _learned(found: FoundImport) -> dict[str, Any]:
    return {"workspace_id": found.workspace_id, "import_source_id": found.import_source_id}


def _chosen(rules: ImportRules) -> list[Finding]:
    findings = []
    objects = rules.objects
    if not any(objects.model_dump().values()):
        findings.append(warning("objects", NOTHING()))
    if objects.managed_devices and not objects.devices:
        findings.append(warning("objects.managed_devices", MANAGED_ALONE()))
    if rules.memberships and not objects.groups:
        findings.append(warning("memberships", NO_GROUPS()))
    return findings


def _status(about: str, found: FoundImport) -> list[Finding]:
    told = STATUS_WARNINGS.get(found.status.upper())
    return [warning(about, told())] if told else []


def _site(question: Question, rules: ImportForm, learned: dict[str, Any]) -> list[Finding]:
    """Compare with the site: the workspace must be its own, the choice the one made there."""
    try:
        near = reach(question.instance, question.reader, question.outside)
    except CannotLook as reason:
        return [warning("container_token", SITE_NOT_CHECKED(why=reason.said))]
    if learned.get("workspace_id") != near.workspace_id:
        return [error("container_token", OTHER_SITE())]
    source_id = str(learned.get("import_source_id"))
    where = (near.access, near.workspace_id, source_id)
    role = role_findings(question, rules, *where)
    return [*role, *missing_objects_findings(question, rules, *where)]


def _permissions(question: Question, rules: ImportRules) -> list[Finding]:
    """What the Entra app lacked when it was probed: it cannot be asked again from here."""
    try:
        entra = question.reader.stored(question.instance, "entra")
    except SettingsUnreadable:
        return []
    if entra is None or "roles" not in entra.learned:
        return []
    return [
        warning("objects", LACKED(name=name))
        for name in missing_permissions(rules, entra.learned["roles"])
    ]
