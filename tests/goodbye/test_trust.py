"""The trust page says what the code does: of people nothing, and the key of the receipts."""

from __future__ import annotations

from pathlib import Path

from app.goodbye.trust import trust_page
from app.goodbye.verifying import read_keys
from app.instances.reference import ATTRIBUTES
from app.wiring.trust import ReceiptsKey
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.signing_kms import StrictSigningKey

APP = Path(__file__).parents[2] / "app"
OF_A_PERSON = ("account", "user", "person", "email", "name", "administrator", "owner")


def test_the_public_key_stands_there_and_is_asked_once() -> None:
    key, clock = StrictSigningKey(), StoppedClock()
    receipts_key = ReceiptsKey(key.signer(), clock)
    pem = receipts_key.pem()
    assert pem is not None
    assert len(read_keys(pem)) == 1
    key.down = True
    assert receipts_key.pem() == pem
    page = trust_page(role_split=True, region="eu-central-1", receipts_key=pem)
    assert page["receipts"]["public_key"] == pem


def test_a_key_service_that_is_down_is_asked_again_after_a_minute_and_the_page_is_there() -> None:
    key, clock = StrictSigningKey(), StoppedClock()
    key.down = True
    receipts_key = ReceiptsKey(key.signer(), clock)
    assert receipts_key.pem() is None
    key.down = False
    clock.pass_(seconds=59)
    assert receipts_key.pem() is None
    clock.pass_(seconds=1)
    assert receipts_key.pem() is not None
    assert trust_page(role_split=True, region="eu-central-1")["receipts"]["public_key"] is None


def test_no_attribute_of_the_table_could_hold_a_person_so_nothing_is_reported_to_atlassian() -> (
    None
):
    assert [each for each in ATTRIBUTES if any(word in each for word in OF_A_PERSON)] == []
    said = trust_page(role_split=True, region="eu-central-1")["people"]
    assert (said["account_ids_held"], said["reported_to_atlassian"]) == (0, 0)
    sources = [path.read_text() for path in APP.rglob("*.py")]
    assert not any("report-accounts" in text for text in sources)
