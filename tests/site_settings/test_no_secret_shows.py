"""Planted secrets: none of them in any answer, finding, error, repr or log line."""

from __future__ import annotations

import logging
import traceback

import pytest

from app.errors import AppError, CredentialRefused
from app.site_settings.documents import PARTS
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import BODIES, SECRETS, body
from tests.stand_ins.settings_outside import World

BAD = "canary bad\n secret, over twelve"


def shown(call: object, *given: object) -> str:
    """All that a caller, a log or a traceback with its variables could see of a call."""
    try:
        return repr(call(*given))  # type: ignore[operator]
    except AppError as error:
        told = [str(error), repr(error), error.detail, repr(error.problems), repr(vars(error))]
        return "\n".join([*told, *traceback.format_exception(error)])


@pytest.mark.parametrize("part", PARTS)
def test_nothing_that_is_saved_or_checked_shows_a_secret(
    administrator: Administrator,
    world: World,
    part: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = [shown(administrator.save, part, BODIES[part])]
    seen += [shown(administrator.check, part, BODIES[part]), shown(administrator.overview)]
    world.site.account = world.login.error = world.imports.found = CredentialRefused()
    seen += [shown(administrator.save, part, BODIES[part]), repr(world.shelf.kept)]
    assert "canary" not in "\n".join([*seen, caplog.text])


@pytest.mark.parametrize("part", SECRETS)
@pytest.mark.parametrize(
    "misplaced",
    [
        lambda part: {SECRETS[part]: BAD if part != "encryption-string" else "canary short"},
        lambda part: {SECRETS[part]: ["canary in a list"]},
        lambda part: {SECRETS[part]: {"value": "canary in an object"}},
        lambda part: {"surprise": "canary in a wrong field"},
    ],
)
def test_a_secret_in_the_wrong_place_is_not_repeated(
    administrator: Administrator, part: str, misplaced: object
) -> None:
    sent = body(part, **misplaced(part))  # type: ignore[operator]
    told = shown(administrator.save, part, sent)
    assert "Problem(" in told
    assert "canary" not in told


def test_a_body_that_cannot_be_read_is_not_repeated(administrator: Administrator) -> None:
    told = shown(administrator.save, "entra", b'{"client_secret":"canary')
    assert "canary" not in told


def test_what_is_passed_around_does_not_show_itself(world: World) -> None:
    seen: list[object] = []
    administrator = Administrator(world)
    for part in SECRETS:
        administrator.save(part, BODIES[part])
    seen += [*world.accounts, *world.shelf.kept.values()]
    assert "canary" not in repr(seen)
