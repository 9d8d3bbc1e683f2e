"""The files that travel with the app: pages and descriptor, from the package or the checkout."""

from __future__ import annotations

import hashlib
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


@cache
def ui_version() -> str:
    """A short hash of all page files: it changes when one of them does."""
    digest = hashlib.sha256()
    for path in sorted(ui_folder().rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(ui_folder()).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
