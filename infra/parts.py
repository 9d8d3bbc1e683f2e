"""What runs in production and under which licences: `make sbom`, docs/licences.md. Asks no network.

The parts are those of requirements-functions.lock, the licences those that the installed packages
name themselves; beside them what the Forge side is built with, by the versions in package.json.
The same files give the same bytes: no time and no chance stand in them.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, metadata
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
LOCK: Final = ROOT / "requirements-functions.lock"
FORGE: Final = ROOT / "forge/package.json"
PAGES: Final = ROOT / "package.json"
IN_PAGES: Final = ("@forge/bridge",)  # of PAGES; the rest of it tests and builds
# Whoever makes an app for Forge has agreed to them.
TERMS: Final = {
    "name": "Atlassian Developer Terms",
    "url": "https://developer.atlassian.com/platform/marketplace/atlassian-developer-terms/",
}
PAPER: Final = ROOT / "docs/licences.md"
SBOM: Final = ROOT / "build/sbom.cdx.json"
# What a part that runs with us may be under: SPDX ids. Anything else is a decision for people.
ALLOWED: Final = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MPL-2.0",
     "PSF-2.0", "Python-2.0", "ZPL-2.1"}
)  # fmt: skip
# What older packages say instead of an SPDX id, word for word.
_MEANS: Final = {
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",
    "MIT License": "MIT",
    "MIT No Attribution": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "ZPL 2.1": "ZPL-2.1",
    "Zope Public License": "ZPL-2.1",
}
_PINNED: Final = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)", re.IGNORECASE)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Part:
    """One locked package. `licence` is an SPDX expression, or what the package says."""

    name: str
    version: str
    licence: str
    hashes: tuple[str, ...]

    @property
    def is_allowed(self) -> bool:
        """Of a choice one is enough; of what holds together, each."""
        choices = re.split(r" OR ", self.licence.strip("()"))
        return any(
            all(each.strip("() ") in ALLOWED for each in choice.split(" AND "))
            for choice in choices
        )


def parts(lock: Path = LOCK) -> list[Part]:
    """Every locked part, by name. Raises PackageNotFoundError for one that is not installed."""
    return sorted(_parts(lock), key=lambda part: part.name)


def _parts(lock: Path) -> Iterator[Part]:
    for block in re.split(r"\n(?=[A-Za-z0-9])", lock.read_text()):
        pinned = _PINNED.match(block)
        if pinned is not None:
            name, version = pinned.groups()
            yield Part(name, version, _licence(metadata(name)), tuple(_HASH.findall(block)))


def _licence(said: PackageMetadata) -> str:
    for name in ("License-Expression", "License"):
        text = next(iter(said.get_all(name) or ()), "").strip()
        if text and "\n" not in text and len(text) < 80:
            return _MEANS.get(text, text)
    classes = [
        each.split(" :: ")[-1] for each in said.get_all("Classifier") or () if "License ::" in each
    ]
    return _MEANS.get(classes[0], classes[0]) if classes else "not said"


def sbom(found: list[Part]) -> dict[str, Any]:
    """CycloneDX 1.6."""
    serial = uuid.uuid5(uuid.NAMESPACE_URL, LOCK.read_text())
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "my-assets"}},
        "components": [
            *(_component(part) for part in found),
            *(_of_forge(name, version) for name, version in forge_parts().items()),
        ],
    }


def forge_parts() -> dict[str, str]:
    """Version by name. What npm brings with them is locked nowhere, and not listed."""
    functions = json.loads(FORGE.read_text())["dependencies"]
    pages = json.loads(PAGES.read_text())["devDependencies"]
    return dict(sorted({**functions, **{name: pages[name] for name in IN_PAGES}}.items()))


def _of_forge(name: str, version: str) -> dict[str, Any]:
    address = f"pkg:npm/{name.replace('@', '%40')}@{version}"
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
        "licenses": [{"license": TERMS}],
    }


def _component(part: Part) -> dict[str, Any]:
    address = f"pkg:pypi/{part.name}@{part.version}"
    return {
        "type": "library",
        "bom-ref": address,
        "name": part.name,
        "version": part.version,
        "purl": address,
        "licenses": [{"expression": part.licence}],
        "hashes": [{"alg": "SHA-256", "content": each} for each in part.hashes],
    }


def paper(found: list[Part]) -> str:
    """docs/licences.md."""
    rows = [f"| {part.name} | {part.version} | {part.licence} |" for part in found]
    forge = [f"| {name} | {version} | {TERMS['name']} |" for name, version in forge_parts().items()]
    head = ["| part | version | licence |", "|---|---|---|"]
    return "\n".join(
        ("# Licences of what runs\n", "Made by `make sbom` from the locked requirements.",
         "A test refuses a licence that nobody allowed.\n", *head, *rows, "",
         "## What the Forge side is built with\n",
         "What npm brings with these is locked nowhere, and not listed.\n", *head, *forge, "")
    )  # fmt: skip


def main() -> int:
    """Write both. 1: a licence that is not allowed."""
    found = parts()
    SBOM.parent.mkdir(exist_ok=True)
    SBOM.write_text(json.dumps(sbom(found), indent=1) + "\n")
    PAPER.write_text(paper(found))
    refused = [f"{part.name}: {part.licence}" for part in found if not part.is_allowed]
    sys.stderr.write("".join(f"not allowed: {each}\n" for each in refused))
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
