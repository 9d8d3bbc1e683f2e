"""What a page must be at any width and theme: whole, not wider than the screen, clean for axe."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"

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


def violations(frame: Frame) -> list[str]:
    if not frame.evaluate("() => 'axe' in globalThis"):
        frame.evaluate(axe_source())
    return list(frame.evaluate(AXE))


def picture(page: Any, name: str) -> None:
    """Writes docs/pictures/<name>.png, only when asked for: pictures change with every font."""
    if os.environ.get("PICTURES") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")
