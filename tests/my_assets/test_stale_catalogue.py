"""What was removed in Assets a moment ago: nobody meets an error for it."""

from __future__ import annotations

import pytest

from app.errors import RequestRefused, ServiceFailed, ServiceUnreachable
from app.inventory import Page
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


def without_a_call_left(*, gone: bool = True) -> MyAssetsSite:
    """Account, address and rows are three already, and the owner attribute may be gone."""
    site = MyAssetsSite()
    site.person("e-ada", email="ada@example.com")
    site.directory.users[ADA] = SiteUser("ada@example.com", "atlassian")
    site.phone("Phone", ADA)
    site.page(search="warm")
    for person in list(site.shelf.objects.values()):
        if person.object_type_id == site.person_type:
            del site.shelf.objects[person.id]
    site.device("Laptop", of=site.person("e-ada2", email="ada@example.com"))
    if gone:
        remove(site, site.phone_type, "Owner")
    site.shelf.calls.clear()
    return site


def test_with_no_question_left_the_list_goes_on_with_the_next_request() -> None:
    site = without_a_call_left()
    page = site.page()
    assert site.shelf.aql_calls() == 3
    assert (page["assets"], page["complete"], page["person"]) == ([], False, "matched")
    rest = site.page(cursor=page["next_cursor"])
    assert [one["label"] for one in rest["assets"]] == ["Laptop"]
    assert (rest["total"], rest["complete"], rest["next_cursor"]) == (1, True, None)


def test_what_assets_refuses_for_another_reason_is_no_empty_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = without_a_call_left(gone=False)
    search = site.shelf.search

    def refuse(aql: str, start: int, limit: int) -> Page:
        if "Assigned To" in aql:
            raise RequestRefused("400")
        return search(aql, start, limit)

    monkeypatch.setattr(site.shelf, "search", refuse)
    with pytest.raises(RequestRefused):
        site.page()


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
