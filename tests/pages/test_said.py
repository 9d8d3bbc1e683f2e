"""What the app says is in the reader's language, or marked as English where it has no code."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.administration import part
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser

LACKS = {
    "field": "client_id",
    "severity": "error",
    "message": "The app lacks the permission User.Read.All. …",
    "code": "entra.lacks",
    "values": {"name": "User.Read.All"},
}
CALLED = {"message": "client secret", "code": "called.client_secret", "values": {}}
AGAIN = {
    "field": "client_secret",
    "message": "Enter the client secret again: it was given for another tenant, cloud.",
    "code": "secret.enter_again",
    "values": {
        "called": CALLED,
        "changed": [
            {"message": "tenant", "code": "called.tenant", "values": {}},
            {"message": "cloud", "code": "called.cloud", "values": {}},
        ],
    },
}
CHANGED = {
    "field": "tenant_id",
    "message": "The saved client secret was given for another one than this.",
    "code": "secret.changed",
    "values": {"called": CALLED},
}


def test_findings_are_german_on_a_german_page(app: AppStub, framed: FramedPage) -> None:
    app.findings = {"ok": False, "findings": [LACKS]}
    inside = framed.open("admin", loc="de_DE")
    entra = part(inside, "Entra ID verbinden")
    entra.get_by_role("button", name="Prüfen, ohne zu speichern").click()
    expect(entra.get_by_role("status")).to_contain_text(
        "Der App fehlt die Berechtigung User.Read.All."
    )


def test_problems_and_the_words_within_them_are_german(app: AppStub, framed: FramedPage) -> None:
    app.refusals["entra"] = [CHANGED, AGAIN]
    inside = framed.open("admin", loc="de_DE")
    entra = part(inside, "Entra ID verbinden")
    entra.get_by_role("button", name="Speichern", exact=True).click()
    tenant = entra.get_by_label("Verzeichnis-ID (Mandant)")
    expect(tenant).to_have_accessible_description(
        "Für einen anderen Wert als diesen haben Sie den geheimen Clientschlüssel gespeichert."
    )
    expect(entra.get_by_role("alert")).to_contain_text(
        "Geben Sie den geheimen Clientschlüssel noch einmal ein; "
        "das Gespeicherte gilt für etwas anderes: Verzeichnis und Cloud."
    )


def test_a_problem_without_a_code_is_marked_as_english(app: AppStub, framed: FramedPage) -> None:
    app.refusals["entra"] = [{"field": "tenant_id", "message": "A sentence of tomorrow."}]
    inside = framed.open("admin", loc="de_DE")
    entra = part(inside, "Entra ID verbinden")
    entra.get_by_role("button", name="Speichern", exact=True).click()
    expect(entra.get_by_role("alert").locator("[lang=en]")).to_have_text("A sentence of tomorrow.")


def test_details_of_a_trouble_are_german(app: AppStub, framed: FramedPage) -> None:
    detail = {
        "detail": "The Jira site cannot be reached.",
        "code": "service.unreachable",
        "values": {"service": {"message": "", "code": "called.jira_site", "values": {}}},
    }
    refused = Fault.refuse(503, answers.problem("", 503, **detail))
    app.fail_next("GET", "/api/settings", refused)
    inside = framed.open("admin", loc="de_DE")
    expect(inside.get_by_role("alert")).to_contain_text("Die Jira-Site: nicht erreichbar.")
    expect(inside.get_by_role("alert")).not_to_contain_text("cannot be reached")
