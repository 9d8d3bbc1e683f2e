"""What a page must be at any width and theme: whole, not wider than the screen, clean for axe."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Frame, Locator, Page, expect

from tests.pages.framed_page import DESKTOP, PHONE

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
WIDTHS = {"desktop": DESKTOP, "phone": PHONE}
PICTURED = {("desktop", "light"), ("phone", "dark")}

CUT = """
() => {
  const cut = [];
  for (const one of document.querySelectorAll('body *')) {
    const style = getComputedStyle(one);
    const heard = one.closest('.spoken, datalist, option') || style.clipPath !== 'none';
    if (heard || !one.checkVisibility()) continue;
    const clips = style.overflowX !== 'visible' || style.textOverflow === 'ellipsis';
    const scrolls = ['auto', 'scroll'].includes(style.overflowY);
    const named = one.tagName + '.' + one.className;
    const wider = one.scrollWidth > one.clientWidth + 1;
    if (clips && !scrolls && one.tagName !== 'INPUT' && wider) cut.push(named);
    if (style.overflowY === 'hidden' && one.scrollHeight > one.clientHeight + 2) cut.push(named);
    const box = one.getBoundingClientRect();
    const beyond = box.left < -1 || box.right > innerWidth + 1;
    if (box.width && beyond) cut.push(`${named} beyond the edge`);
    if (one.tagName === 'INPUT' && one.placeholder && !one.value) {
      const pen = document.createElement('canvas').getContext('2d');
      pen.font = style.font;
      const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      if (pen.measureText(one.placeholder).width > room) cut.push(`placeholder ${one.placeholder}`);
    }
  }
  return cut;
}
"""
SIDEWAYS = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
AXE = """
async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] });
  const told = (node) => `${node.target} ${node.any[0]?.message ?? ''}`;
  return found.violations.map((one) => `${one.id}: ${one.nodes.map(told).join(' | ')}`);
}
"""


def axe_source() -> str:
    """axe-core, from AXE_JS or node_modules. Raises FileNotFoundError with what to do."""
    default = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    path = Path(os.environ.get("AXE_JS", default))
    if not path.is_file():
        raise FileNotFoundError(f"{path.name} is missing: run `npm install --no-package-lock`")
    return path.read_text(encoding="utf-8")


def cut_texts(frame: Frame) -> list[str]:
    return list(frame.evaluate(CUT))


def sideways(frame: Frame) -> int:
    return int(frame.evaluate(SIDEWAYS))


def has_border(one: Locator, width: str) -> None:
    """Waits for it: a page that draws itself anew takes the one that was looked at away."""
    for side in ("top", "right", "bottom", "left"):
        expect(one).to_have_css(f"border-{side}-style", "solid")
        expect(one).to_have_css(f"border-{side}-width", width)


def violations(frame: Frame) -> list[str]:
    if not frame.evaluate("() => 'axe' in globalThis"):
        frame.evaluate(axe_source())
    return list(frame.evaluate(AXE))


class Shown(Protocol):
    """A page that is open, through either door."""

    page: Page

    @property
    def frame(self) -> Frame: ...

    def width(self, size: tuple[int, int]) -> None: ...

    def theme(self, mode: str) -> None: ...


def look(shown: Shown, name: str, *, everywhere: bool = False) -> None:
    """Both widths and both themes of what is open now; `everywhere` takes all four pictures."""
    frame = shown.frame
    found: dict[str, object] = {}
    for width, size in WIDTHS.items():
        shown.width(size)
        for mode in ("light", "dark"):
            shown.theme(mode)
            seen = cut_texts(frame)
            if (width, mode) != ("phone", "dark"):  # its colours and its layout were both seen
                seen += violations(frame)
            if sideways(frame) > 0:
                seen.append(f"wider than the screen by {sideways(frame)}")
            if seen:
                found[f"{width} {mode}"] = seen
            if everywhere or (width, mode) in PICTURED:
                picture(shown.page, f"{name}-{width}-{mode}")
    assert found == {}


def picture(page: Any, name: str) -> None:
    """Writes docs/pictures/<name>.png, only when asked for: pictures change with every font."""
    if os.environ.get("PICTURES") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")
