"""Abuse of what is sealed (cases D): the real vault on a strict KMS, a site that anybody writes."""

from __future__ import annotations

import copy
import io
import json
import logging
import os
import pickle
import traceback
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from app.errors import AppError, ServiceUnreachable, SettingsUnreadable
from app.instances.directory import Directory
from app.instances.pointers import InstancePointers
from app.instances.table import Change
from app.vault.envelope import sealed_in, sealed_with_key_in
from app.vault.keys import KeyIds
from app.vault.parts import DOCUMENTS, ENCRYPTION_STRING
from app.vault.ports import CannotOpen, DataKey, PartKey
from app.vault.shelf import Shelf
from app.words import HIDDEN, Secret
from tests.abuse.house import SITE_A, House
from tests.abuse.refusal import assert_nothing_told
from tests.stand_ins.atlassian import AT, context_token, install_body, lifecycle_token
from tests.stand_ins.kms import INSTANCE, SETTINGS
from tests.vault.world import G1, TOKEN, A, B, World, text_of

IN_SITE = [name for name, each in DOCUMENTS.items() if each.rests_in == "site storage"]
SAVED = [name for name in IN_SITE if name != ENCRYPTION_STRING]
IN_REFERENCE = [name for name, each in DOCUMENTS.items() if each.rests_in == "reference"]


@pytest.fixture
def world() -> World:
    """Both instances have everything set."""
    made = World()
    for instance in (A, B):
        made.shelf("worker", instance).save(
            {name: Secret(f"{name} of {instance[0]}") for name in SAVED}
        )
    return made


def opened(world: World, document: str, instance: Any = A) -> str | None:
    """What a worker that has just started reads."""
    return text_of(world.shelf("worker", instance).open(document))


def text(world: World, document: str) -> str:
    return world.site.properties[world.name(document)]


def refused(world: World, document: str, planted: str | None) -> None:
    """With this in the property nothing opens, with the one error; put right, it opens again."""
    name = world.name(document)
    kept = world.site.properties.pop(name)
    if planted is not None:
        world.site.properties[name] = planted
    shelf = world.shelf("worker")
    asked = document if document != ENCRYPTION_STRING else "consent"
    with pytest.raises(SettingsUnreadable) as error:
        shelf.open(asked)
    assert str(error.value) == (
        f"What was saved as '{asked}' cannot be opened. An administrator can save it anew."
    )
    assert isinstance(error.value.__context__, CannotOpen | None)
    world.site.properties[name] = kept
    assert opened(world, asked) == f"{asked} of a"


def test_D1_a_ciphertext_of_one_site_does_not_open_in_anothers_property(world: World) -> None:
    for document in IN_SITE:
        theirs = world.sites[B].properties[world.name(document, B)]
        refused(world, document, theirs)
    # Nor with its pointer beside it, as if somebody had swapped rows of the table too.
    for document in SAVED:
        mine = world.entry(document)
        world.table.change(A, Change({("part_keys", document): world.entry(document, B)}))
        world.site.properties[world.name(document)] = world.sites[B].properties[
            world.name(document, B)
        ]
        with pytest.raises(SettingsUnreadable):
            opened(world, document)
        world.table.change(A, Change({("part_keys", document): mine}))
        assert opened(world, document) == f"{document} of a"


def test_D2_a_field_does_not_open_in_the_place_of_another(world: World) -> None:
    for document in IN_SITE:
        for other in IN_SITE:
            if other != document:
                refused(world, document, text(world, other))
    web = world.vault("web")
    for name, other in (IN_REFERENCE, IN_REFERENCE[::-1]):
        kept = web.seal_in_reference(A, G1, name, Secret(TOKEN))
        with pytest.raises(SettingsUnreadable):
            world.vault("web").open_from_reference(A, G1, other, kept)
        with pytest.raises(SettingsUnreadable):
            world.vault("web").open_from_reference(B, G1, name, kept)


def test_D3_an_older_ciphertext_of_the_same_field_put_back_opens_nothing(world: World) -> None:
    older = {name: (world.name(name), text(world, name), world.entry(name)) for name in SAVED}
    world.shelf("worker").save({name: Secret(f"{name} of a") for name in SAVED})
    for document, (name, was, entry) in older.items():
        refused(world, document, was)
        world.site.properties[name] = was  # under its own name too: nothing asks for it
        assert opened(world, document) == f"{document} of a"
        assert not any(
            key["wrapped"] == entry["wrapped"]
            for key in world.table.read(A).part_keys.values()  # type: ignore[union-attr]
        ), "the key of the older version is gone"
    assert world.shelf("worker").sweep() == len(older)


@pytest.mark.parametrize("document", ["consent", ENCRYPTION_STRING])
def test_D4_with_any_single_byte_changed_nothing_opens(world: World, document: str) -> None:
    kept = text(world, document)
    for at in range(len(kept)):
        other = "A" if kept[at] != "A" else "B"
        planted = kept[:at] + other + kept[at + 1 :]
        world.site.properties[world.name(document)] = planted
        with pytest.raises(SettingsUnreadable, match="cannot be opened"):
            world.shelf("worker").open("consent")
    world.site.properties[world.name(document)] = kept
    assert opened(world, "consent") == "consent of a"


