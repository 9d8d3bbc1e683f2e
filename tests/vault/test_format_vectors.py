"""The written format: fixed vectors that both implementations open, and what neither opens."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from argon2.low_level import Type, hash_secret_raw

from app.instances.pointers import InstancePointers
from app.instances.reference import InstanceReference
from app.vault import in_reference
from app.vault.envelope import sealed_in, sealed_with_key_in
from app.vault.keys import KeyIds
from app.vault.locks import Locks
from app.vault.parts import DOCUMENTS, ENCRYPTION_STRING
from app.vault.place import Place
from app.vault.ports import CannotOpen
from app.vault.vault import Vault
from app.words import Generation, InstanceId, Secret
from tests.stand_ins.site_storage import InMemorySiteStorage
from tests.stand_ins.table import InMemoryTable
from tests.vault import format_vectors as written
from tests.vault import second_opinion as second
from tests.vault.two_keys import ciphertext_of_both
from tests.vault.world import APP_KEY, G1, A, SetClock

Vector = dict[str, Any]
VECTORS: list[Vector] = json.loads(written.FILE.read_text())
DRAWN, GIVEN = VECTORS[0], VECTORS[-1]
EACH = pytest.mark.parametrize(
    "vector", VECTORS, ids=lambda it: it["document"] + ("-given" if "given" in it else "")
)


@cache
def string_key() -> bytes:
    """The key of the Encryption String that all vectors but the last are sealed under."""
    return second.key_in(second.opened(sealed_of(DRAWN), second_keys(DRAWN)))


def of_key(vector: Vector) -> tuple[bytes, bytes]:
    """The inner and the outer source of a vector."""
    outer = bytes.fromhex(vector["outer_source"])
    if "inner_source" in vector:
        return bytes.fromhex(vector["inner_source"]), outer
    return string_key(), outer


def second_keys(vector: Vector) -> second.Keys:
    return _second_keys(VECTORS.index(vector))


@cache
def _second_keys(number: int) -> second.Keys:
    vector = VECTORS[number]
    return second.keys_of(*of_key(vector), second.place_bytes(vector["place"]))


def sealed_of(vector: Vector) -> bytes:
    if "kept" in vector:
        return bytes.fromhex(vector["kept"]["sealed"])
    pieces = 3 if vector["document"] == ENCRYPTION_STRING else 1
    return second.pieces_of(vector["property"], pieces)[0]


def locks_of(vector: Vector) -> Locks:
    app, instance, generation, *rest = vector["place"]
    place = Place(app, InstanceId(instance), Generation(generation), *rest)
    inner, outer = of_key(vector)
    return Locks(Secret(inner), Secret(outer), place)


@cache
def shared_locks(number: int) -> Locks:
    return locks_of(VECTORS[number])


def refused(vector: Vector, sealed: bytes) -> None:
    """By both implementations; ours with the one error there is, which has no cause."""
    with pytest.raises(CannotOpen) as error:
        shared_locks(VECTORS.index(vector)).open(sealed)
    assert str(error.value) == str(CannotOpen())
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None
    with pytest.raises(second.NotOpened):
        second.opened(sealed, second_keys(vector))


def test_the_committed_vectors_are_those_that_the_app_makes_today() -> None:
    assert written.FILE.read_text() == written.as_written()


def test_there_is_a_vector_for_every_document_that_is_sealed() -> None:
    assert {each["document"] for each in VECTORS} == set(DOCUMENTS)
    assert "given" in GIVEN


@EACH
def test_the_associated_data_has_exactly_these_bytes(vector: Vector) -> None:
    assert second.place_bytes(vector["place"]).hex() == vector["associated"]


@EACH
def test_both_implementations_open_the_vector(vector: Vector) -> None:
    ours = locks_of(vector).open(sealed_of(vector)).reveal()
    assert second.opened(sealed_of(vector), second_keys(vector)) == ours
    if "plaintext" in vector:
        assert ours.decode() == vector["plaintext"]
    else:
        assert set(json.loads(ours)) == {"key", "derived_by", "changed_at"}


@EACH
def test_the_second_implementation_seals_the_same_bytes(vector: Vector) -> None:
    sealed, keys = sealed_of(vector), second_keys(vector)
    outer_nonce, inner_nonce = sealed[34:46], second.outer_opened(sealed[34:], keys)[:12]
    plaintext = second.opened(sealed, keys)
    assert second.sealed_as(second.padded(plaintext), keys, inner_nonce, outer_nonce) == sealed


def test_the_key_of_a_given_string_is_what_the_reference_implementation_of_argon2_derives() -> None:
    document = json.loads(second.opened(sealed_of(GIVEN), second_keys(GIVEN)))
    by = document["derived_by"]
    derived = hash_secret_raw(
        GIVEN["given"].encode(), base64.b64decode(by["salt"]), by["iterations"],
        by["memory_kib"], by["lanes"], 32, Type.ID,
    )  # fmt: skip
    assert base64.b64decode(document["key"]) == derived
    assert (by["name"], by["memory_kib"], by["iterations"], by["lanes"]) == (
        "argon2id", 64 * 1024, 4, 1,
    )  # fmt: skip


def test_the_whole_vault_opens_what_was_stored_when_the_vectors_were_written() -> None:
    keys, site, table = written.FixedKeys(), InMemorySiteStorage(), InMemoryTable()
    entries: dict[str, Any] = {}
    for vector in VECTORS[:-1]:
        for source, key_id in (("outer", written.INSTANCE), ("inner", written.SETTINGS)):
            if f"{source}_source" in vector:
                plain = bytes.fromhex(vector[f"{source}_source"])
                name = wrapped_of(vector, source)
                keys.made[name] = (key_id, vector["context"], plain)
        if "property" in vector:
            name, version, string_version = vector["place"][3:]
            site.properties[f"{G1}.{name}.{version}"] = vector["property"]
            entries[name] = {
                "version": version, "string_version": string_version,
                "key_id": written.INSTANCE, "wrapped": wrapped_of(vector, "outer"),
            }  # fmt: skip
    table.create(InstanceReference(A, "connect", "installed", G1, part_keys=entries))
    ids = KeyIds(written.SETTINGS, written.INSTANCE)
    vault = Vault("worker", keys, ids, APP_KEY, SetClock(), written.FixedRandom())
    shelf = vault.shelf(A, G1, site, InstancePointers(table, A))
    for vector in VECTORS[1:-1]:
        name = vector["document"]
        if "kept" in vector:
            found = vault.open_from_reference(A, G1, name, kept_of(vector))
        else:
            opened = shelf.open(name)
            assert opened is not None
            found = opened
        assert found.reveal_text() == vector["plaintext"]


def wrapped_of(vector: Vector, source: str) -> bytes:
    """The wrapped key, or a name that stands for it where the vector holds none."""
    if "kept" in vector:
        return bytes.fromhex(vector["kept"]["inner_wrapped" if source == "inner" else "wrapped"])
    if source == "inner":
        return bytes.fromhex(vector["inner_wrapped"])
    return f"outer of {vector['document']}".encode()


def kept_of(vector: Vector) -> dict[str, Any]:
    binary = {each for each, kind in in_reference.Kept.__annotations__.items() if kind == "bytes"}
    return {
        name: bytes.fromhex(value) if name in binary else value
        for name, value in vector["kept"].items()
    }


# What must not open.


@EACH
def test_d5_no_length_from_nothing_to_one_byte_short_opens_nor_anything_longer(
    vector: Vector,
) -> None:
    sealed = sealed_of(vector)
    for end in range(len(sealed)):
        refused(vector, sealed[:end])
    for more in (b"\0", b"\x80", bytes(64), sealed):
        refused(vector, sealed + more)


@EACH
def test_d4_no_byte_of_a_vector_can_be_changed(vector: Vector) -> None:
    sealed = sealed_of(vector)
    for at in range(len(sealed)):
        refused(vector, sealed[:at] + bytes((sealed[at] ^ 0x40,)) + sealed[at + 1 :])


HEADER = {"format": (0, 1), "suite": (1, 2), "commitment": (2, 34), "outer nonce": (34, 46)}


@pytest.mark.parametrize("field", HEADER)
def test_d4_no_field_of_the_header_takes_any_other_value_of_any_of_its_bytes(field: str) -> None:
    sealed = sealed_of(DRAWN)
    for at in range(*HEADER[field]):
        for value in set(range(256)) - {sealed[at]}:
            refused(DRAWN, sealed[:at] + bytes((value,)) + sealed[at + 1 :])


@pytest.mark.parametrize("field", HEADER)
def test_d4_no_field_of_the_header_can_be_left_out_repeated_or_emptied(field: str) -> None:
    sealed = sealed_of(DRAWN)
    start, end = HEADER[field]
    refused(DRAWN, sealed[:start] + sealed[end:])
    refused(DRAWN, sealed[:end] + sealed[start:end] + sealed[end:])
    refused(DRAWN, sealed[:start] + bytes(end - start) + sealed[end:])
    refused(DRAWN, sealed[:start] + b"\xff" * (end - start) + sealed[end:])


@EACH
def test_no_vector_opens_in_the_place_or_with_the_keys_of_another(vector: Vector) -> None:
    for other in VECTORS:
        if other is not vector:
            refused(other, sealed_of(vector))


def test_the_commitment_of_another_pair_of_keys_is_refused_before_anything_is_decrypted() -> None:
    sealed = sealed_of(DRAWN)
    for other in VECTORS[1:]:
        refused(DRAWN, sealed[:2] + sealed_of(other)[2:34] + sealed[34:])
    locks = locks_of(DRAWN)
    locks._outer = locks._inner = Never()  # type: ignore[assignment]
    with pytest.raises(CannotOpen):
        locks.open(sealed[:2] + sealed_of(VECTORS[1])[2:34] + sealed[34:])


class Never:
    """A cipher that must not be asked."""

    def decrypt(self, *_: object) -> bytes:
        raise AssertionError("it was decrypted")


def test_a_ciphertext_crafted_for_two_keys_opens_under_one_at_most() -> None:
    mine = second_keys(DRAWN)
    theirs = second.keys_of(bytes(32), bytes(32), mine.place)
    crafted = ciphertext_of_both(mine.outer, theirs.outer, bytes(12), mine.place, 12 + 64 + 16)
    accepted = {second.outer_opened(bytes(12) + crafted, keys) for keys in (mine, theirs)}
    assert len(accepted) == 2, "the outer cipher alone takes it for two different texts"
    for commitment in (mine.commitment, theirs.commitment):
        refused(DRAWN, bytes((1, 1)) + commitment + bytes(12) + crafted)
    locks = locks_of(DRAWN)
    locks._outer = locks._inner = Never()  # type: ignore[assignment]
    with pytest.raises(CannotOpen):
        locks.open(bytes((1, 1)) + theirs.commitment + bytes(12) + crafted)


BAD_PADDING = {
    "nothing at all": b"",
    "no end": b"x" * 64,
    "zeros only": bytes(64),
    "zeros only, twice": bytes(128),
    "a whole block too much": b"x\x80" + bytes(62 + 64),
    "a block of padding for a text that needs none": b"x" * 63 + b"\x80" + bytes(64),
    "something after the end": b"x\x80" + bytes(61) + b"\1",
    "no zeros": b"x\x80",
    "a zero too few": b"x\x80" + bytes(61),
    "a zero too many": b"x\x80" + bytes(63),
    "another end": b"x\x40" + bytes(62),
}


@pytest.mark.parametrize("form", BAD_PADDING)
def test_a_padding_of_another_form_is_refused_although_both_locks_open(form: str) -> None:
    keys = second_keys(DRAWN)
    sealed = second.sealed_as(BAD_PADDING[form], keys, bytes(12), bytes(12))
    refused(DRAWN, sealed)
    good = second.sealed_as(second.padded(b"x"), keys, bytes(12), bytes(12))
    assert locks_of(DRAWN).open(good).reveal() == b"x"


# The text of a property.


def texts_of_the_same_bytes(text: str) -> Iterator[str]:
    """Other texts that a careless decoder reads as the same bytes, and malformed ones."""
    yield from (text + "\n", " " + text, text[:8] + "\n" + text[8:], text.rstrip("="), text + "=")
    yield from (text.replace("+", "-").replace("/", "_") + "-", text + "." + text, "." + text, "")
    yield from (text + "!", text + "é", text.swapcase(), text[:-1], text + "A" * 30_000)
    if text.endswith("="):
        last = text.rstrip("=")[-1]
        yield text.rstrip("=")[:-1] + chr(ord(last) + 1) + "=" * text.count("=")


@EACH
def test_a_property_has_exactly_one_text(vector: Vector) -> None:
    if "property" not in vector:
        return
    is_string = vector["document"] == ENCRYPTION_STRING
    read: Callable[[str | None], object] = sealed_with_key_in if is_string else sealed_in
    read(vector["property"])
    for text in set(texts_of_the_same_bytes(vector["property"])) - {vector["property"]}:
        with pytest.raises(CannotOpen):
            read_and_open(vector, text)
    with pytest.raises(CannotOpen):
        read(None)


def read_and_open(vector: Vector, text: str) -> Secret:
    if vector["document"] == ENCRYPTION_STRING:
        sealed, inner = sealed_with_key_in(text)
        known = (bytes.fromhex(vector["inner_wrapped"]), vector["inner_key_id"])
        if (inner.wrapped, inner.key_id) != known:
            raise CannotOpen  # KMS's part: another wrapped key or another key's name
    else:
        sealed = sealed_in(text)
    return locks_of(vector).open(sealed)
