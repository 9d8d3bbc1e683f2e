"""Whether a site has a licence: asked of Connect now, known of Forge, and no answer is a yes."""

from __future__ import annotations

import pytest

from app.errors import AppError, NotThere, ServiceUnreachable, SettingsUnreadable
from app.instances.reference import InstanceReference
from app.site import Licence
from app.wiring.licence import Licences
from tests.stand_ins.forge_site import system_token
from tests.wiring.two_sites import TwoSites


class Resource:
    def __init__(self, answer: Licence | AppError) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def licence(self, app_key: str) -> Licence:
        self.asked.append(app_key)
        if isinstance(self.answer, AppError):
            raise self.answer
        return self.answer


@pytest.fixture
def two() -> TwoSites:
    return TwoSites()


def licences(two: TwoSites, answer: Licence | AppError) -> tuple[Licences, Resource]:
    resource = Resource(answer)
    return Licences(lambda instance: resource, "my-key", two.world.tokens), resource


@pytest.mark.parametrize("active", [True, False])
def test_a_connect_site_is_asked_each_time(two: TwoSites, active: bool) -> None:
    known, resource = licences(two, Licence(active=active, evaluation=False))
    assert known.of_connect(two.connect) is active
    assert known.without_a_call(two.connect) is active
    assert resource.asked == ["my-key", "my-key"]


@pytest.mark.parametrize("failure", [NotThere(), ServiceUnreachable(), SettingsUnreadable()])
def test_no_answer_is_a_yes(two: TwoSites, failure: AppError) -> None:
    assert licences(two, failure)[0].of_connect(two.connect)


@pytest.mark.parametrize("licensed", [True, False])
def test_of_a_forge_site_counts_what_the_newest_token_came_with(
    two: TwoSites, licensed: bool
) -> None:
    known, resource = licences(two, NotThere())
    token = system_token(8, "newer")
    two.world.clock.pass_(hours=5)
    kept = two.world.tokens.keep(two.forge, token, licensed=licensed)
    two.world.clock.pass_(hours=9)
    assert known.without_a_call(kept) is licensed
    assert resource.asked == []


def test_of_a_forge_site_nothing_known_is_a_yes(
    two: TwoSites, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: InstanceReference) -> bool:
        raise ServiceUnreachable

    known, _ = licences(two, NotThere())
    monkeypatch.setattr(two.world.tokens, "licensed", fails)
    assert known.without_a_call(two.forge)
