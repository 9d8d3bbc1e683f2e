"""The package: the same bytes whenever and wherever it is made, bytecode with it, and no tests."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path
from typing import Final

import pytest

from infra import package, runtime

# Flags of an unchecked hash (PEP 552): the source is never looked at.
UNCHECKED: Final = (1).to_bytes(4, "little")


def a_tree(at: Path, moment: int) -> Path:
    """A small package, touched at another time, its files made in another order."""
    told = {
        "app/one.py": "NAMES = frozenset({'a', 'b', 'c'})\ndef f(x):\n    return x in NAMES\n",
        "app/_files/ui/tests/page.js": "export const a = 1;\n",
        "lib/two.py": "from app.one import f\n",
        "lib/tests/test_two.py": "assert False\n",
        "lib-1.dist-info/RECORD": str(at),
        "lib-1.dist-info/METADATA": "Name: lib\n",
        "botocore/data/kms/service-2.json": "{}",
        "botocore/data/ec2/service-2.json": "{}",
        "botocore/data/endpoints.json": "{}",
        "bin/tool": "#!/usr/bin/env python3\n",
    }
    for name in sorted(told, reverse=bool(moment % 2)):
        path = at / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(told[name])
        os.utime(path, (moment, moment))
    return at


def made(at: Path, moment: int) -> Path:
    tree = a_tree(at / "tree", moment)
    package.prune(tree)
    package.compile_all(tree)
    package.write(tree, at / "out.zip")
    return at / "out.zip"


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    first, second = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("another")
    return made(first, 1_000_000_000), made(second, 1_700_000_001)


def test_the_same_sources_make_the_same_bytes(twice: tuple[Path, Path]) -> None:
    first, second = (hashlib.sha256(each.read_bytes()).hexdigest() for each in twice)
    assert first == second


def test_what_no_function_uses_is_not_in_it(twice: tuple[Path, Path]) -> None:
    names = zipfile.ZipFile(twice[0]).namelist()
    assert [each for each in names if each.endswith(".py")] == ["app/one.py", "lib/two.py"]
    assert "app/_files/ui/tests/page.js" in names, "what is the app's own stays"
    assert "lib-1.dist-info/METADATA" in names
    for gone in ("RECORD", "bin/", "data/ec2"):
        assert not any(gone in each for each in names)
    assert {"botocore/data/kms/service-2.json", "botocore/data/endpoints.json"} <= set(names)


def test_bytecode_is_there_and_never_compared_with_its_source(twice: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(twice[0]) as held:
        compiled = [each for each in held.namelist() if each.endswith(".pyc")]
        assert len(compiled) == 2
        for each in compiled:
            content = held.read(each)
            assert content[4:8] == UNCHECKED
            assert b"/var/task/" in content
            assert str(twice[0].parent).encode() not in content


def test_nothing_in_it_says_when_or_by_whom(twice: tuple[Path, Path]) -> None:
    for entry in zipfile.ZipFile(twice[0]).infolist():
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert entry.external_attr >> 16 == 0o100644
        assert not entry.extra


def test_it_is_built_for_the_python_that_the_template_names() -> None:
    assert f"python{runtime.PYTHON[0]}.{runtime.PYTHON[1]}" == runtime.NAME
    text = (package.ROOT / "pyproject.toml").read_text()
    assert f'python_version = "{runtime.PYTHON[0]}.{runtime.PYTHON[1]}"' in text


def test_its_lock_has_a_hash_for_everything_and_no_part_of_tests_or_templates() -> None:
    lines = package.LOCK.read_text().splitlines()
    names = {each.partition("==")[0] for each in lines if "==" in each}
    assert "flask" in names
    assert not names & {
        "aws-cdk-lib",
        "cdk-nag",
        "moto",
        "pytest",
        "hypothesis",
        "mypy",
        "msgraph-sdk",
    }
    assert all("--hash=sha256:" in each for each in lines if each.startswith("    "))
