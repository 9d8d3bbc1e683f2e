"""What a reader likes: order, groups and columns, kept in their own Jira account or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.pages import answers
from tests.pages.app_stub import AppStub
from tests.pages.fake_site import CUSTOMER
from tests.pages.forge_page import ForgePage
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser

PLACE = "/rest/api/3/user/properties/my-assets-for-jira?accountId=ac-joerg"


def like(inside: Any) -> None:
    """Another order, groups, and one column of one's own."""
    inside.get_by_label("Sort by").select_option("-label")
    inside.get_by_label("Group by type").check()
    inside.get_by_text("Columns", exact=True).click()
    inside.get_by_role("checkbox", name="Model").check()


def check(inside: Any) -> None:
    expect(inside.get_by_label("Sort by")).to_have_value("-label")
    expect(inside.get_by_label("Group by type")).to_be_checked()
    expect(inside.locator("h2.rows-type")).to_have_text(["Notebook", "Phone", "Software licence"])
    first = inside.locator(".row", has=inside.get_by_role("button", name="NB-JOERG-01"))
    expect(first.locator(".row-facts dt")).to_have_text(["Model"])


def plain(inside: FrameLocator) -> None:
    expect(inside.locator(".row")).to_have_count(7)
    expect(inside.get_by_label("Sort by")).to_have_value("label")
    expect(inside.get_by_label("Group by type")).not_to_be_checked()


def saved(framed: FramedPage) -> list[Any]:
    sent = [one for one in framed.requests if one.url.split("?")[0].endswith("/frame/ask/jira")]
    asked = [json.loads(one.post_data or "{}") for one in sent]
    return [json.loads(one["body"]) for one in asked if one["method"] == "PUT"]


def test_what_a_reader_likes_is_there_again_on_connect(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open(person="ac-maeve")
    plain(inside)
    like(inside)
    check(inside)
    with framed.page.expect_response("**/frame/ask/jira*"):
        inside.get_by_role("checkbox", name="Manufacturer").check()
    assert saved(framed)[-1] == {
        "sort": "-label",
        "grouped": True,
        "columns": ["Model", "Manufacturer"],
    }
    inside.get_by_role("checkbox", name="Manufacturer").uncheck()
    framed.page.wait_for_load_state("networkidle")
    check(framed.open(person="ac-maeve"))
    plain(framed.open(person="ac-tomo"))


def test_a_column_too_many_lets_the_oldest_go_and_says_so(app: AppStub, framed: FramedPage) -> None:
    names = [f"Fact {number:02d}" for number in range(13)]
    app.assets = [answers.asset(1, "Notebook", **{one.replace(" ", "_"): "x" for one in names})]
    inside = framed.open(person="ac-maeve")
    inside.get_by_text("Columns", exact=True).click()
    for one in names:
        inside.get_by_role("checkbox", name=one).check()
    expect(inside.locator(".row-facts dt")).to_have_text(names[1:])
    expect(inside.get_by_role("checkbox", name=names[0])).not_to_be_checked()
    expect(inside.get_by_role("checkbox", name=names[1])).to_be_checked()


@pytest.mark.forge
def test_what_a_reader_likes_is_there_again_on_forge(app: AppStub, forge: ForgePage) -> None:
    page = forge.open()
    expect(page.locator(".row")).to_have_count(7)
    like(page)
    check(page)
    assert list(forge.kept) == [PLACE]
    check(forge.open())


def test_where_jira_refuses_the_page_works_without(app: AppStub, framed: FramedPage) -> None:
    framed.site.scopes = {"READ"}
    try:
        inside = framed.open(person="ac-tomo")
        plain(inside)
        like(inside)
        check(inside)
        plain(framed.open(person="ac-tomo"))
    finally:
        framed.site.scopes = {"READ", "WRITE"}


def test_a_customer_of_the_portal_has_a_page_without(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("my-assets-portal", person=CUSTOMER)
    plain(inside)
    like(inside)
    check(inside)


@pytest.mark.forge
def test_a_bridge_that_takes_no_property_changes_nothing(app: AppStub, forge: ForgePage) -> None:
    forge.refuses = True
    page = forge.open()
    expect(page.locator(".row")).to_have_count(7)
    like(page)
    check(page)
    assert forge.said == []


@pytest.mark.forge
@pytest.mark.parametrize(
    "found",
    [
        "7",
        "null",
        '{"sort": "<script>", "grouped": "yes", "columns": [7, null]}',
        '{"columns": {"a": 1}}',
        "not json",
    ],
)
def test_what_lies_there_is_believed_only_where_it_is_known(
    app: AppStub, forge: ForgePage, found: str
) -> None:
    """Any user may write their own property, and any app of the site may too."""
    forge.kept[PLACE] = found
    page = forge.open()
    expect(page.locator(".row")).to_have_count(7)
    expect(page.get_by_label("Sort by")).to_have_value("label")
    assert forge.said == []


@pytest.mark.forge
def test_rows_wait_for_it_a_second_at_most(app: AppStub, forge: ForgePage) -> None:
    forge.twist = """
    {
      const { callBridge } = window.__bridge;
      window.__bridge.callBridge = (command, payload) =>
        (command === 'fetchProduct' ? new Promise(() => null) : callBridge(command, payload));
    }
    """
    page = forge.open()
    expect(page.locator(".row")).to_have_count(7, timeout=4_000)
