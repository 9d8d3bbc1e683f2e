"""What was removed in Assets a moment ago: nobody meets an error for it."""

from __future__ import annotations

import pytest

from app.errors import RequestRefused, ServiceFailed, ServiceUnreachable
from app.my_assets.query import Query
from app.my_assets.shelf import KEPT_FOR
from app.my_assets.who import SiteUser
from tests.stand_ins.my_assets_site import ADA, MyAssetsSite


@pytest.fixture
def site() -> MyAssetsSite:
    """A viewer with a phone and a laptop, whose catalogue is warm."""
    made = MyAssetsSite()
    made.device("Laptop", of=made.person("e-ada", linked_to=ADA))
    made.phone("Phone", ADA)
    assert made.labels() == ["Laptop", "Phone"]
    made.shelf.calls.clear()
    return made


def remove(site: MyAssetsSite, type_id: str, name: str) -> None:
    kept = [one for one in site.shelf.attributes_[type_id] if one.name != name]
    site.shelf.attributes_[type_id] = kept


def test_a_removed_owner_attribute_costs_one_question_more_and_no_error(
    site: MyAssetsSite,
) -> None:
    remove(site, site.phone_type, "Owner")
    assert site.labels() == ["Laptop"]
    assert site.shelf.aql_calls() == 3
    site.shelf.calls.clear()
    assert site.labels() == ["Laptop"]
    assert site.shelf.aql_calls() == 2


def test_a_removed_attribute_of_people_does_not_stop_the_rest(site: MyAssetsSite) -> None:
    remove(site, site.person_type, "Jira account")
    page = site.page()
    assert ([one["label"] for one in page["assets"]], page["person"]) == (["Phone"], "unmatched")
    assert site.shelf.aql_calls() <= 3


def test_export_and_report_read_on_too(site: MyAssetsSite) -> None:
    remove(site, site.phone_type, "Owner")
    made = site.desk.export(site.instance, ADA, Query(), "csv")
    assert "Laptop" in made.content
    assert "Phone" not in made.content


def test_with_no_question_left_the_next_request_is_right(site: MyAssetsSite) -> None:
    """Account, address and rows are three already: then one request fails, and only one."""
    other = MyAssetsSite()
    other.person("e-ada", email="ada@example.com")
    other.directory.users[ADA] = SiteUser("ada@example.com", "atlassian")
    other.phone("Phone", ADA)
    other.page(search="warm")
    for person in list(other.shelf.objects.values()):
        if person.object_type_id == other.person_type:
            del other.shelf.objects[person.id]
    other.person("e-ada2", email="ada@example.com")
    remove(other, other.phone_type, "Owner")
    other.shelf.calls.clear()
    with pytest.raises(RequestRefused):
        other.page()
    assert other.shelf.aql_calls() == 3
    assert other.labels() == []


def test_a_question_that_is_refused_anew_is_told_as_a_failure(
    site: MyAssetsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(aql: str, _start: int, _limit: int) -> None:
        asked.append(aql)
        raise RequestRefused("400")

    monkeypatch.setattr(site.shelf, "search", refuse)
    with pytest.raises(ServiceFailed):
        site.page()
    assert len(asked) == 2


@pytest.mark.parametrize("fault", [ServiceUnreachable("down"), ServiceFailed("odd")])
def test_other_failures_are_not_asked_again(
    site: MyAssetsSite, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fail(aql: str, _start: int, _limit: int) -> None:
        asked.append(aql)
        raise fault

    monkeypatch.setattr(site.shelf, "search", fail)
    with pytest.raises(type(fault)):
        site.page()
    assert len(asked) == 1


def test_the_catalogue_is_read_anew_once_a_request(site: MyAssetsSite) -> None:
    remove(site, site.phone_type, "Owner")
    site.page()
    assert site.shelf.calls.count("schemas") == 1
    site.later(KEPT_FOR.total_seconds() - 1)
    site.page()
    assert site.shelf.calls.count("schemas") == 1
