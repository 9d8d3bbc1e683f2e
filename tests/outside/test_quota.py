"""The page's and the import's share of what Atlassian allows for one key."""

from __future__ import annotations

import pytest

from app.errors import SlowDown
from app.outside.http import Answer, HttpCaller
from app.outside.quota import AT_ONCE, Quotas
from app.words import InstanceId
from tests.stand_ins.clock import StoppedClock

ONE, OTHER = InstanceId("one"), InstanceId("other")
ROOT = "https://api.example/jsm/assets/workspace/w/v1"
QUERY = f"{ROOT}/object/aql?startAt=0&maxResults=500"


class Assets(HttpCaller):
    """Answers with what it is told to, and keeps what came."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.answer = Answer(200, {}, b"{}")

    def send(self, method: str, url: str, **_: object) -> Answer:
        self.came.append(url)
        return self.answer


class Site:
    def __init__(self) -> None:
        self.clock = StoppedClock()
        self.assets = Assets()
        quotas = Quotas(self.clock)
        self.imports = quotas.for_import(ONE, self.assets)
        self.pages = quotas.for_pages(ONE, self.assets)
        self.others_import = quotas.for_import(OTHER, self.assets)

    def page_is_told_to_wait(self, **headers: str) -> None:
        self.assets.answer = Answer(429, {k.replace("_", "-"): v for k, v in headers.items()}, b"")
        assert ask(self.pages).status == 429
        self.assets.answer = Answer(200, {}, b"{}")


def ask(caller: HttpCaller, url: str = QUERY) -> Answer:
    return caller.send("POST", url, allowed_origin=ROOT)


def asked_to_wait(caller: HttpCaller, url: str = QUERY) -> float:
    with pytest.raises(SlowDown) as told:
        ask(caller, url)
    assert told.value.retry_after is not None
    return told.value.retry_after


def test_an_import_takes_no_more_than_half_of_a_minutes_queries() -> None:
    site, taken = Site(), 0
    for _ in range(600):
        for _ in range(5):
            try:
                ask(site.imports)
                taken += 1
            except SlowDown:
                break
        site.clock.pass_(seconds=0.1)
    assert 490 <= taken <= 500


def test_what_an_import_has_used_up_stops_no_page() -> None:
    site = Site()
    for _ in range(AT_ONCE):
        ask(site.imports)
    assert asked_to_wait(site.imports) == 0.15
    assert [ask(site.pages).status for _ in range(1_000)] == [200] * 1_000


def test_only_queries_count_against_the_share() -> None:
    site = Site()
    for _ in range(5 * AT_ONCE):
        ask(site.imports, f"{ROOT}/object/7")
    assert ask(site.imports).status == 200


def test_an_import_that_is_told_to_wait_makes_no_page_wait() -> None:
    site = Site()
    site.assets.answer = Answer(429, {"retry-after": "30"}, b"")
    assert ask(site.imports).status == 429
    site.assets.answer = Answer(200, {}, b"{}")
    assert ask(site.pages).status == 200


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"retry_after": "7"}, 7), ({}, 5), ({"retry_after": "1847"}, 60)],
    ids=["told how long", "not told", "told very long"],
)
def test_an_import_stands_aside_while_a_page_has_to_wait(
    headers: dict[str, str], seconds: float
) -> None:
    site = Site()
    site.page_is_told_to_wait(**headers)
    came = len(site.assets.came)
    assert asked_to_wait(site.imports) == seconds
    assert asked_to_wait(site.imports, f"{ROOT}/object/7") == seconds
    assert len(site.assets.came) == came
    site.clock.pass_(seconds=seconds)
    assert ask(site.imports).status == 200


def test_no_other_sites_import_stands_aside() -> None:
    site = Site()
    site.page_is_told_to_wait(retry_after="7")
    assert ask(site.others_import).status == 200


def test_a_shorter_wait_ends_no_longer_one() -> None:
    site = Site()
    site.page_is_told_to_wait(retry_after="50")
    site.page_is_told_to_wait(retry_after="1")
    assert asked_to_wait(site.imports) == 50
