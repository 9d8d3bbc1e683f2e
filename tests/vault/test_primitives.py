"""The primitives under the format, held to public known answers: ours and the second opinion's."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from Crypto.Cipher import AES
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.vault import gcm_siv, second_opinion

FOLDER = Path(__file__).parent / "wycheproof"


def vectors(name: str) -> list[Any]:
    found = json.loads((FOLDER / name).read_text())["tests"]
    return [pytest.param(each, id=f"{name}-{each['tcId']}") for each in found]


def raw(vector: dict[str, str]) -> list[bytes]:
    return [bytes.fromhex(vector[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")]


@pytest.mark.parametrize("vector", vectors("aes_gcm_siv.json"))
def test_aes_gcm_siv_gives_the_known_answer_and_refuses_the_known_forgery(
    vector: dict[str, str],
) -> None:
    key, nonce, associated, message, body, tag = raw(vector)
    library = AESGCMSIV(key)
    if vector["result"] == "valid":
        assert gcm_siv.encrypt(key, nonce, message, associated) == body + tag
        assert gcm_siv.decrypt(key, nonce, body + tag, associated) == message
        assert library.decrypt(nonce, body + tag, associated) == message
        assert library.encrypt(nonce, message, associated) == body + tag
    else:
        with pytest.raises(gcm_siv.Forged):
            gcm_siv.decrypt(key, nonce, body + tag, associated)
        with pytest.raises(InvalidTag):
            library.decrypt(nonce, body + tag, associated)


@pytest.mark.parametrize("vector", vectors("aes_gcm.json"))
def test_aes_gcm_gives_the_known_answer_and_refuses_the_known_forgery(
    vector: dict[str, str],
) -> None:
    key, nonce, associated, message, body, tag = raw(vector)
    other = AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=16)
    other.update(associated)
    if vector["result"] == "valid":
        assert AESGCM(key).encrypt(nonce, message, associated) == body + tag
        assert AESGCM(key).decrypt(nonce, body + tag, associated) == message
        assert other.decrypt_and_verify(body, tag) == message
    else:
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(nonce, body + tag, associated)
        with pytest.raises(ValueError, match="MAC"):
            other.decrypt_and_verify(body, tag)


@pytest.mark.parametrize("vector", vectors("hkdf_sha256.json"))
def test_hkdf_gives_the_known_answer(vector: dict[str, Any]) -> None:
    source, salt, label, answer = (
        bytes.fromhex(vector[name]) for name in ("ikm", "salt", "info", "okm")
    )
    if vector["result"] == "valid":
        made = HKDF(SHA256(), vector["size"], salt or None, label).derive(source)
        assert made == answer
    else:  # more than the function gives
        with pytest.raises(ValueError, match="larger than"):
            HKDF(SHA256(), vector["size"], salt or None, label)


def test_both_ways_to_derive_a_key_agree_on_everything_the_format_derives() -> None:
    for label in (b"", b"my-assets commitment 1", os.urandom(300)):
        source = os.urandom(64)
        ours = HKDF(SHA256(), 32, None, label).derive(source)
        assert second_opinion._derived(source, label) == ours


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 64, 1000, 22_000])
def test_both_ways_to_seal_agree_on_texts_of_every_length(length: int) -> None:
    key, nonce, text, place = (os.urandom(count) for count in (32, 12, length, 90))
    sealed = AESGCMSIV(key).encrypt(nonce, text, place)
    assert gcm_siv.encrypt(key, nonce, text, place) == sealed
    assert gcm_siv.decrypt(key, nonce, sealed, place) == text