@pytest.mark.parametrize("document", ["consent", ENCRYPTION_STRING])
def test_D5_nothing_cut_unknown_or_empty_opens_and_all_say_the_same(
    world: World, document: str
) -> None:
    kept = text(world, document)
    for planted in (None, "", " ", ".", "..", "null", "{}", "é" * 400, "A" * 32_000, kept + "=",
                    "Ag" + kept[2:], "AQI" + kept[3:], kept * 2, kept + "." + kept):  # fmt: skip
        refused(world, document, planted)
    for end in range(0, len(kept), 7):
        refused(world, document, kept[:end])
    read = sealed_with_key_in if document == ENCRYPTION_STRING else sealed_in
    for planted in (None, " ", kept + "."):
        with pytest.raises(CannotOpen) as error:
            read(planted)
        assert str(error.value) == str(CannotOpen())


def test_D6_a_context_that_lacks_a_pair_or_has_another_is_refused_by_kms_itself(
    world: World,
) -> None:
    (made,) = [call for call in world.kms.log if call.context.get("part") == "consent"
               and call.operation == "GenerateDataKey"
               and call.context["instance"] == A]  # fmt: skip
    wrapped, key_id = (
        bytes(world.entry("consent")["wrapped"]),
        str(world.entry("consent")["key_id"]),
    )  # type: ignore[arg-type]
    worker = world.kms.as_role("worker")
    assert len(worker.open(key_id, wrapped, made.context)) == 32
    world.kms.put_policy(INSTANCE, None)  # it is not the policy that refuses
    wrong: list[dict[str, str]] = [{}, {**made.context, "more": "x"}]
    for name, value in made.context.items():
        wrong.append({key: each for key, each in made.context.items() if key != name})
        wrong.append({**made.context, name: value + "x"})
        wrong.append({**made.context, name: ""})
    for context in wrong:
        with pytest.raises(CannotOpen):
            worker.open(key_id, wrapped, context)


def test_D7_no_second_context_and_no_second_key_is_ever_tried(world: World) -> None:
    former = world.kms.key(INSTANCE).arn
    world.kms.add_key(INSTANCE)
    world.put_policy("instance", INSTANCE)
    ids = KeyIds(SETTINGS, INSTANCE, (), (former,))
    for document in ("consent", "visibility"):
        entry = world.entry(document)
        world.table.change(A, Change({("part_keys", document, "wrapped"): entry["wrapped"][::-1]}))  # type: ignore[index]
        world.kms.log.clear()
        with pytest.raises(SettingsUnreadable):
            world.shelf("worker", vault=world.vault("worker", ids)).open(document)
        tried = [call for call in world.kms.log
                 if call.operation == "Decrypt" and call.context["part"] == document]  # fmt: skip
        # Once before and at most once after the consistent second look, with the same context.
        assert 1 <= len(tried) <= 2
        assert len({(call.key_id, *sorted(call.context.items())) for call in tried}) == 1
        assert tried[0].key_id == former, "the one that the entry names"


def test_D8_ten_thousand_seals_use_no_nonce_and_no_key_twice(world: World) -> None:
    pointers = InstancePointers(world.table, A, Directory(world.table, world.clock))
    shelf = world.vault("worker").shelf(A, G1, world.site, pointers)
    seen: set[bytes] = set()
    count = 10_000
    real = world.site.write

    def write(name: str, value: str) -> None:
        seen.add(sealed_in(value)[34:46])
        world.site.properties[name] = value

    world.site.write = write  # type: ignore[method-assign]
    for _ in range(count):
        shelf.rewrite("run-history", Secret("x"))  # the one key that seals more than once
    world.site.write = real  # type: ignore[method-assign]
    assert len(seen) == count
    before = {bytes(world.entry(name)["wrapped"]) for name in SAVED}  # type: ignore[arg-type]
    world.shelf("worker").save({name: Secret("x") for name in SAVED})
    after = {bytes(world.entry(name)["wrapped"]) for name in SAVED}  # type: ignore[arg-type]
    assert len(before | after) == 2 * len(SAVED)


def test_D9_no_form_of_a_secret_shows_it(world: World) -> None:
    secret, key = Secret(TOKEN), DataKey(Secret(os.urandom(32)), b"wrapped" * 20, "arn")
    entry = PartKey("1-x", "", "arn", TOKEN.encode())
    stream = io.StringIO()
    logger = logging.getLogger("any")
    logger.addHandler(logging.StreamHandler(stream))
    for shown in (secret, [secret], {"a": secret}, key, entry, world.vault(), world.shelf()):
        logger.warning("%s %r", shown, shown)
        assert TOKEN not in f"{shown} {shown!r} {str(shown)!r} " + format(str(shown), ">400")
    logger.handlers.clear()
    assert stream.getvalue()
    assert TOKEN not in stream.getvalue()
    assert f"{secret:>9}" == repr(secret) == str(secret) == HIDDEN
    takes: list[Callable[[Any], Any]] = [pickle.dumps, copy.copy, copy.deepcopy, json.dumps]
    for take in takes:
        with pytest.raises(TypeError):
            take(secret)
    with pytest.raises(TypeError):
        asdict(key)
    world.table.fail("change", "before")
    with pytest.raises(AppError) as error:
        world.shelf().save({"assets-access": Secret(TOKEN)})
    told = traceback.TracebackException.from_exception(error.value, capture_locals=True)
    assert TOKEN not in "".join(told.format()).replace(f"TOKEN = '{TOKEN}'", "")


