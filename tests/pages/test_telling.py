"""What the administration tells: a preview's records, people who left, a secret's end, counts."""

from __future__ import annotations

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.administration import last_body, part
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage
from tests.pages.looks import cut_texts, look, sideways

pytestmark = pytest.mark.browser


def previewed(app: AppStub) -> None:
    counted = {"let_in": 900, "left_out": 100}
    app.runs = [answers.run("r8", "succeeded", mode="preview", filter=counted)]


def planned(inside: FrameLocator) -> Locator:
    return inside.get_by_role("table", name="What it would do, record by record")


def shown(inside: FrameLocator) -> Locator:
    return inside.get_by_role("region", name="What it would do, record by record")


def ending(app: AppStub, days: int, warning: int | None, read_from: str = "settings") -> None:
    app.states["entra"]["secret_expiry"] = {
        "expires_on": "2026-12-05", "days_left": days, "warning": warning, "read_from": read_from,
    }  # fmt: skip


def test_a_preview_shows_its_records_with_reasons(app: AppStub, framed: FramedPage) -> None:
    previewed(app)
    inside = framed.open("admin")
    rows = planned(inside).get_by_role("row")
    expect(rows).to_have_count(7)
    expect(rows.nth(1)).to_contain_text("Dana Vale")
    expect(rows.nth(1)).to_contain_text("Not in Assets yet.")
    changed = rows.filter(has_text="<img src=x")
    expect(changed).to_contain_text("Changed: Job title. Emptied: Manager.")
    expect(rows.filter(has_text="NB-14")).to_contain_text("As the app says.")
    expect(shown(inside)).to_contain_text("6 of 240 records are shown.")


def test_records_are_filtered_by_kind_and_by_what_becomes_of_them(
    app: AppStub, framed: FramedPage
) -> None:
    previewed(app)
    inside = framed.open("admin")
    rows = planned(inside).get_by_role("row")
    expect(rows).to_have_count(7)
    section = shown(inside)
    section.get_by_label("Kind").select_option("Device")
    expect(rows).to_have_count(3)
    section.get_by_label("What").select_option("Left out")
    expect(rows).to_have_count(2)
    section.get_by_label("Kind").select_option("Group")
    expect(planned(inside)).to_be_hidden()
    expect(section).to_contain_text("Nothing of this kind.")
    asked = [call.query for call in app.calls_to("GET", "/api/imports/r8/records")]
    assert asked[-1] == "kind=group&action=skipped"


def test_more_records_follow_in_their_order(app: AppStub, framed: FramedPage) -> None:
    previewed(app)
    app.page_size = 4
    inside = framed.open("admin")
    rows = planned(inside).get_by_role("row")
    expect(rows).to_have_count(5)
    inside.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(7)
    expect(inside.get_by_role("button", name="Show more")).to_have_count(0)


def test_after_the_hour_the_page_says_what_to_do(app: AppStub, framed: FramedPage) -> None:
    previewed(app)
    app.records_kept = False
    inside = framed.open("admin")
    expect(shown(inside)).to_contain_text("Start a new preview to see them.")
    expect(planned(inside)).to_be_hidden()


def test_records_that_do_not_come_can_be_asked_for_again(app: AppStub, framed: FramedPage) -> None:
    previewed(app)
    refused = Fault.refuse(503, answers.problem("", 503))
    app.fail_next("GET", "/api/imports/r8/records", refused)
    inside = framed.open("admin")
    inside.get_by_role("alert").get_by_role("button").click()
    expect(planned(inside).get_by_role("row")).to_have_count(7)
    expect(inside.get_by_role("alert")).to_have_count(0)


def test_a_preview_says_whom_the_filter_lets_in(app: AppStub, framed: FramedPage) -> None:
    previewed(app)
    inside = framed.open("admin")
    words = "The filter lets in 900 people and leaves out 100."
    expect(inside.get_by_role("table", name="Imports of the last 28 days")).to_contain_text(words)


