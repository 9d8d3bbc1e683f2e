"""The sealed format: fixed vectors, a second opener, and everything that must not open."""

from __future__ import annotations

import hmac
import itertools
import os
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV
from hypothesis import given
from hypothesis import strategies as st

from app.vault import self_test as tested
from app.vault.locks import OVERHEAD, Locks
from app.vault.place import SUITE_BROWSER_HELD, Place, next_version, number_of
from app.vault.ports import CannotOpen
from app.words import Generation, InstanceId, Secret

INNER, OUTER = bytes(range(32)), bytes(range(32, 64))
PLACE = tested.vector_place()
PLACE_BYTES = bytes.fromhex(
    "010106000000076170702d6b657900000008696e7374616e63650000000a67656e65726174696f6e"
    "00000008646f63756d656e7400000003312d6100000003312d62"
)
SEALED = bytes.fromhex(
    "01014b597b7e7abb1dd7bb4d517c4cbc70a505e08f49c42a712c76329b4723666b090c0d0e0f1011121314151617"
    "e5c9844d1239e8b7961f092ea01e80d5bdaae0a0fe85520f996b7591c3ca13169d7f41c1cdb2ee9d298296bcade6"
    "19af63b5ad38591aa72b835e7c00b4d65cea6eaf64276e4f4a5ffbbe0941bc519e064edb3b16f937a3899ca17f95"
    "66a57b44c872791858a04d1c2ca013c9"
)


def locks(place: Place = PLACE, inner: bytes = INNER, outer: bytes = OUTER) -> Locks:
    return Locks(Secret(inner), Secret(outer), place)


def expand(source: bytes, label: bytes) -> bytes:
    """HKDF-SHA-256 without salt for one block, written from RFC 5869."""
    extracted = hmac.digest(bytes(32), source, sha256)
    return hmac.digest(extracted, label + b"\x01", sha256)


def open_apart(sealed: bytes) -> bytes:
    """A second opener, written from docs/sealed-format.md and not from the code."""
    inner = expand(INNER, b"my-assets inner key 1:" + PLACE_BYTES)
    outer = expand(OUTER, b"my-assets outer key 1:" + PLACE_BYTES)
    assert sealed[0:2] == b"\x01\x01"
    assert sealed[2:34] == expand(inner + outer, b"my-assets commitment 1")
    inside = AESGCM(outer).decrypt(sealed[34:46], sealed[46:], PLACE_BYTES)
    padded = AESGCMSIV(inner).decrypt(inside[:12], inside[12:], PLACE_BYTES)
    assert len(padded) % 64 == 0
    return padded[: padded.rindex(b"\x80")]


def refused(sealed: bytes, by: Locks | None = None) -> str:
    with pytest.raises(CannotOpen) as error:
        (by or locks()).open(sealed)
    assert error.value.__cause__ is None
    return str(error.value)


def test_the_place_has_exactly_these_bytes() -> None:
    assert PLACE.encoded() == PLACE_BYTES


def test_sealing_gives_the_known_bytes_and_opening_the_plaintext() -> None:
    assert locks().seal(Secret("a known plaintext"), lambda count: bytes(range(count))) == SEALED
    assert locks().open(SEALED).reveal() == b"a known plaintext"


def test_a_second_opener_written_from_the_paper_agrees() -> None:
    assert open_apart(SEALED) == b"a known plaintext"
    fresh = locks().seal(Secret("häßlich\x00\x80"), os.urandom)
    assert open_apart(fresh) == "häßlich\x00\x80".encode()


@given(st.binary(max_size=300))
def test_any_plaintext_comes_back_as_it_was(plaintext: bytes) -> None:
    assert locks().open(locks().seal(Secret(plaintext), os.urandom)).reveal() == plaintext


@pytest.mark.parametrize("length", [0, 1, 62, 63, 64, 127, 128, 22_000])
def test_a_length_tells_only_which_multiple_of_64_it_falls_under(length: int) -> None:
    sealed = locks().seal(Secret(b"\0" * length), os.urandom)
    assert (len(sealed) - OVERHEAD + 1) % 64 == 0
    assert 0 < len(sealed) - OVERHEAD - length + 1 <= 64
    assert len(locks().open(sealed)) == length


