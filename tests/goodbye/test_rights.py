"""What somebody has a right to: a search that proves "nothing", a deadline, JSON with a schema."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import cli
from app.goodbye.rights import (
    ANSWER_WITHIN,
    RIGHTS,
    about_instance,
    about_person,
    digest_of,
    export_of,
)
from app.goodbye.rights_texts import NOT_SEARCHED, SCHEMA
from app.goodbye.search import FORMS, Search
from app.instances.reference import InstanceReference, stamp
from app.kept import KEPT
from app.logs import configure
from app.wiring import tables, vendor_audit, vendor_rights
from app.wiring.aws import Aws
from tests.goodbye.world import Goodbyes, name
from tests.stand_ins.atlassian import NOW
from tests.stand_ins.desk import ReceiptFiles
from tests.stand_ins.sts import Whoami
from tests.vault.rotating import EVERYTHING, RotatingWorld
from tests.vault.world import A

PERSON = "Jörg.Müller+1@example.com"
ITEMS: list[tuple[str, Any]] = [("a" * 32, {"instance_id": "a" * 32, "wrapped": b"\x00\xff"})]
DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in JSON": json.dumps,
    "in a URL": lambda word: quote(word, safe=""),
    "base64": lambda word: base64.b64encode(word.encode()).decode(),
    "base64 for URLs": lambda word: base64.urlsafe_b64encode(word.encode()).decode(),
    "hex": lambda word: word.encode().hex(),
    "SHA-256": lambda word: hashlib.sha256(word.encode()).hexdigest(),
    "SHA-1": lambda word: hashlib.sha1(word.encode()).hexdigest(),
    "MD5": lambda word: hashlib.md5(word.encode()).hexdigest(),
    "written with other signs": lambda word: unicodedata.normalize("NFD", word),
    "in escapes of URLs or HTML": lambda word: quote(quote(word, safe=""), safe=""),
    "in base64 of something longer": lambda word: base64.b64encode(f"x={word}".encode()).decode(),
}


def ask(right: Any = "access", items: Any = ITEMS, days: float = 0.0) -> dict[str, Any]:
    stores = [("instance table", items), ("receipts", [])]
    return about_person(right, [PERSON], stores, NOW, NOW + timedelta(days=days))


@pytest.mark.parametrize("right", RIGHTS)
def test_each_of_the_six_rights_of_a_person_is_answered_with_the_search_that_found_nothing(
    right: Any,
) -> None:
    answer = ask(right)
    jsonschema.validate(answer, SCHEMA)
    assert answer["outcome"] == "nothing_held"
    assert answer["answer"].startswith("We hold nothing about you.")
    assert answer["search"]["stores"]["instance table"]["items"] == 1
    assert answer["search"]["control"]["found_in"] == {"instance table": True}
    assert answer["search"]["found"] == []


def test_no_word_of_the_person_stands_in_the_answer() -> None:
    text = json.dumps(ask(items=[("x" * 32, {"note": PERSON})]), ensure_ascii=False)
    assert PERSON not in text
    assert "Müller" not in text


def test_where_the_search_could_not_look_is_said_with_the_reason() -> None:
    searched = {"instance table", "receipts"}
    assert {each.store for each in KEPT} == searched | set(NOT_SEARCHED)
    assert ask()["search"]["not_searched"] == NOT_SEARCHED


@pytest.mark.parametrize("form", FORMS)
def test_a_person_that_did_lie_there_would_be_found_in_any_form(form: str) -> None:
    hidden = {"deep": [{"in": f"…{DISGUISES[form](PERSON)}…"}]}
    answer = ask(items=[*ITEMS, ("b" * 32, hidden)])
    assert answer["outcome"] == "held"
    (found,) = answer["search"]["found"]
    assert found["item"] == "b" * 32
    assert form in found["forms"]


@given(word=st.text(min_size=4, max_size=30), form=st.sampled_from(FORMS), upper=st.booleans())
def test_whatever_the_word_it_is_found(word: str, form: str, *, upper: bool) -> None:
    try:
        hidden = DISGUISES[form](word)
    except UnicodeEncodeError:
        return
    search = Search([word])
    text = hidden.upper() if upper and form in ("hex", "SHA-256") else hidden
    search.through("s", [("i", {"attribute": text})])
    assert search.result.found


@pytest.mark.parametrize(
    "hidden",
    [
        "eyJhbGciOiJub25lIn0." + base64.urlsafe_b64encode(b'{"email":"anna@example.com"}').decode(),
        "/part/" + base64.b64encode(b"\n\nanna@example.com,").decode(),
        "Anna+%3Canna%2540example.com%3E",
        "&lt;anna&#64;example.com&gt;",
        "".join(chr(ord(each) + 0xFEE0) for each in "anna@example.com"),
        hashlib.sha256(b"anna@example.com").digest(),
    ],
    ids=["token", "base64 after a path", "URL", "HTML", "wide letters", "bytes of a hash"],
)
def test_disguises_that_real_things_wear_hide_nobody(hidden: object) -> None:
    search = Search(["Anna@example.com"])
    search.through("s", [("i", {"attribute": hidden})])
    assert search.result.found


def test_what_is_there_of_a_site_hides_nobody_by_chance(world: Goodbyes) -> None:
    """Keys, hashes and signatures are long runs of letters; no word is found in them."""
    for letter in "abcdef":
        world.install(letter)
        world.uninstall(letter)
    world.clean(30)
    search = Search(["anna", "jörg", "sven@", "5b10ac8d82e05b22cc7d4ef5"])
    search.through("receipts", [(each.name, each.read_text()) for each in world.folder.iterdir()])
    assert search.result.found == []


def test_a_receipt_is_looked_through_to_its_innermost_text() -> None:
    payload = json.dumps({"note": PERSON})
    search = Search([PERSON])
    search.through("receipts", [("r.json", ["r.json", json.dumps({"payload": payload})])])
    assert search.result.found


def test_bytes_are_looked_through_too() -> None:
    search = Search(["anna@example.com"])
    search.through("s", [("i", {"sealed": b"\x00anna@example.com\xff"})])
    assert search.result.found


def test_of_a_whole_instance_everything_is_exported_but_what_opens_something() -> None:
    world = RotatingWorld()
    reference = world.table.read(A)
    assert reference is not None
    for right in RIGHTS:
        answer = about_instance(right, reference, world.table, NOW, NOW)
        jsonschema.validate(answer, SCHEMA)
        text = json.dumps(answer)
        assert not any(value in text for value in EVERYTHING.values())
        assert "wrapped_keys_of" in answer["held"]
        assert "entra" in answer["held"]["wrapped_keys_of"]
        assert answer["held"]["sealed_secrets"] == ["connect_secret", "site_token"]


def test_an_administrator_is_told_the_same_at_once(world: Goodbyes) -> None:
    life = world.install()
    answer = export_of(life, NOW)
    assert answer == about_instance("export", life, world.table, NOW, NOW)
    jsonschema.validate(answer, SCHEMA)


def test_to_delete_what_is_uninstalled_makes_it_due_at_once(goodbyes: Goodbyes) -> None:
    goodbyes.install()
    goodbyes.uninstall()
    answer = about_instance("delete", goodbyes.read(), goodbyes.table, NOW, goodbyes.now)
    assert answer["outcome"] == "due_now"
    assert goodbyes.read().erase_due_at == stamp(goodbyes.now)
    assert goodbyes.clean().erased == [name("a")]
    again = about_instance("delete", goodbyes.read(), goodbyes.table, NOW, goodbyes.now)
    assert again["outcome"] == "erased"


def test_to_delete_what_is_installed_takes_its_own_administrator(goodbyes: Goodbyes) -> None:
    life = goodbyes.install()
    answer = about_instance("delete", life, goodbyes.table, NOW, goodbyes.now)
    assert answer["outcome"] == "uninstall_first"
    assert goodbyes.read() == life


@pytest.mark.parametrize(
    ("days", "left", "overdue"),
    [(0, 28, False), (27.5, 0, False), (28, 0, False), (28.1, -1, True)],
)
def test_the_deadline_is_within_the_shortest_month(
    days: float, left: int, *, overdue: bool
) -> None:
    answer = ask(days=days)
    assert (answer["days_left"], answer["overdue"]) == (left, overdue)
    assert answer["answer_by"] == stamp(NOW + ANSWER_WITHIN)


def test_the_hash_is_that_of_all_the_rest() -> None:
    answer = ask()
    assert answer["sha256"] == digest_of(answer)
    assert digest_of(answer | {"outcome": "held"}) != answer["sha256"]


class Vendor:
    """Somebody of the vendor's at a keyboard, with words on standard input."""

    def __init__(self, patch: pytest.MonkeyPatch, world: Goodbyes, items: list[Any]) -> None:
        self._patch = patch
        ends: dict[str, Any] = {
            "aws_clients": lambda _: Aws(None, None, None),  # type: ignore[arg-type]
            "DynamoInstanceTable": lambda *_: world.table,
            "every_item": lambda *_: iter(items),
            "utc_now": lambda: NOW,
        }
        for end, made in ends.items():
            patch.setattr(vendor_rights, end, made)
        patch.setattr(tables, "DynamoInstanceTable", lambda *_: world.table)
        patch.setattr(vendor_audit, "sts_client", lambda _: Whoami())
        patch.setenv("APP_BASE_URL", "https://app.example.com")
        configure("ERROR", io.StringIO())
        patch.setattr("app.logs.configure", lambda *_: None)
        patch.setattr("logging.captureWarnings", lambda **_: None)

    def run(self, *arguments: str, words: str = "") -> int:
        self._patch.setattr("sys.stdin", io.StringIO(words))
        return cli.main(["vendor", "rights", *arguments])


