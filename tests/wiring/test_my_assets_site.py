"""How My Assets asks a site for a person: the app first, the saved account where Jira hides."""

from __future__ import annotations

import json

import pytest

from app.errors import NotAllowed
from app.outside.http import Answer
from app.site_settings.documents import OWN_ACCESS, AssetsAccess
from app.wiring.my_assets_site import People
from app.words import AccountId, Secret
from tests.wiring.two_sites import TwoSites

ACCESS = AssetsAccess("ada@a.example", Secret("canary-api-token"))


class Reader:
    def __init__(self, access: AssetsAccess) -> None:
        self.access = access

    def assets_access(self, _: object) -> AssetsAccess:
        return self.access


def account(email: str | None) -> Answer:
    body = {"accountId": "a", "accountType": "atlassian", "emailAddress": email}
    return Answer(200, {}, json.dumps(body).encode())


HIDDEN = Answer(403, {}, b"{}")


def people(access: AssetsAccess, *answers: Answer) -> tuple[People, TwoSites]:
    two = TwoSites()
    two.post.answers = list(answers)
    return People(two.forge, two.sites, Reader(access)), two  # type: ignore[arg-type]


def test_an_address_that_the_app_does_not_see_is_asked_of_the_account() -> None:
    asking, two = people(ACCESS, account(None), account("a@a.example"))
    found = asking.user(AccountId("a"))
    assert found is not None
    assert found.email == "a@a.example"
    assert [each.authorization.split()[0] for each in two.post.sent] == ["Bearer", "Basic"]


def test_the_app_is_not_asked_twice_where_it_is_its_own_account() -> None:
    asking, two = people(OWN_ACCESS, account(None))
    found = asking.user(AccountId("a"))
    assert found is not None
    assert found.email is None
    assert len(two.post.sent) == 1


def test_a_person_that_the_app_may_not_see_is_no_stranger() -> None:
    asking, two = people(OWN_ACCESS, HIDDEN)
    with pytest.raises(NotAllowed):
        asking.user(AccountId("a"))
    assert len(two.post.sent) == 1
