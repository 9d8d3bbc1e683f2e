"""Files and pictures of the list: the export through both doors, counts by type."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.app_stub import AppStub
from tests.pages.forge_page import ForgePage
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", ["CSV", "JSON"])
def test_the_list_is_exported_with_its_filters(app: AppStub, framed: FramedPage, kind: str) -> None:
    inside = framed.open()
    inside.get_by_label("Type", exact=True).select_option("Phone")
    expect(inside.locator(".row")).to_have_count(2)
    with framed.page.expect_download() as started:
        inside.get_by_role("group", name="Export").get_by_role("button", name=kind).click()
    assert started.value.suggested_filename == f"my-assets-2026-11-21.{kind.lower()}"
    text = Path(started.value.path()).read_text(encoding="utf-8")
    assert "Spare phone" in text
    assert "NB-JOERG-01" not in text
    expect(inside.locator("#announcements")).to_contain_text("on its way to your downloads")


@pytest.mark.forge
@pytest.mark.parametrize("kind", ["CSV", "JSON"])
def test_forge_brings_the_same_file_as_json(app: AppStub, forge: ForgePage, kind: str) -> None:
    page = forge.open()
    with page.expect_download() as started:
        page.get_by_role("group", name="Export").get_by_role("button", name=kind).click()
    assert started.value.suggested_filename == f"my-assets-2026-11-21.{kind.lower()}"
    assert "Drawing Suite, yearly" in Path(started.value.path()).read_text(encoding="utf-8")
    assert forge.said == []


def test_a_failed_export_says_so_and_the_list_stays(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    app.fail_next("GET", "/api/my-assets/export", Fault.refuse(502, answers.problem("", 502)))
    inside.get_by_role("button", name="CSV").click()
    expect(inside.get_by_role("alert")).to_contain_text("wrong answer")
    expect(inside.locator(".row")).to_have_count(7)
    with framed.page.expect_download():
        inside.get_by_role("button", name="Try again").click()
    expect(inside.get_by_role("alert")).to_have_count(0)


def test_counts_by_type_are_a_table_whose_rows_filter(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    inside.get_by_text("How many of what").click()
    table = inside.get_by_role("table", name="Your assets by type")
    expect(table.get_by_role("rowheader")).to_have_text(["Notebook", "Phone", "Software licence"])
    expect(table.get_by_role("cell")).to_have_text(["4", "2", "1"])
    table.get_by_role("button", name="Phone").click()
    expect(inside.locator(".row")).to_have_count(2)
    expect(inside.get_by_label("Type", exact=True)).to_be_focused()
    expect(table).to_have_count(0)


def test_one_kind_alone_needs_no_picture(app: AppStub, framed: FramedPage) -> None:
    app.assets = answers.many(3)
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(3)
    expect(inside.locator(".counts")).to_have_count(0)


def test_what_was_only_partly_read_says_so(app: AppStub, framed: FramedPage) -> None:
    app.assets, app.complete = answers.many(70), False
    inside = framed.open()
    expect(inside.locator(".list-foot")).to_contain_text("more than can be read at once")


def test_filters_offer_kinds_of_rows_that_are_not_loaded_yet(
    app: AppStub, framed: FramedPage
) -> None:
    app.assets = [*answers.many(60), answers.asset(99, "Zeta phone", answers.PHONE)]
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(50)
    options = inside.get_by_label("Type", exact=True).locator("option")
    expect(options).to_have_text(["All types", "Notebook", "Phone"])


def test_groups_stand_in_order_whatever_page_brought_them(app: AppStub, framed: FramedPage) -> None:
    early = answers.asset(98, "AAA phone", answers.PHONE)
    late = answers.asset(99, "Zeta licence", answers.LICENCE, answers.SOFTWARE)
    app.assets = [early, *answers.many(60), late]
    inside = framed.open()
    inside.get_by_label("Group by type").check()
    expect(inside.locator("h2.rows-type")).to_have_text(["Notebook", "Phone"])
    inside.get_by_role("button", name="Show more").click()
    expect(inside.locator("h2.rows-type")).to_have_text(["Notebook", "Phone", "Software licence"])
    expect(inside.locator(".row")).to_have_count(62)
