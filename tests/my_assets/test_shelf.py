"""Catalogues in memory: short-lived, one an instance and life, loaded once at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.errors import NotThere, ServiceFailed, ServiceUnreachable
from app.inventory import Schema
from app.my_assets.shares import Shares
from app.my_assets.shelf import (
    KEPT_FOR,
    KEPT_WITHOUT_PEOPLE,
    MOST_INSTANCES,
    MOST_WAIT_SECONDS,
    CatalogueShelf,
)
from app.words import Generation, InstanceId
from tests.stand_ins.assets import AssetsShelf
from tests.stand_ins.my_assets_site import AtOnce, MyAssetsSite


def no_schema() -> None:
    """The schema of the import is not known."""


def test_a_catalogue_is_kept_no_longer_than_a_minute() -> None:
    assert KEPT_FOR.total_seconds() <= 60
    assert KEPT_WITHOUT_PEOPLE < KEPT_FOR


def test_a_new_life_of_an_instance_starts_with_an_empty_place() -> None:
    site = MyAssetsSite()
    site.page()
    before = site.shelf.calls.count("schemas")
    site.instance = replace(site.instance, generation=Generation("one-2"))
    site.page()
    assert site.shelf.calls.count("schemas") == before + 1


def test_people_are_found_soon_after_the_first_import() -> None:
    site = MyAssetsSite()
    people = site.shelf.types.pop(site.person_type)
    site.page()
    site.shelf.types[people.id] = people
    site.person("e-ada", linked_to="557058:ada")
    site.later(KEPT_WITHOUT_PEOPLE.total_seconds())
    assert site.page()["person"] == "matched"


def test_one_instance_never_sees_the_catalogue_of_another() -> None:
    site, other = MyAssetsSite("one"), MyAssetsSite("two")
    shelf = CatalogueShelf(Shares(AtOnce()), lambda: site.now)
    other.shelf.add_type(other.stock, "Only there")
    names = [
        {one.name for one in shelf.of(here.instance, here.shelf, no_schema).types.values()}
        for here in (site, other)
    ]
    assert [("Only there" in found) for found in names] == [False, True]


def test_many_requests_at_once_load_it_once() -> None:
    site = MyAssetsSite()
    with ThreadPoolExecutor(4) as pool:
        shelf = CatalogueShelf(Shares(pool), lambda: datetime(2026, 1, 1, tzinfo=UTC))
        together = threading.Barrier(8)

        def ask() -> None:
            together.wait()
            shelf.of(site.instance, site.shelf, no_schema)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert site.shelf.calls.count("schemas") == 1


def test_who_waits_too_long_for_anothers_loading_is_told_to_come_back() -> None:
    site, other = MyAssetsSite("one"), MyAssetsSite("two")
    shelf = CatalogueShelf(Shares(AtOnce()), lambda: site.now, most_wait_seconds=0.005)
    asked, answers = threading.Event(), threading.Event()
    schemas = site.shelf.schemas

    def hang() -> list[Schema]:
        asked.set()
        answers.wait(30)
        return schemas()

    site.shelf.schemas = hang  # type: ignore[method-assign]
    loading = threading.Thread(target=shelf.of, args=(site.instance, site.shelf, no_schema))
    loading.start()
    asked.wait(30)
    with pytest.raises(ServiceUnreachable) as refused:
        shelf.of(site.instance, site.shelf, no_schema)
    assert refused.value.retry_after == 0.005
    assert shelf.of(other.instance, other.shelf, no_schema).types
    answers.set()
    loading.join()
    assert shelf.of(site.instance, site.shelf, no_schema).types
    assert site.shelf.calls.count("schemas") == 1


def test_a_failed_loading_leaves_the_place_to_the_next_request() -> None:
    site = MyAssetsSite()
    shelf = CatalogueShelf(Shares(AtOnce()), lambda: site.now, most_wait_seconds=0.005)
    site.shelf.fails_with = NotThere()
    with pytest.raises(ServiceFailed):
        shelf.of(site.instance, site.shelf, no_schema)
    site.shelf.fails_with = None
    assert shelf.of(site.instance, site.shelf, no_schema).types


def test_the_wait_for_anothers_loading_is_short() -> None:
    assert MOST_WAIT_SECONDS <= 10


def test_the_number_of_catalogues_is_bounded() -> None:
    site = MyAssetsSite()
    empty = AssetsShelf()
    shelf = CatalogueShelf(Shares(AtOnce()), lambda: site.now)
    for number in range(MOST_INSTANCES + 20):
        shelf.of(replace(site.instance, instance_id=InstanceId(str(number))), empty, no_schema)
    assert len(shelf._places) == MOST_INSTANCES