def test_D10_an_erased_key_opens_nothing_at_once_here_and_within_three_seconds_elsewhere(
    world: World,
) -> None:
    here, elsewhere = world.vault("worker"), world.vault("worker")
    directories = [Directory(world.table, world.clock) for _ in range(2)]

    def shelf(vault: Any, directory: Directory) -> Shelf:
        return vault.shelf(A, G1, world.site, InstancePointers(world.table, A, directory))  # type: ignore[no-any-return]

    shelves = [shelf(here, directories[0]), shelf(elsewhere, directories[1])]
    for each in shelves:
        assert text_of(each.open("consent")) == "consent of a"
        assert text_of(each.open("visibility")) == "visibility of a"
    shelves[0].forget(["consent"])
    assert shelves[0].open("consent") is None
    world.clock.forward(3)
    assert shelves[1].open("consent") is None
    world.uninstall()
    world.clock.forward(3)
    world.kms.log.clear()
    for each in shelves:
        assert each.open("visibility") is None
    assert world.kms.log == []


@pytest.mark.parametrize("document", [*SAVED, ENCRYPTION_STRING])
def test_D11_with_kms_down_nothing_is_stored_and_the_old_value_stays(
    world: World, document: str
) -> None:
    before, reference = dict(world.site.properties), world.table.read(A)
    world.kms.down = True
    with pytest.raises(ServiceUnreachable):
        world.shelf("worker").save({document: Secret(TOKEN)})
    assert world.site.properties == before
    assert world.table.read(A) == reference
    assert world.site.calls["write"] == len(IN_SITE)  # those of the beginning
    with pytest.raises(ServiceUnreachable):
        world.vault().seal_in_reference(A, G1, "connect_secret", Secret(TOKEN))
    world.kms.down = False
    assert opened(world, "consent") == "consent of a"


def test_D11_over_http_it_is_503_and_nothing_rests_in_clear(house: House) -> None:
    consent = {"entra_import": True, "metrics": False}
    assert house.api("PUT", "/api/settings/consent", json=consent).status_code == 200
    before = house.rests()
    house.kms.down = True
    answer = house.api("PUT", "/api/settings/consent", json={**consent, "metrics": True})
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert house.rests() == before
    house.kms.down = False
    shown = house.api("GET", "/api/settings").get_json()["consent"]
    assert (shown["entra_import"], shown["metrics"]) == (True, False)


def test_D12_settings_never_give_a_secret_back_and_what_is_shown_is_no_secret(
    house: House,
) -> None:
    string = "a canary that only they know"
    body = {"encryption_string": string}
    assert house.api("PUT", "/api/settings/encryption-string", json=body).status_code == 200
    answer = house.api("GET", "/api/settings")
    shown = answer.get_json()["encryption-string"]
    assert shown["encryption_string"]["set"] is True
    assert "hint" not in shown["encryption_string"]
    assert string not in answer.get_data(as_text=True)
    sealed = [name for name in house.site_a.properties if f".{ENCRYPTION_STRING}." in name]
    # Saving what is shown, or nothing, keeps what was saved; the mark itself is never taken.
    for again in ({"encryption_string": None}, {}):
        assert house.api("PUT", "/api/settings/encryption-string", json=again).status_code == 200
    refusal = house.api("PUT", "/api/settings/encryption-string", json=shown)
    assert refusal.status_code == 422
    assert [name for name in house.site_a.properties if f".{ENCRYPTION_STRING}." in name] == sealed
    assert string not in house.rests()
    assert_nothing_told(house.log.getvalue(), None, string)


def test_D13_a_renamed_site_still_opens_because_no_address_is_in_the_context(
    house: House,
) -> None:
    consent = {"entra_import": True, "metrics": True}
    assert house.api("PUT", "/api/settings/consent", json=consent).status_code == 200
    renamed = "https://acme-renamed.atlassian.net"
    house.internet.hosts[renamed.removeprefix("https://")] = house.site_a
    house.clock.pass_(minutes=6)
    late = AT + 360
    token = lifecycle_token("/connect/installed", iat=late, exp=late + 180)
    assert house.event("installed", install_body(baseUrl=renamed), token).status_code == 204
    del house.internet.hosts[SITE_A.removeprefix("https://")]
    house.clock.pass_(seconds=2)
    asked = context_token(sub="admin-1", iat=late, exp=late + 900)
    shown = house.send("GET", "/api/settings", asked)
    assert shown.status_code == 200
    assert shown.get_json()["consent"]["metrics"] is True
    for call in house.kms.log:
        assert "atlassian.net" not in "".join(call.context.values())
        assert set(call.context) <= {"app", "instance", "generation", "part", "version"}