@pytest.mark.parametrize(
    "padded",
    [b"", bytes(64), b"x" * 64, b"x\x80" + bytes(62 + 64), b"x\x80" + bytes(61) + b"\x01"],
)
def test_a_padding_that_the_format_does_not_have_is_refused(padded: bytes) -> None:
    inner = expand(INNER, b"my-assets inner key 1:" + PLACE_BYTES)
    outer = expand(OUTER, b"my-assets outer key 1:" + PLACE_BYTES)
    inside = bytes(12) + AESGCMSIV(inner).encrypt(bytes(12), padded, PLACE_BYTES)
    refused(SEALED[:46] + AESGCM(outer).encrypt(SEALED[34:46], inside, PLACE_BYTES))


def test_the_overhead_of_a_field_stays_within_104_bytes() -> None:
    assert OVERHEAD <= 104


def test_d4_every_single_flipped_bit_is_refused_with_one_and_the_same_text() -> None:
    texts = set()
    for place in range(len(SEALED)):
        for bit in range(8):
            flipped = bytearray(SEALED)
            flipped[place] ^= 1 << bit
            texts.add(refused(bytes(flipped)))
    assert len(texts) == 1


def test_d5_every_truncation_and_anything_longer_is_refused() -> None:
    for end in range(len(SEALED)):
        refused(SEALED[:end])
    refused(SEALED + b"\0")
    refused(SEALED + SEALED)
    refused(SEALED[1:])


def test_d5_an_unknown_format_or_suite_is_refused() -> None:
    refused(b"\x02" + SEALED[1:])
    refused(bytes((SEALED[0], SUITE_BROWSER_HELD)) + SEALED[2:])


def test_d8_ten_thousand_seals_use_no_nonce_twice() -> None:
    mine = locks()
    sealed = [mine.seal(Secret("x"), os.urandom) for _ in range(10_000)]
    assert len({each[34:46] for each in sealed}) == 10_000
    assert len({each[46:58] for each in sealed}) == 10_000


def test_only_the_same_place_opens_over_every_swap() -> None:
    parts = [
        ("app", "i"), ("appi", ""), ("ap", "pi"),
    ]  # fmt: skip
    places = [
        Place(app, InstanceId(instance), Generation(generation), document, version, string)
        for app, instance in parts
        for generation, document in [("g1", "entra"), ("g1e", "ntra"), ("g", "1entra")]
        for version, string in [("1-a", "1-b"), ("1-a1", "-b"), ("1-b", "1-a")]
    ]
    sealed = {place: locks(place).seal(Secret("x"), os.urandom) for place in places}
    for made, asked in itertools.product(places, places):
        if made == asked:
            assert locks(asked).open(sealed[made]).reveal() == b"x"
        else:
            refused(sealed[made], locks(asked))


@pytest.mark.parametrize(
    "field", ["app_key", "instance_id", "generation", "document", "version", "string_version"]
)
def test_a_place_that_differs_in_one_field_does_not_open(field: str) -> None:
    refused(SEALED, locks(replace(PLACE, **{field: "other"})))


def test_either_half_of_the_keys_alone_opens_nothing() -> None:
    refused(SEALED, locks(inner=OUTER))
    refused(SEALED, locks(outer=INNER))
    refused(SEALED, locks(inner=OUTER, outer=INNER))


def test_a_ciphertext_with_another_commitment_is_refused_before_it_is_decrypted() -> None:
    """Both ciphers would accept it: only the commitment says that these are not its keys."""
    other = locks(inner=bytes(32)).seal(Secret("x"), os.urandom)
    refused(SEALED[:2] + other[2:34] + SEALED[34:])


def test_the_self_test_passes_here_and_fails_if_an_answer_is_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tested.self_test()
    monkeypatch.setattr(tested, "KNOWN_ANSWER", "0" * 64)
    with pytest.raises(tested.SelfTestFailed):
        tested.self_test()


def test_a_version_counts_on_and_carries_what_nobody_can_foresee() -> None:
    first = next_version(None, os.urandom)
    second = next_version(first, os.urandom)
    assert (number_of(first), number_of(second)) == (1, 2)
    assert len(first.partition("-")[2]) == 12
    assert next_version(first, os.urandom) != second
    assert {number_of(odd) for odd in ("", "7", "x-a", "-1-a", "²-a")} == {0}
