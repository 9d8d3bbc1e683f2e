"""The probe of visibility: what is not there is named as a warning and never refused."""

from __future__ import annotations

import pytest

from app.errors import CredentialRefused, NotAllowed, ServiceUnreachable
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import BODIES
from tests.stand_ins.settings_outside import World

NAMES_NOTHING = {"access": {"mode": "restrict", "groups": [], "customers": True}}
NAMES_ALL = {
    "access": {"mode": "restrict", "groups": ["g-1", "g-9"]},
    "hidden_schemas": ["s-1", "s-9"],
    "hidden_object_types": ["t-1", "t-9"],
    "columns": {"t-1": ["Model", "Colour"], "t-8": ["Model"]},
    "owner_rules": [
        {"object_type": "t-1", "attribute": "Owner", "match": "account"},
        {"object_type": "t-2", "attribute": "Owner", "match": "account"},
        {"object_type": "t-7", "attribute": "Owner", "match": "account"},
        {"object_type": "*", "attribute": "Nowhere", "match": "email"},
    ],
}


@pytest.fixture
def with_account(administrator: Administrator) -> Administrator:
    administrator.save("assets-access", BODIES["assets-access"])
    return administrator


def warnings(administrator: Administrator, sent: dict[str, object]) -> list[tuple[str, str]]:
    checked = administrator.check("visibility", sent)
    assert checked["ok"] is True
    assert {one["severity"] for one in checked["findings"]} <= {"warning"}
    return [(one["field"], one["message"]) for one in checked["findings"]]


def test_everything_unknown_is_named(with_account: Administrator) -> None:
    fields = [field for field, _ in warnings(with_account, NAMES_ALL)]
    assert fields == [
        "access.groups",
        "hidden_schemas",
        "hidden_object_types",
        "columns.t-1",
        "columns.t-8",
        "owner_rules.1",
        "owner_rules.2",
    ]
    with_account.save("visibility", NAMES_ALL)


@pytest.mark.parametrize(
    ("mode", "effect"), [("allow", "it is ignored"), ("restrict", "everyone is refused")]
)
def test_an_unknown_group_is_told_with_its_effect(
    with_account: Administrator, mode: str, effect: str
) -> None:
    sent: dict[str, object] = {"access": {"mode": mode, "groups": ["g-9"]}}
    ((_, message),) = warnings(with_account, sent)
    assert effect in message


def test_allowing_no_group_at_all_is_told(administrator: Administrator) -> None:
    ((field, message),) = warnings(administrator, {"access": {"mode": "allow"}})
    assert field == "access.groups"
    assert "nobody" in message


def test_nothing_named_asks_nothing(with_account: Administrator, world: World) -> None:
    world.site.asked.clear()
    assert warnings(with_account, NAMES_NOTHING) == []
    assert world.site.asked == []


def test_without_an_account_it_is_saved_unchecked_and_the_check_says_so(
    administrator: Administrator,
) -> None:
    ((_, message),) = warnings(administrator, BODIES["visibility"])
    assert "assets-access is not set up yet" in message
    administrator.save("visibility", BODIES["visibility"])


def test_with_a_dead_account_it_is_saved_unchecked(
    with_account: Administrator, world: World
) -> None:
    world.site.account = CredentialRefused()
    assert len(warnings(with_account, BODIES["visibility"])) == 1


def test_an_account_that_may_not_look_is_told(with_account: Administrator, world: World) -> None:
    world.assets.listed = NotAllowed()
    ((_, message),) = warnings(with_account, NAMES_ALL)
    assert "may not look it up" in message


def test_a_schema_it_may_not_read_hides_no_other(with_account: Administrator, world: World) -> None:
    world.assets.closed = {"s-2": NotAllowed()}
    fields = [field for field, _ in warnings(with_account, {"hidden_object_types": ["t-1"]})]
    assert fields == []


def test_a_site_that_does_not_answer_stores_nothing(
    with_account: Administrator, world: World
) -> None:
    world.assets.listed = ServiceUnreachable()
    with pytest.raises(ServiceUnreachable):
        with_account.save("visibility", NAMES_ALL)
    assert with_account.overview()["visibility"] == {"set": False}
