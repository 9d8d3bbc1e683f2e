"""Receipts as files in one folder. A file is there whole or not at all, and never overwritten."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Final

from app.errors import ServiceFailed, ServiceUnreachable

_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,200}\.json")


class ReceiptFolder:
    """`app.goodbye.ports.ReceiptStore` in a folder, which is made with the first file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> str | None:
        try:
            return self._path(name).read_text()
        except FileNotFoundError:
            return None
        except OSError:
            raise _unreachable() from None

    def names(self) -> list[str]:
        """The receipts that lie there, by name. None before the first."""
        try:
            found = [path.name for path in self._folder.iterdir()]
        except FileNotFoundError:
            return []
        except OSError:
            raise _unreachable() from None
        return sorted(name for name in found if _NAME.fullmatch(name))

    def keep(self, name: str, text: str) -> None:
        path = self._path(name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", dir=self._folder, prefix=".", suffix=".part", delete=False
            ) as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part = Path(file.name)
            try:
                part.chmod(0o644)
                os.link(part, path)  # never over another one, unlike a rename
            finally:
                part.unlink()
        except FileExistsError:
            if self.read(name) != text:
                raise ServiceFailed(f"Another receipt lies at {name} already.") from None
        except OSError:
            raise _unreachable() from None

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ServiceFailed("A receipt must have a plain name.")
        return self._folder / name


def _unreachable() -> ServiceUnreachable:
    return ServiceUnreachable("The folder of the receipts cannot be read or written.")
