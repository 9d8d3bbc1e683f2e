"""The files that travel with the app: pages and descriptor, from the package or the checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

_PACKAGED: Final = Path(__file__).parent / "_files"
_CHECKOUT: Final = Path(__file__).parent.parent


def files_root() -> Path:
    """Where `ui/` and `atlassian-connect.json` lie: in the installed package, else beside it."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def ui_folder() -> Path:
    return files_root() / "ui"


@cache
def page_text(name: str) -> str:
    """A page's source with its placeholders, read once."""
    return (ui_folder() / name).read_text(encoding="utf-8")


@cache
def descriptor_text() -> str:
    return (files_root() / "atlassian-connect.json").read_text(encoding="utf-8")
