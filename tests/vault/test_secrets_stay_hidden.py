"""D9: no repr, text, pickle, copy or traceback of the vault shows a secret or a key."""

from __future__ import annotations

import copy
import os
import pickle
import traceback
from collections.abc import Callable
from dataclasses import asdict

import pytest

from app.errors import AppError
from app.vault.locks import Locks
from app.vault.ports import DataKey
from app.vault.self_test import vector_place
from app.words import Secret
from tests.vault.world import G1, TOKEN, A, World

KEY = b"0123456789abcdef0123456789abcdef"


def locks() -> Locks:
    return Locks(Secret(KEY), Secret(KEY), vector_place())


@pytest.mark.parametrize("shown", [repr, str, format, lambda it: f"{it!r} {it}"])
def test_d9_locks_and_data_keys_show_nothing(shown: Callable[[object], str]) -> None:
    assert "0123456789" not in shown(locks())
    assert "0123456789" not in shown(DataKey(Secret(KEY), b"wrapped", "arn"))


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy])
def test_d9_locks_and_secrets_are_never_pickled_or_copied(take: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        take(locks())
    with pytest.raises(TypeError):
        take(Secret(KEY))
    with pytest.raises(TypeError):
        asdict(DataKey(Secret(KEY), b"wrapped", "arn"))


def failing(world: World) -> list[Callable[[], object]]:
    def site_fails_to_write() -> None:
        world.site.fail("write", "before")
        world.shelf().save({"assets-access": Secret(TOKEN)})

    def table_is_silent() -> None:
        world.table.fail("change", "before")
        world.shelf().save({"consent": Secret(TOKEN)})

    def keys_are_down() -> None:
        world.kms.down = True
        world.vault().seal_in_reference(A, G1, "connect_secret", Secret(TOKEN))

    def property_is_gone() -> None:
        world.shelf().save({"assets-access": Secret(TOKEN)})
        del world.site.properties[world.name("assets-access")]
        world.shelf().open("assets-access")

    def too_large() -> None:
        world.shelf().save({"visibility": Secret(TOKEN * 1000)})

    def given_string_clashes() -> None:
        world.shelf().save({"encryption-string": Secret(TOKEN)}, {"encryption-string": "9-x"})

    return [
        site_fails_to_write,
        property_is_gone,
        too_large,
        given_string_clashes,
        table_is_silent,
        keys_are_down,
    ]


def test_d9_no_traceback_shows_a_secret_even_with_its_local_names() -> None:
    for number in range(6):
        world = World()
        fail = failing(world)[number]
        with pytest.raises(AppError) as caught:
            fail()
        told = "".join(
            traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
        )
        assert TOKEN not in told.replace(f"TOKEN = '{TOKEN}'", ""), fail.__name__


def test_d9_a_vault_and_its_shelf_show_nothing_after_use() -> None:
    world = World()
    vault = world.vault()
    shelf = world.shelf(vault=vault)
    shelf.save({"consent": Secret(TOKEN)})
    shelf.open("consent")
    for each in (vault, shelf, *vars(vault).values(), *vars(shelf).values()):
        assert TOKEN not in repr(each)


def test_the_random_bytes_of_a_vault_come_from_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = os.urandom
    world = World()
    monkeypatch.setattr("tests.vault.world.os.urandom", lambda n: asked.append(n) or real(n))
    world.shelf().save({"consent": Secret("1")})
    assert asked.count(24) >= 2
