"""The text of a property: one for each document, nothing else accepted, small enough for Jira."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import string

import pytest

from app.errors import InputRefused
from app.vault.envelope import (
    MOST_CHARACTERS,
    InnerKey,
    sealed_in,
    sealed_with_key_in,
    to_text,
)
from app.vault.ports import CannotOpen
from app.words import Secret
from tests.vault.world import A, World

KEY = InnerKey("arn:aws:kms:eu-central-1:111122223333:key/1", b"\x01" * 184)


def test_a_text_comes_back_as_the_bytes_it_was_made_of() -> None:
    assert sealed_in(to_text("consent", b"\x00\xff")) == b"\x00\xff"
    assert sealed_with_key_in(to_text("encryption-string", b"x", KEY)) == (b"x", KEY)


def test_every_other_character_at_every_place_is_refused_or_means_other_bytes() -> None:
    text = to_text("consent", b"0123456789abcd")
    for place in range(len(text)):
        for letter in string.printable:
            changed = text[:place] + letter + text[place + 1 :]
            if changed == text:
                continue
            with contextlib.suppress(CannotOpen):
                assert sealed_in(changed) != sealed_in(text)


@pytest.mark.parametrize(
    "text", [None, "QQ", "Q===", "QQ==\n", " QQ==", "QR==", "ä", "QQ==.QQ==", "QUFB" * 8000]
)
def test_what_is_not_exactly_one_piece_of_base64_does_not_open(text: str | None) -> None:
    with pytest.raises(CannotOpen):
        sealed_in(text)


@pytest.mark.parametrize("text", [None, "", "QQ==", "QQ==.QQ==", "QQ==.QQ==./w==", "..."])
def test_a_string_property_has_three_pieces_and_the_last_is_text(text: str | None) -> None:
    with pytest.raises(CannotOpen):
        sealed_with_key_in(text)


def test_the_largest_text_fits_into_a_property_and_one_more_is_refused() -> None:
    assert len(to_text("visibility", b"x" * (MOST_CHARACTERS // 4 * 3))) == MOST_CHARACTERS
    with pytest.raises(InputRefused, match="too large"):
        to_text("visibility", b"x" * (MOST_CHARACTERS // 4 * 3 + 1))


def test_c3_a_full_set_of_settings_takes_at_most_15_percent_of_what_one_property_holds() -> None:
    world = World()
    token = base64.b64encode(os.urandom(144)).decode()
    parts = {
        "assets-access": {"mode": "api_token", "email": "assets@example.com", "api_token": token},
        "entra": {"tenant_id": "0" * 36, "client_id": "0" * 36, "cloud": "global", "hint": "wxyz"},
        "entra-secret": {"client_secret": token[:40], "tenant_id": "0" * 36, "client_id": "0" * 36},
        "import": {
            "objects": {"users": True, "groups": True, "devices": True},
            "filter": {"enabled_only": False},
            "leavers": "mark",
        },
        "import-secret": {"container_token": token},
        "visibility": {"access": {"mode": "restrict", "groups": ["0" * 36]}, "hidden_schemas": []},
        "requests": {"service_desk_id": "1", "request_type_id": "2"},
        "consent": {"entra_import": True, "metrics": False},
    }
    world.shelf().save({name: Secret(json.dumps(part)) for name, part in parts.items()})
    plain = sum(len(json.dumps(part)) for part in parts.values())
    stored = sum(len(text) for text in world.site.properties.values())
    assert len(world.site.properties) == len(parts) + 1
    assert stored <= 0.15 * 32_768, (stored, plain)


def test_the_longest_names_fit_into_a_property_name() -> None:
    world = World()
    world.shelf().save({"assets-access": Secret("x"), "run-history": Secret("x")})
    assert max(map(len, world.site.properties)) <= 127
    assert all(name.isascii() for name in world.site.properties)
    assert A not in "".join(world.site.properties)
