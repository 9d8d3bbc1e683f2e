"""A receipt: what it says, how it is signed and checked, and that nothing of it can be changed."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from app import cli
from app.errors import ServiceFailed, ServiceUnreachable
from app.goodbye.receipts import FIRST, LARGEST, Life, Receipt, signed
from app.goodbye.verifying import NotValid, check, check_chain, read_keys, read_receipt
from app.kept import KEPT
from tests.goodbye.world import KEYS, WRAPPED, Goodbyes, name
from tests.stand_ins.signing_kms import StrictSigningKey

PERSONAL = ("atlassian.net", "client key", "cloud-", "installation-", "sealed", 'wrapped"')


@pytest.fixture
def erased(world: Goodbyes) -> Goodbyes:
    """Three sites erased, in a folder, with the public key beside it."""
    for letter in "abc":
        world.install(letter)
        world.uninstall(letter)
    world.clean(30)
    (world.folder.parent / "key.pem").write_text(world.key.signer().public_key().pem)
    return world


def told(world: Goodbyes, letter: str = "a") -> dict[str, Any]:
    (file,) = world.folder.glob(f"{name(letter)}-*.json")
    found: dict[str, Any] = json.loads(json.loads(file.read_text())["payload"])
    return found


def verify(
    world: Goodbyes, capsys: pytest.CaptureFixture[str], path: Path | None = None
) -> tuple[int, dict[str, Any], str]:
    key = str(world.folder.parent / "key.pem")
    arguments = ["vendor", "receipt", "verify", str(path or world.folder), "--public-key", key]
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    return code, json.loads(out or "{}"), err


def test_it_says_what_went_when_and_why_and_nothing_of_the_site_but_its_id(
    erased: Goodbyes,
) -> None:
    said = told(erased)
    assert said["instance_id"] == name("a")
    assert said["cause"] == "uninstalled"
    assert said["ended_at"] < said["erased_at"]
    assert said["keys"] == sorted(KEYS)
    assert said["signing_key"]["id"].startswith("arn:aws:kms:")
    for file in erased.folder.iterdir():
        assert not any(word in file.read_text() for word in PERSONAL)


def test_every_class_but_the_proof_and_the_customers_inventory_stands_in_it(
    erased: Goodbyes,
) -> None:
    classes = {each["class"]: each for each in told(erased)["classes"]}
    left_out = {"tombstones", "receipts", "imported people and devices"}
    assert set(classes) == {each.name for each in KEPT} - left_out
    assert classes["instance reference"]["count"] == 1
    assert classes["instance reference"]["gone_at"] == told(erased)["erased_at"]
    assert classes["wrapped keys"] == {
        "class": "wrapped keys", "count": 0, "gone_at": told(erased)["ended_at"],
    }  # fmt: skip
    assert classes["log lines"]["count"] is None
    assert classes["settings"]["gone_at"] == told(erased)["ended_at"]


def test_what_a_forced_erasure_found_is_counted(world: Goodbyes) -> None:
    life = Life(world.install(), "purged", world.now, world.now)
    receipt = signed(life, None, world.key.signer(), KEYS)
    said = json.loads(receipt.payload)
    counts = {each["class"]: each["count"] for each in said["classes"]}
    assert (counts["wrapped keys"], counts["connect secret"]) == (2, 1)
    assert "arn:k" in said["keys"]
    assert (said["number"], said["previous"]) == (1, FIRST)


def test_the_longest_receipt_is_one_that_the_key_service_signs_as_it_is(world: Goodbyes) -> None:
    arns = [f"arn:aws:kms:eu-central-1:111122223333:key/{'0' * 35}{n}" for n in range(8)]
    parts = {f"part-{n}": WRAPPED | {"key_id": arns[n % 8]} for n in range(40)}
    life = Life(world.install(part_keys=parts), "purged", world.now, world.now)
    receipt = signed(life, None, world.key.signer(), arns)
    assert len(receipt.payload) < LARGEST
    with pytest.raises(ServiceFailed):
        signed(life, None, world.key.signer(), [f"{arn}{n}" for arn in arns for n in range(9)])


def test_the_payload_is_signed_as_it_is(erased: Goodbyes) -> None:
    payloads = [json.loads(f.read_text())["payload"].encode() for f in erased.folder.iterdir()]
    assert sorted(erased.key.signed) == sorted(payloads)


def test_each_names_the_hash_of_the_one_before_it(erased: Goodbyes) -> None:
    found = sorted(erased.checked().values(), key=lambda each: each.number)
    texts = [json.loads(f.read_text())["payload"] for f in erased.folder.iterdir()]
    hashes = {hashlib.sha256(text.encode()).hexdigest() for text in texts}
    assert [each.previous for each in found] == [FIRST, found[0].digest, found[1].digest]
    assert {each.digest for each in found} == hashes


def test_one_receipt_and_a_folder_are_verified_without_any_setting(
    erased: Goodbyes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("APP_BASE_URL", raising=False)
    code, result, err = verify(erased, capsys)
    assert (code, result["valid"], err) == (0, True, "")
    assert [each["number"] for each in result["receipts"]] == [1, 2, 3]
    for file in erased.folder.iterdir():
        assert verify(erased, capsys, file)[0] == 0


@pytest.mark.parametrize("field", ["payload", "signature"])
def test_a_receipt_of_which_anything_was_changed_is_not_good(
    erased: Goodbyes, capsys: pytest.CaptureFixture[str], field: str
) -> None:
    file = next(iter(sorted(erased.folder.iterdir())))
    fields = json.loads(file.read_text())
    if field == "payload":
        fields[field] = fields[field].replace(name("a"), name("d"))
    else:
        fields[field] = base64.b64encode(erased.key.signer().sign(b"something else")).decode()
    file.write_text(json.dumps(fields))
    for path in (file, erased.folder):
        code, result, err = verify(erased, capsys, path)
        assert (code, result["valid"]) == (1, False)
        assert "signature" in err


@pytest.mark.parametrize(
    "added", ['"note": "it was erased much earlier", ', '"payload": "something else", '], ids=str
)
def test_what_was_added_beside_the_payload_is_not_signed_and_not_good(
    erased: Goodbyes, capsys: pytest.CaptureFixture[str], added: str
) -> None:
    file = next(iter(sorted(erased.folder.iterdir())))
    file.write_text(file.read_text().replace("{", "{" + added, 1))
    assert verify(erased, capsys, file)[0] == 1


def test_a_payload_with_half_a_character_is_no_receipt_and_no_crash(
    erased: Goodbyes, capsys: pytest.CaptureFixture[str]
) -> None:
    file = next(iter(sorted(erased.folder.iterdir())))
    fields = json.loads(file.read_text())
    fields["payload"] = fields["payload"].replace('"door"', '"\ud800":1,"door"')
    file.write_text(json.dumps(fields))
    code, result, _ = verify(erased, capsys, file)
    assert (code, result["valid"]) == (1, False)


def test_receipts_that_changed_names_are_noticed_in_their_folder(
    erased: Goodbyes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever asks for theirs would be given another's; a name of one's own choice is no harm."""
    first, second, third = sorted(erased.folder.iterdir())
    kept = first.read_text()
    first.write_text(second.read_text())
    second.write_text(kept)
    code, _, err = verify(erased, capsys)
    assert code == 1
    assert err.count("name of another receipt") == 2
    second.write_text(first.read_text())
    first.write_text(kept)
    third.rename(third.with_name("the-third.json"))
    assert verify(erased, capsys)[0] == 0


