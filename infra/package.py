"""`make package`: build/functions.zip, the one package of all functions. The same bytes each time.

Locked wheels for Lambda's own Linux, the app, its pages, and bytecode that Python takes as it is.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from infra.runtime import PYTHON, UNZIPPED_BUDGET

ROOT: Final = Path(__file__).parent.parent
LOCK: Final = ROOT / "requirements-functions.lock"
PACKAGE: Final = ROOT / "build" / "functions.zip"
TREE: Final = ROOT / "build" / "functions"
# Amazon Linux 2 under python3.11 has glibc 2.26: wheels for a newer one would not load there.
_PLATFORMS: Final = ("manylinux2014_x86_64", "manylinux_2_17_x86_64")
# botocore describes hundreds of services; these are called.
_SERVICES: Final = frozenset({"dynamodb", "kms", "s3", "sqs", "sts"})
# Of the lock, but of no function's: the server on machines, and the sign-in of the vendor's desk.
_ELSEWHERE: Final = frozenset({"authlib", "waitress", "app/vendor_desk"})
_NEVER: Final = frozenset({"__pycache__", "tests", "test", "bin", "examples"})
_INSTALLERS_NOTES: Final = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can hold
_FILE: Final = 0o100644 << 16


class NotBuilt(Exception):
    """The package cannot be built here; the text says why."""


def main() -> int:
    """Build it; gives the exit code."""
    if sys.version_info[:2] != PYTHON:
        raise NotBuilt(f"bytecode must be Python {PYTHON[0]}.{PYTHON[1]}'s, as Lambda's is.")
    shutil.rmtree(TREE, ignore_errors=True)
    install(TREE)
    add_app(TREE)
    prune(TREE)
    compile_all(TREE)
    size = sum(each.stat().st_size for each in files(TREE))
    if size > UNZIPPED_BUDGET:
        raise NotBuilt(f"{size:,} bytes unzipped; the budget is {UNZIPPED_BUDGET:,}")
    write(TREE, PACKAGE)
    digest = hashlib.sha256(PACKAGE.read_bytes()).hexdigest()
    print(f"{PACKAGE.relative_to(ROOT)}: {PACKAGE.stat().st_size:,} bytes, {size:,} unzipped")
    print(f"sha256 {digest}")
    return 0


def install(tree: Path) -> None:
    """The locked packages, as wheels, for the functions' machine and not for this one."""
    platforms = [word for each in _PLATFORMS for word in ("--platform", each)]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    version = f"{PYTHON[0]}.{PYTHON[1]}"
    subprocess.run(
        [*pip, "--no-deps", "--require-hashes", "--only-binary=:all:", "--no-compile",
         *platforms, "--implementation", "cp", "--python-version", version,
         "--target", str(tree), "--requirement", str(LOCK)],
        check=True,
    )  # fmt: skip


def add_app(tree: Path) -> None:
    """The app and its doors, and where the installed package has them, the pages."""
    only_python = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in ("app", "lambdas"):
        shutil.copytree(ROOT / name, tree / name, ignore=only_python)
    shutil.copytree(ROOT / "ui", tree / "app" / "_files" / "ui")
    shutil.copy(ROOT / "atlassian-connect.json", tree / "app" / "_files")


def prune(tree: Path) -> None:
    """Take out tests, scripts, what pip notes about its own work, and services nobody calls."""
    for each in sorted(tree.rglob("*"), reverse=True):
        if each.is_dir() and _is_unused(each.relative_to(tree)):
            shutil.rmtree(each)
        elif each.parent.suffix == ".dist-info" and each.name in _INSTALLERS_NOTES:
            each.unlink()


def _is_unused(folder: Path) -> bool:
    """Whether no function needs this folder; `folder` is below the tree."""
    if folder.as_posix() in _ELSEWHERE:
        return True
    if folder.parent == Path("botocore/data"):
        return folder.name not in _SERVICES
    return folder.name in _NEVER and folder.parts[0] != "app"


def compile_all(tree: Path) -> None:
    """Bytecode without a time in it, never compared with its source: an import reads it only."""
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "-j", "1", "--invalidation-mode",
         "unchecked-hash", "-s", str(tree), "-p", "/var/task", str(tree)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )  # fmt: skip


def files(tree: Path) -> Iterator[Path]:
    """Every file below, always in the same order."""
    yield from sorted(each for each in tree.rglob("*") if each.is_file())


def write(tree: Path, package: Path, found: Iterable[Path] | None = None) -> None:
    """A zip file that says nothing of when, where or by whom it was made."""
    package.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as into:
        for each in files(tree) if found is None else found:
            entry = zipfile.ZipInfo(each.relative_to(tree).as_posix(), _MOMENT)
            entry.external_attr = _FILE
            entry.compress_type = zipfile.ZIP_DEFLATED
            into.writestr(entry, each.read_bytes())


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NotBuilt as fault:
        print(f"package: {fault}", file=sys.stderr)
        sys.exit(1)
