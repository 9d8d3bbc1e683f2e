"""What holds no secret is kept short, so that a whole set of settings leaves room in Jira."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import string
import uuid
import zlib

import pytest

from app.errors import SettingsUnreadable
from app.site_settings import short
from app.site_settings.short import MOST_BYTES, at_length, shortened
from app.site_settings.stored import StoredPart, StoredSecret, pack, unpack
from app.words import Json, Secret
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import BODIES
from tests.stand_ins.settings_outside import World
from tests.vault.world import World as VaultWorld

KEPT = StoredPart(rules={"entra_import": True, "metrics": False}, changed_at="2026-11-21T12:00:00Z")
# Made once, with the first version of the form: what was sealed then has to open for ever.
AT_FIRST = "AUNyEDFlAxa7DA11jQxDDEGpDYiilGoB"


def test_what_was_shortened_at_first_opens_for_ever() -> None:
    assert unpack(StoredPart, Secret(base64.b64decode(AT_FIRST))) == KEPT
    assert hashlib.sha256(short._IN_COMMON).hexdigest().startswith("1747a649636f3195")


def test_a_document_that_was_kept_at_length_opens() -> None:
    assert unpack(StoredPart, Secret(KEPT.model_dump_json())) == KEPT


@pytest.mark.parametrize("size", [0, 1, 64, MOST_BYTES - 1, MOST_BYTES, MOST_BYTES + 1, 30_000])
def test_a_text_comes_back_as_it_was(size: int) -> None:
    text = b"{" + os.urandom(size)[1:]
    assert at_length(shortened(text)) == text
    assert at_length(shortened(b"{" * size)) == b"{" * size


def test_what_is_long_is_kept_as_it_is() -> None:
    assert shortened(b"{" * (MOST_BYTES + 1)) == b"{" * (MOST_BYTES + 1)
    assert len(shortened(b"{" * MOST_BYTES)) < 64


def test_what_holds_a_secret_is_never_shortened() -> None:
    with_rules = KEPT.model_copy(update={"value": "canary-secret"})
    for document in (with_rules, StoredSecret(value="canary-secret"), StoredSecret(value="")):
        assert json.loads(pack(document).reveal())["value"] == document.value
    assert not pack(KEPT).reveal().startswith(b"{")


@pytest.mark.parametrize(
    "odd",
    [
        b"", b"\x01", b"\x02{}", b"\x01" + b"\xff" * 40, shortened(b"{}")[:-1],
        shortened(b"{}") + b"x", b"\x01" + zlib.compress(b"{}"),
        b"\x01" + zlib.compressobj(wbits=-15).compress(b"{" * 10_000_000),
    ],
)  # fmt: skip
def test_other_forms_are_not_read(odd: bytes) -> None:
    with pytest.raises(SettingsUnreadable):
        unpack(StoredPart, Secret(odd))


def full_set() -> dict[str, Json]:
    """What a site has that uses everything: tokens of the length of real ones, lists in use."""

    def token(length: int) -> str:
        return base64.urlsafe_b64encode(os.urandom(length)).decode()[:length]

    def ids(count: int) -> list[str]:
        return [str(uuid.uuid4()) for _ in range(count)]

    return BODIES | {
        "assets-access": {**BODIES["assets-access"], "api_token": token(192)},
        "entra": {
            "tenant_id": ids(1)[0], "client_id": ids(1)[0], "client_secret": token(40),
            "secret_expires_on": "2027-05-31",
        },
        "encryption-string": {"encryption_string": string.printable[:64]},
        "import": {
            "container_token": token(192), "memberships": ids(2), "leavers": "mark",
            "filter": {"enabled_only": True, "groups": ids(1)},
            "schedule": {"every": "day", "at": "03:30", "time_zone": "Europe/Berlin"},
        },
        "visibility": {
            "access": {"mode": "allow", "groups": ids(2), "customers": True},
            "hidden_schemas": ["7"], "hidden_object_types": ["31", "32"],
            "columns": {"12": ["Name", "Serial number", "Status", "Purchase date"]},
        },
    }  # fmt: skip


def test_c3_a_full_set_of_settings_as_it_is_saved_takes_under_15_percent_of_a_property(
    administrator: Administrator, world: World
) -> None:
    bodies, vault = full_set(), VaultWorld()
    for part, body in bodies.items():
        administrator.save(part, body)
    given = Secret(str(bodies["encryption-string"]["encryption_string"]))
    vault.shelf().save({"encryption-string": given})
    kept = {name: each for name, each in world.shelf.kept.items() if name != "encryption-string"}
    vault.shelf().save(kept)
    stored = {name: len(json.dumps(text)) for name, text in vault.site.properties.items()}
    assert len(stored) == len(kept) + 1 == 9
    assert sum(stored.values()) < 0.15 * 32_768, stored