def test_the_command_takes_words_from_standard_input_and_answers_in_json(
    monkeypatch: pytest.MonkeyPatch, world: Goodbyes, capsys: pytest.CaptureFixture[str]
) -> None:
    items = [{"instance_id": "a" * 32}]
    vendor = Vendor(monkeypatch, world, items)
    folder = ["--receipts", str(world.folder)]
    assert vendor.run("access", *folder, words=f"{PERSON}\n5b10ac8d82e05b22cc7d4ef5\n") == 0
    answer = json.loads(capsys.readouterr().out)
    jsonschema.validate(answer, SCHEMA)
    items.append({"instance_id": "b" * 32, "note": PERSON})
    assert vendor.run("delete", *folder, words=PERSON) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["outcome"] == "held"
    assert "found" in err
    assert PERSON not in out + err


@pytest.mark.parametrize("words", ["", "\n \n", "abc"])
def test_nothing_to_look_for_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, world: Goodbyes, words: str
) -> None:
    assert Vendor(monkeypatch, world, []).run("access", words=words) == 2


def test_the_command_answers_for_an_instance_and_shows_the_schema(
    monkeypatch: pytest.MonkeyPatch, world: Goodbyes, capsys: pytest.CaptureFixture[str]
) -> None:
    life: InstanceReference = world.install()
    vendor = Vendor(monkeypatch, world, [])
    assert vendor.run("export", "--instance", life.instance_id) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["held"]["base_url"] == life.base_url
    assert vendor.run("export", "--instance", name("z")) == 1
    assert vendor.run("schema") == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_is_no_look_at_anything(
    monkeypatch: pytest.MonkeyPatch, world: Goodbyes
) -> None:
    vendor = Vendor(monkeypatch, world, [])
    stream = io.StringIO()
    configure("INFO", stream)
    try:
        assert vendor.run("schema") == 0
    finally:
        configure("ERROR", io.StringIO())
    assert stream.getvalue() == ""


