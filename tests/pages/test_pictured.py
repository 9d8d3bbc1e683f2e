"""What imports changed, day by day, and what is kept where: seen, heard, and in every direction."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.pages import answers
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage
from tests.pages.looks import cut_texts, look, sideways

pytestmark = pytest.mark.browser

WIDTHS = (
    "() => [...document.querySelectorAll('.chart-bars rect')].map((r) => r.getAttribute('class'))"
)


def weeks() -> list[dict[str, Any]]:
    """Three weeks of imports, two a day now and then, two of them failed."""

    def made(day: int, hour: int) -> dict[str, Any]:
        counts = {"create": day * 7 % 23 * 9, "update": day * 13 % 50, "leavers": day % 7 * 4}
        failed = {"state": "failed", "reason": "empty_source"} if day in (5, 11) else {}
        more = {"counts": {**counts, "unchanged": 900, "skipped": 3, "failed": 0}, **failed}
        started = {"started_at": f"2026-11-{day:02d}T{hour:02d}:00:00Z"}
        return answers.run(f"r{day}-{hour}", "succeeded") | more | started

    return [
        made(day, hour) for day in range(21, 0, -1) for hour in ((14, 8) if day % 5 == 0 else (8,))
    ]


def shown(app: AppStub, framed: FramedPage, loc: str = "en_GB") -> FrameLocator:
    app.runs = weeks()
    inside = framed.open("admin", loc=loc)
    expect(inside.locator(".chart-bars")).to_be_visible()
    return inside


def test_the_bars_say_what_the_table_says(app: AppStub, framed: FramedPage) -> None:
    inside = shown(app, framed)
    chart = inside.locator("figure.chart")
    expect(chart).to_contain_text("25 imports in the last 28 days. 3 of them failed.")
    expect(inside.locator("svg[aria-hidden=true]")).to_have_count(1)
    drawn = framed.frame.evaluate(WIDTHS)
    assert drawn.count("chart-failures") == 2
    chart.get_by_text("Show these numbers as a table").click()
    table = inside.get_by_role("table", name="What imports changed, day by day")
    expect(table.get_by_role("columnheader")).to_have_text(
        ["Day", "Imports", "New", "Changed", "Gone", "Failed imports"]
    )
    expect(table.get_by_role("row")).to_have_count(22)  # of 28 days, those that had an import
    expect(table.get_by_role("row", name="20 Nov 2026")).to_contain_text("2")


def test_one_day_alone_is_no_picture(app: AppStub, framed: FramedPage) -> None:
    app.runs = [answers.run("r1", "succeeded")]
    inside = framed.open("admin")
    expect(inside.locator(".history")).to_be_visible()
    expect(inside.locator(".chart")).to_have_count(0)


def test_hundreds_of_imports_come_ten_at_a_time(app: AppStub, framed: FramedPage) -> None:
    inside = shown(app, framed)
    rows = inside.get_by_role("table", name="Imports of the last 28 days").get_by_role("row")
    expect(rows).to_have_count(11)
    inside.get_by_role("button", name="Show earlier imports").click()
    expect(rows).to_have_count(26)
    expect(rows.nth(11)).to_be_focused()


def test_what_is_kept_is_told_as_the_app_declares_it(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin", loc="de_DE")
    kept = inside.get_by_role("region", name="Was wo aufbewahrt wird")
    kept.get_by_text("In Ihrem Jira").click()
    expect(kept).to_contain_text("Höchstens 1 Stunde nach: dem Ende der Vorschau.")
    expect(kept.get_by_role("listitem").filter(has_text="Vorschau").first).to_contain_text(
        "Nennt Personen"
    )
    expect(kept).to_contain_text("eu-central-1")
    kept.get_by_text("in Protokollen").click()
    english = kept.locator("[lang=en]")
    expect(english.first).to_have_text("moon phases")


def test_everything_pictured_is_whole_and_accessible(app: AppStub, framed: FramedPage) -> None:
    inside = shown(app, framed)
    for summary in inside.locator("summary").all():
        summary.click()
    inside.get_by_role("heading", name="Imports of the last").scroll_into_view_if_needed()
    look(framed, "admin-history")
    framed.frame.evaluate("() => { document.documentElement.dir = 'rtl'; }")
    assert [*cut_texts(framed.frame), sideways(framed.frame)] == [0]
    flipped = "() => getComputedStyle(document.querySelector('.chart-bars')).transform"
    assert framed.frame.evaluate(flipped).startswith("matrix(-1")


def test_high_contrast_keeps_bars_apart(app: AppStub, framed: FramedPage) -> None:
    framed.page.emulate_media(forced_colors="active")
    shown(app, framed)
    look = """(kinds) => kinds.map((kind) => {
      const s = getComputedStyle(document.querySelector(`.chart-${kind}`));
      return [s.fill, s.strokeWidth];
    })"""
    kinds = ["create", "update", "leavers", "failures"]
    found = framed.frame.evaluate(look, kinds)
    assert len({fill for fill, _ in found}) == len(kinds)
    assert {width for _, width in found} == {"0.5px"}
