"""After the table was lost: a new chain from number 1, in a new folder, as the runbook says."""

from __future__ import annotations

from pathlib import Path

from app.goodbye.verifying import check_chain
from tests.goodbye.world import Goodbyes


def test_the_chain_begins_anew_and_each_folder_is_whole_by_itself(tmp_path: Path) -> None:
    before, after = Goodbyes(tmp_path / "before"), Goodbyes(tmp_path / "after")
    after.key = before.key
    for world, letters in ((before, "ab"), (after, "c")):
        for letter in letters:
            world.install(letter)
            world.uninstall(letter)
        world.clean(30)
    assert sorted(each.number for each in before.checked().values()) == [1, 2]
    assert [each.number for each in after.checked().values()] == [1]
    assert check_chain(before.checked() | after.checked()) != []
