"""Reads the applications registered in the tenant.

Registrations, not service principals: of those a tenant holds hundreds that Microsoft put there,
and one for each managed identity, which nobody would look for among the applications they have.
"""

from __future__ import annotations

from app.imports.entra.intake import Intake
from app.imports.entra.pages import Pages
from app.imports.kinds.table import APPLICATION, KindName, selected
from app.imports.run.patience import Steps
from app.imports.run.ports import Directory


def read_applications(intake: Intake, directory: Directory) -> Steps[dict[KindName, int]]:
    """How many there are."""
    work, select, found = intake.work, selected(APPLICATION), 0
    pages = Pages(work.patience, lambda link: directory.applications(link, select), work.ahead)
    shape = intake.shape("application")
    while (page := (yield from pages.next())) is not None:
        for row in page.value:
            found += 1
            yield from intake.compare(shape, shape.reading(row))
        intake.tell(len(page.value))
    return {"application": found}
