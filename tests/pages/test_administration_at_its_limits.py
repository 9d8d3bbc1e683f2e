"""The administration in a made-up language, in high contrast, right to left, with hostile words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.pages import answers
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import PHONE, FramedPage
from tests.pages.looks import cut_texts, has_border, sideways, violations
from tests.pages.test_pseudo_locale import UNTRANSLATED, speak

pytestmark = pytest.mark.browser

HOSTILE = answers.HOSTILE
# Dates, which the browser writes; a region; an id; a class of kept things told in English.
AS_IT_IS = re.compile(r"\d [A-Z][a-z]{2} \d{4}|^eu-central-1$|^i-1$|^moon phases$|^something: ")


def in_the_middle(app: AppStub) -> None:
    """Half set up, with a failed import, a preview and people who left."""
    app.states = {**answers.all_set(), "consent": {"set": False}, "visibility": {"set": False}}
    counted = {"let_in": 900, "left_out": 100}
    preview = answers.run("r8", "succeeded", mode="preview", filter=counted)
    app.runs = [preview, *answers.past_runs()]


def open_everything(inside: FrameLocator) -> None:
    expect(inside.locator(".records tbody tr").first).to_be_visible()
    for opener in inside.locator(".part-open").all():
        opener.click()
    for summary in inside.locator("summary:visible").all():
        summary.click()
    inside.locator(".leavers .button").first.click()
    expect(inside.locator(".leavers .entry").first).to_be_visible()


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_every_text_is_a_word_and_longer_ones_fit_on_a_phone(
    app: AppStub, framed: FramedPage, direction: str
) -> None:
    in_the_middle(app)
    speak(framed)
    framed.width(PHONE)
    inside = framed.open("admin")
    open_everything(inside)
    frame = framed.frame
    if direction == "ltr":
        assert [one for one in frame.evaluate(UNTRANSLATED) if not AS_IT_IS.search(one)] == []
    frame.evaluate("(one) => { document.documentElement.dir = one; }", direction)
    cut = [one for one in cut_texts(frame) if not one.startswith("placeholder")]
    assert [*cut, sideways(frame)] == [0]


def test_high_contrast_keeps_steps_and_borders(app: AppStub, framed: FramedPage) -> None:
    in_the_middle(app)
    framed.page.emulate_media(forced_colors="active")
    inside = framed.open("admin")
    expect(inside.locator(".records tbody tr").first).to_be_visible()  # the last that is drawn
    has_border(inside.locator(".step-mark").first, "2px")
    has_border(inside.locator(".guide .button").first, "1px")
    assert violations(framed.frame) == []


def test_markup_in_any_answer_stays_text(app: AppStub, framed: FramedPage) -> None:
    """Stored by whoever may save settings, or sent by a service that is not what it seems."""
    app.site_shown = f"https://{HOSTILE}"
    app.states["assets-access"]["email"] = HOSTILE
    app.states["entra"] |= {"tenant_id": HOSTILE, "client_secret": answers.secret(HOSTILE)}
    app.states["import"]["filter"]["groups"] = [HOSTILE]
    app.states["visibility"]["columns"] = {HOSTILE: [HOSTILE]}
    app.states["requests"] |= {"service_desk_id": HOSTILE, "request_type_id": HOSTILE}
    told = {"message": HOSTILE, "code": HOSTILE, "values": {"name": HOSTILE}}
    app.refusals["entra"] = [{"field": HOSTILE, **told}, {"field": "tenant_id", **told}]
    failed = answers.run("r1", "failed", reason=HOSTILE, next_step=HOSTILE, more=told)
    app.runs = [answers.run("r2", "succeeded", mode="preview"), failed]
    inside = framed.open("admin")
    open_everything(inside)
    entra = inside.locator("#entra")
    entra.get_by_role("button", name="Save", exact=True).click()
    expect(entra.get_by_role("alert").first).to_contain_text("<script>")
    assert framed.frame.evaluate("() => document.title") == "My Assets: Administration"
    planted = "() => document.querySelectorAll('#page img, #page script').length"
    assert framed.frame.evaluate(planted) == 0