def test_what_lies_deeper_in_the_folder_is_looked_through_too(
    monkeypatch: pytest.MonkeyPatch, world: Goodbyes, capsys: pytest.CaptureFixture[str]
) -> None:
    (world.folder / "2026").mkdir(parents=True)
    (world.folder / "2026" / "note.txt").write_text(PERSON)
    vendor = Vendor(monkeypatch, world, [])
    assert vendor.run("access", "--receipts", str(world.folder), words=PERSON) == 1
    (found,) = json.loads(capsys.readouterr().out)["search"]["found"]
    assert (found["store"], found["item"]) == ("receipts", "2026/note.txt")


def test_what_cannot_be_read_is_named_and_not_passed_over(
    monkeypatch: pytest.MonkeyPatch, world: Goodbyes, capsys: pytest.CaptureFixture[str]
) -> None:
    world.folder.mkdir()
    (world.folder / "gone.json").symlink_to(world.folder / "nowhere")
    vendor = Vendor(monkeypatch, world, [])
    assert vendor.run("access", "--receipts", str(world.folder), words=PERSON) == 2
    out, err = capsys.readouterr()
    assert (out, "gone.json" in err) == ("", True)


def test_the_receipts_of_a_bucket_are_looked_through_too(
    monkeypatch: pytest.MonkeyPatch, world: Goodbyes, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor = Vendor(monkeypatch, world, [])
    monkeypatch.setenv("RECEIPTS_BUCKET", "the-receipts")
    kept = ReceiptFiles({"a.json": "{}", "b.json": json.dumps({"payload": PERSON})})
    monkeypatch.setattr(vendor_rights, "bucket", lambda _: kept)
    assert vendor.run("access", "--receipts", str(world.folder), words=PERSON) == 1
    search = json.loads(capsys.readouterr().out)["search"]
    assert search["stores"]["receipts"]["items"] == 2
    assert [each["item"] for each in search["found"]] == ["b.json"]


@pytest.mark.parametrize("when", ["9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z"])
def test_a_time_to_which_no_days_can_be_added_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, world: Goodbyes, when: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        Vendor(monkeypatch, world, []).run("access", "--received", when, words=PERSON)
    assert ended.value.code == 2