def test_no_other_run_has_records(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    expect(inside.get_by_role("table", name="Imports of the last 28 days")).to_be_visible()
    expect(inside.get_by_role("heading", name="record by record")).to_have_count(0)
    assert app.calls_to("GET", "/api/imports/r4/records") == []


def test_unchanged_and_left_out_stand_in_the_history(app: AppStub, framed: FramedPage) -> None:
    counts = {"create": 1, "update": 0, "unchanged": 88, "leavers": 0, "skipped": 7, "failed": 0}
    app.runs = [answers.run("r7", "succeeded", counts=counts)]
    inside = framed.open("admin")
    row = inside.get_by_role("row").filter(has_text="Done")
    expect(row).to_contain_text("New 1, Unchanged 88, Left out 7")


def test_leavers_are_asked_for_only_when_wanted(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    show = inside.get_by_role("button", name="Show them")
    expect(show).to_be_visible()
    assert app.calls_to("GET", "/api/imports/leavers") == []
    show.click()
    found = inside.locator(".leavers")
    expect(found.get_by_role("listitem").filter(has_text="Piet Zoll")).to_contain_text("NB-10")
    expect(found).to_contain_text("Left on 5 Oct 2026")
    expect(found).to_contain_text("and 6 more")
    expect(found).to_contain_text("2 people who left still hold something.")
    expect(inside.get_by_role("button", name="Look again")).to_be_visible()


def test_leavers_come_stretch_by_stretch_and_nobody_is_said_in_the_end_only(
    app: AppStub, framed: FramedPage
) -> None:
    app.page_size = 1
    inside = framed.open("admin")
    inside.get_by_role("button", name="Show them").click()
    found = inside.locator(".leavers")
    expect(found).to_contain_text("1 person so far; there are more to look at.")
    inside.get_by_role("button", name="Look further").click()
    expect(found).to_contain_text("2 people who left still hold something.")
    app.left = []
    inside.get_by_role("button", name="Look again").click()
    expect(found).to_contain_text("Nobody who left holds anything.")


def test_where_nobody_is_marked_the_page_says_why_the_list_is_short(
    app: AppStub, framed: FramedPage
) -> None:
    inside = framed.open("admin")
    words = "By your settings nobody is marked"
    expect(inside.locator(".leavers")).not_to_contain_text(words)
    app.states["import"]["leavers"] = "keep"
    inside = framed.open("admin")
    expect(inside.locator(".leavers")).to_contain_text(words)


@pytest.mark.parametrize(
    ("days", "warning", "words"),
    [
        (45, 60, "expires in 45 days"),
        (1, 1, "expires tomorrow"),
        (-3, 0, "has expired"),
    ],
)
def test_a_secret_that_ends_soon_is_told_at_the_top(
    app: AppStub, framed: FramedPage, days: int, warning: int, words: str
) -> None:
    ending(app, days, warning)
    inside = framed.open("admin")
    note = inside.get_by_role("region", name="The client secret of Entra ID")
    expect(note).to_contain_text(words)
    expect(note).to_contain_text("5 Dec 2026")
    expect(note).to_contain_text("The day is the one that was entered here.")
    note.get_by_role("button", name="Enter a new secret").click()
    expect(inside.get_by_label("Client secret (its value, not its ID)")).to_be_visible()


def test_a_new_secret_ends_the_warning(app: AppStub, framed: FramedPage) -> None:
    ending(app, 5, 7, "entra_id")
    inside = framed.open("admin")
    note = inside.get_by_role("region", name="The client secret of Entra ID")
    expect(note).not_to_contain_text("entered here.")
    entra = part(inside, "Connect Entra ID")
    app.states["entra"].pop("secret_expiry")
    entra.get_by_label("Client secret (its value, not its ID)").fill("new-secret-value-wxyz")
    entra.get_by_role("button", name="Save", exact=True).click()
    expect(entra).to_contain_text("Saved.")
    expect(note).to_have_count(0)


def test_a_secret_that_lasts_is_not_spoken_of(app: AppStub, framed: FramedPage) -> None:
    ending(app, 200, None)
    inside = framed.open("admin")
    expect(inside.locator(".part").first).to_be_visible()
    expect(inside.get_by_role("region", name="The client secret")).to_have_count(0)


def test_what_may_be_missing_is_sent_only_if_it_is_given(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    chosen = part(inside, "What to import")
    chosen.get_by_role("button", name="Save", exact=True).click()
    expect(chosen).to_contain_text("Saved.")
    sent = last_body(app, "PUT", "/api/settings/import")
    assert isinstance(sent, dict)
    assert not {"object_allowance", "link_accounts", "restricted_people"} & sent.keys()
    chosen.get_by_label("Objects that your site may hold in Assets").fill("120000")
    chosen.get_by_label("Jira accounts to look up in an hour").fill("2000")
    chosen.get_by_label("People to leave as they are").fill("0f0e0d0c\n\n 1a2b3c ")
    chosen.get_by_role("button", name="Save", exact=True).click()
    expect(chosen).to_contain_text("Saved.")
    again = last_body(app, "PUT", "/api/settings/import")
    assert isinstance(again, dict)
    assert again["object_allowance"] == 120_000
    assert again["link_accounts"] == {"people_an_hour": 2_000}
    assert again["restricted_people"] == ["0f0e0d0c", "1a2b3c"]


def everything_told(app: AppStub, framed: FramedPage, loc: str = "en_GB") -> FrameLocator:
    previewed(app)
    ending(app, 5, 7)
    app.states["import"]["leavers"] = "keep"
    inside = framed.open("admin", loc=loc)
    expect(inside.locator(".history").first).to_be_visible()
    inside.locator(".leavers .button").click()
    expect(inside.locator(".leavers .entry")).to_have_count(2)
    return inside


def test_all_of_it_is_whole_and_accessible(app: AppStub, framed: FramedPage) -> None:
    inside = everything_told(app, framed)
    inside.locator(".leavers").scroll_into_view_if_needed()
    look(framed, "admin-telling")


def test_all_of_it_fits_in_german_on_a_phone_and_at_twice_the_size(
    app: AppStub, framed: FramedPage
) -> None:
    framed.width((320, 640))
    inside = everything_told(app, framed, "de_DE")
    expect(inside.get_by_text("Noch nicht in Assets.")).to_be_visible()
    frame = framed.frame
    assert [*cut_texts(frame), sideways(frame)] == [0]
    framed.width((700, 640))
    frame.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    assert [*cut_texts(frame), sideways(frame)] == [0]


def test_a_pass_of_jira_accounts_counts_people_in_its_own_words(
    app: AppStub, framed: FramedPage
) -> None:
    counts = {"create": 0, "update": 1_200, "unchanged": 0, "leavers": 0, "skipped": 800}
    told = {"mode": "accounts", "state": "succeeded", "reason": "accounts_go_on", "next_step": "…"}
    app.runs.insert(0, {**app.runs[0], "id": "accounts-1", **told, "counts": counts})
    row = framed.open("admin").locator(".history tbody tr").first
    expect(row).to_contain_text("Jira accounts")
    expect(row).to_contain_text("Linked 1,200, Without an account 800")
    expect(row).to_contain_text("it goes on by itself")
