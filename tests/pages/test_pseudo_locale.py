"""A made-up language: every word of the page comes from its words, and longer ones still fit."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FrameLocator, Route, expect

from tests.pages.app_stub import AppStub
from tests.pages.framed_page import PHONE, FramedPage
from tests.pages.looks import cut_texts, has_border, sideways
from tests.pages.serving import UI

pytestmark = pytest.mark.browser

LETTERS = str.maketrans("aeiouyAEIOUYcnszCNSZ", "áéíóúýÁÉÍÓÚÝçñšžÇÑŠŽ")
LONGER = 0.4  # German and Finnish are about that much longer than English
# Texts of the page itself without an accented letter; what people typed has `dir=auto`.
UNTRANSLATED = """
() => {
  const walk = document.createTreeWalker(document.getElementById('page'), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const text = node.textContent.trim();
    const typed = node.parentElement.closest('[dir=auto], option:not([value=""])');
    if (text && !typed && /[A-Za-z]/.test(text) && !/[áéíóúýçñšž]/i.test(text)) found.push(text);
  }
  for (const one of document.querySelectorAll('#page [aria-label], #page [placeholder]')) {
    for (const name of ['aria-label', 'placeholder']) {
      const text = one.getAttribute(name);
      if (text && !/[áéíóúýçñšž]/i.test(text)) found.push(`${name}: ${text}`);
    }
  }
  return found;
}
"""


def pseudo(source: str) -> str:
    """The same keys with every sentence accented and longer; blanks stay as they are."""

    def sentence(found: re.Match[str]) -> str:
        parts = re.split(r"(\{\w+\})", found[2])
        said = "".join(one if one.startswith("{") else one.translate(LETTERS) for one in parts)
        return f"{found[1]}'{said}{' ó' * int(len(found[2]) * LONGER / 2)}'"

    return re.sub(r"(: )'((?:[^'\\]|\\.)*)'", sentence, source)


def speak(framed: FramedPage) -> None:
    def serve(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        source = (UI / "words" / "en" / name).read_text(encoding="utf-8")
        route.fulfill(body=pseudo(source), content_type="text/javascript")

    framed.context.route("**/static/*/words/en/*.js", serve)


def open_everything(inside: FrameLocator) -> None:
    inside.get_by_role("button", name="NB-JOERG-01", exact=True).click()
    inside.locator(".reporting > button").first.click()
    inside.locator("button[type=submit]").first.click()
    for summary in inside.locator("summary").all():
        summary.click()


def test_the_made_up_language_changes_letters_and_keeps_blanks() -> None:
    assert pseudo("  'a': 'Report {name} now',") == "  'a': 'Répórt {name} ñów ó ó ó',"


def test_every_text_of_my_assets_is_a_word_of_its_language(
    app: AppStub, framed: FramedPage
) -> None:
    speak(framed)
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    open_everything(inside)
    assert framed.frame.evaluate(UNTRANSLATED) == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_longer_words_fit_on_a_phone_in_both_directions(
    app: AppStub, framed: FramedPage, direction: str
) -> None:
    speak(framed)
    framed.width(PHONE)
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    open_everything(inside)
    frame = framed.frame
    frame.evaluate("(one) => { document.documentElement.dir = one; }", direction)
    # An example in the search box may end early: its label says the same.
    cut = [one for one in cut_texts(frame) if not one.startswith("placeholder")]
    assert [*cut, sideways(frame)] == [0]


def test_high_contrast_keeps_every_border_and_bar(app: AppStub, framed: FramedPage) -> None:
    framed.page.emulate_media(forced_colors="active")
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    inside.locator(".counts summary").click()
    for one in (".counts-bar", ".beside .button"):
        has_border(inside.locator(one).first, "1px")
