"""A secret left out is kept, for what it was given for and for nothing else."""

from __future__ import annotations

import pytest

from app.errors import InputRefused
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import API_TOKEN, BODIES, SECRETS, body
from tests.stand_ins.settings_outside import World

ANOTHER = [
    ("entra", "tenant_id", "another.example"),
    ("entra", "client_id", "99999999-aaaa"),
    ("entra", "cloud", "china"),
    ("assets-access", "email", "eve@a.example"),
]


@pytest.mark.parametrize("part", SECRETS)
@pytest.mark.parametrize("left_out", [..., None], ids=["left out", "null"])
def test_a_secret_left_out_is_kept_with_its_hint_and_date(
    administrator: Administrator, world: World, part: str, left_out: object
) -> None:
    first = administrator.save(part, BODIES[part])
    world.now = world.now.replace(year=2027)
    again = administrator.save(part, body(part, **{SECRETS[part]: left_out}))
    assert again[SECRETS[part]] == first[SECRETS[part]]


@pytest.mark.parametrize("part", ["entra", "import"])
def test_keeping_a_secret_never_opens_or_writes_its_document(
    administrator: Administrator, world: World, part: str
) -> None:
    administrator.save(part, BODIES[part])
    number = world.shelf.numbers[f"{part}-secret"]
    administrator.save(part, body(part, **{SECRETS[part]: ...}))
    assert world.shelf.numbers[f"{part}-secret"] == number


@pytest.mark.parametrize("part", ["entra", "import"])
def test_a_kept_secret_is_not_probed_again_and_the_check_says_so(
    administrator: Administrator, world: World, part: str
) -> None:
    administrator.save(part, BODIES[part])
    world.login.error = world.imports.found = AssertionError("it was asked")
    kept = body(part, **{SECRETS[part]: ...})
    administrator.save(part, kept)
    found = administrator.check(part, kept)
    assert found["ok"] is True
    assert {"severity": "warning", "field": SECRETS[part]}.items() <= found["findings"][0].items()
    assert "not checked again" in found["findings"][0]["message"]


def test_a_kept_api_token_is_probed_again(administrator: Administrator, world: World) -> None:
    administrator.save("assets-access", BODIES["assets-access"])
    administrator.save("assets-access", body("assets-access", api_token=None))
    assert [access.api_token.reveal_text() for access in world.accounts] == [API_TOKEN] * 2


@pytest.mark.parametrize(("part", "field", "value"), ANOTHER)
@pytest.mark.parametrize("left_out", [..., None], ids=["left out", "null"])
def test_a_kept_secret_never_goes_anywhere_else(
    administrator: Administrator,
    world: World,
    part: str,
    field: str,
    value: str,
    left_out: object,
) -> None:
    administrator.save(part, BODIES[part])
    before = administrator.overview()
    asked = len(world.login.asked), len(world.accounts)
    for call in (administrator.save, administrator.check):
        with pytest.raises(InputRefused) as refused:
            call(part, body(part, **{field: value, SECRETS[part]: left_out}))
        changed, again = refused.value.problems
        assert (changed.field, again.field) == (field, SECRETS[part])
        assert "given for another one" in changed.message
        assert "again" in again.message
    assert administrator.overview() == before
    assert (len(world.login.asked), len(world.accounts)) == asked


def test_a_tenant_that_cannot_be_one_is_told_at_its_own_field_alone(
    administrator: Administrator,
) -> None:
    administrator.save("entra", BODIES["entra"])
    with pytest.raises(InputRefused) as refused:
        administrator.save("entra", body("entra", tenant_id="not a tenant", client_secret=None))
    assert [problem.field for problem in refused.value.problems] == ["tenant_id"]
    odd = body("entra", tenant_id="not a tenant", client_id="another", client_secret=None)
    with pytest.raises(InputRefused) as both:
        administrator.save("entra", odd)
    named = [problem.field for problem in both.value.problems]
    assert named == ["tenant_id", "client_id", "client_secret"]


def test_capitals_do_not_make_another_tenant_or_e_mail(administrator: Administrator) -> None:
    administrator.save("assets-access", BODIES["assets-access"])
    shown = administrator.save("assets-access", {"email": "ADA@a.example"})
    assert shown["email"] == "ADA@a.example"


def test_the_expiry_date_may_change_while_the_secret_is_kept(administrator: Administrator) -> None:
    administrator.save("entra", BODIES["entra"])
    kept = body("entra", client_secret=None, secret_expires_on="2027-01-31")
    assert administrator.save("entra", kept)["secret_expires_on"] == "2027-01-31"


@pytest.mark.parametrize("part", ["assets-access", "entra", "import"])
def test_what_is_shown_in_a_secrets_place_may_be_sent_back(
    administrator: Administrator, world: World, part: str
) -> None:
    shown = administrator.save(part, BODIES[part])
    kept = dict(world.shelf.kept)
    for placeholder in (shown[SECRETS[part]], shown[SECRETS[part]]["hint"]):
        administrator.save(part, body(part, **{SECRETS[part]: placeholder}))
    secret = "assets-access" if part == "assets-access" else f"{part}-secret"
    assert BODIES[part][SECRETS[part]] in world.shelf.kept[secret].reveal_text()
    assert kept.keys() == world.shelf.kept.keys()


@pytest.mark.parametrize("part", ["assets-access", "entra", "import"])
def test_with_rules_that_do_not_open_the_secret_is_asked_again(
    administrator: Administrator, world: World, part: str
) -> None:
    administrator.save(part, BODIES[part])
    world.shelf.broken.add(part)
    with pytest.raises(InputRefused) as refused:
        administrator.save(part, body(part, **{SECRETS[part]: ...}))
    assert [problem.field for problem in refused.value.problems] == [SECRETS[part]]


def test_a_secret_whose_document_is_gone_is_asked_again(
    administrator: Administrator, world: World
) -> None:
    administrator.save("entra", BODIES["entra"])
    world.shelf.forget(("entra-secret",))
    with pytest.raises(InputRefused):
        administrator.save("entra", body("entra", client_secret=None))


def test_other_problems_are_named_beside_the_missing_secret(administrator: Administrator) -> None:
    administrator.save("entra", BODIES["entra"])
    wrong = body("entra", tenant_id="another.example", client_secret=None, surprise=1)
    with pytest.raises(InputRefused) as refused:
        administrator.save("entra", wrong)
    assert {problem.field for problem in refused.value.problems} == {
        "surprise",
        "tenant_id",
        "client_secret",
    }
