"""The files that travel with the app: pages and descriptor, from the package or the checkout."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
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
def ui_release() -> str:
    """A name for the files of the pages as they are now: another content, another name."""
    files = sorted(path for path in ui_folder().rglob("*") if path.is_file())
    names = (str(path.relative_to(ui_folder())).encode() for path in files)
    digest = sha256()
    for name, path in zip(names, files, strict=True):
        digest.update(len(name).to_bytes(2) + name + sha256(path.read_bytes()).digest())
    return f"v{digest.hexdigest()[:16]}"


@cache
def page_text(name: str) -> str:
    """A page's source with its placeholders, read once."""
    return (ui_folder() / name).read_text(encoding="utf-8")


@cache
def descriptor_text() -> str:
    return (files_root() / "atlassian-connect.json").read_text(encoding="utf-8")