@pytest.mark.parametrize("number", [1, 2])
def test_a_folder_from_which_one_was_taken_is_no_whole_chain(
    erased: Goodbyes, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    (taken,) = [file for file, each in erased.checked().items() if each.number == number]
    (erased.folder / taken).unlink()
    code, _, err = verify(erased, capsys)
    assert code == 1
    assert "gap" in err


def test_a_fork_is_noticed(erased: Goodbyes, tmp_path: Path) -> None:
    """Somebody with the key signs another first receipt and puts it in."""
    other = Goodbyes(tmp_path / "other")
    other.key = erased.key
    other.install("d")
    other.uninstall("d")
    other.clean(30)
    found = erased.checked() | other.checked()
    assert any("twice" in fault for fault in check_chain(found))
    second = {file: each for file, each in erased.checked().items() if each.number != 1}
    assert any("names another" in fault for fault in check_chain(other.checked() | second))


def test_another_key_verifies_nothing(erased: Goodbyes, capsys: pytest.CaptureFixture[str]) -> None:
    pem = StrictSigningKey().signer().public_key().pem
    (erased.folder.parent / "key.pem").write_text(pem)
    code, _, err = verify(erased, capsys)
    assert code == 1
    assert "another key" in err


def test_after_a_change_of_keys_both_in_one_file_verify_the_whole_chain(
    erased: Goodbyes, capsys: pytest.CaptureFixture[str]
) -> None:
    erased.key.move_alias()
    erased.install("d")
    erased.uninstall("d")
    erased.clean(30)
    assert verify(erased, capsys)[0] == 1
    key = erased.folder.parent / "key.pem"
    key.write_text(key.read_text() + erased.key.signer().public_key().pem)
    assert verify(erased, capsys)[0] == 0


def test_an_empty_folder_proves_nothing(
    erased: Goodbyes, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = verify(erased, capsys, tmp_path / "empty")
    assert (code, err) == (1, "There are no receipts there.\n")


@pytest.mark.parametrize(
    "pem", ["", "nonsense", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]
)
def test_an_unusable_key_or_a_missing_file_is_wrong_usage(
    erased: Goodbyes, capsys: pytest.CaptureFixture[str], pem: str
) -> None:
    assert verify(erased, capsys, erased.folder / "nothing.json")[0] == 2
    (erased.folder.parent / "key.pem").write_text(pem)
    assert verify(erased, capsys)[0] == 2


def test_a_key_in_which_one_letter_was_changed_is_wrong_usage(
    erased: Goodbyes, capsys: pytest.CaptureFixture[str]
) -> None:
    key = erased.folder.parent / "key.pem"
    good = key.read_text()
    for place in range(27, 60):  # among them those that name the kind of key
        key.write_text(good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :])
        assert verify(erased, capsys)[0] in (1, 2)


def test_a_key_of_another_kind_is_refused() -> None:
    with pytest.raises(ServiceFailed):
        StrictSigningKey(ec.SECP384R1()).signer().public_key()


def test_an_alias_that_is_moved_under_way_makes_no_receipt_that_does_not_hold(
    world: Goodbyes,
) -> None:
    signer = world.key.signer()
    signer.public_key()
    world.key.move_alias()
    life = Life(world.install(), "purged", world.now, world.now)
    receipt = signed(life, None, signer, KEYS)
    assert check(receipt, read_keys(signer.public_key().pem)).number == 1
    world.key.down = True
    with pytest.raises(ServiceUnreachable):
        signed(life, None, signer, KEYS)


@given(st.text(max_size=200) | st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["payload", "signature", "algorithm", "number"]), inner, max_size=4
    ),
    max_leaves=8,
).map(json.dumps))  # fmt: skip
def test_whatever_lies_in_the_folder_is_no_receipt_and_no_crash(text: str) -> None:
    with pytest.raises(NotValid):
        check(read_receipt(text), {})


@given(payload=st.text(st.characters(codec="ascii"), max_size=100))
def test_whatever_a_payload_holds_without_a_signature_it_says_nothing(payload: str) -> None:
    with pytest.raises(NotValid):
        check(Receipt(payload, b""), {})


def test_openssl_comes_to_the_same(erased: Goodbyes, tmp_path: Path) -> None:
    """The two commands of the README, as an auditor types them."""
    (file, *_) = sorted(erased.folder.iterdir())
    (tmp_path / "receipt.json").write_text(file.read_text())
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    block = readme.partition("<!-- auditor -->\n```sh\n")[2].partition("```")[0]
    commands = block.replace("\\\n", " ").strip().splitlines()
    assert len(commands) == 2
    for command in commands:
        ended = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True
        )
    assert ended.stdout == "Verified OK\n"


def test_times_in_it_are_whole_seconds_in_utc(world: Goodbyes) -> None:
    world.install()
    world.uninstall()
    world.cleanup().run(world.now + timedelta(days=30, microseconds=7))
    assert told(world)["erased_at"].endswith("Z")
    assert "." not in told(world)["erased_at"]
