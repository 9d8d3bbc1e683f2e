"""An uninstall while a request is under way: what stands before each call stops it, for all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.errors import SettingsUnreadable
from app.my_assets.query import Query
from app.my_assets.who import SiteUser
from tests.stand_ins.my_assets_site import ADA, MyAssetsSite

GONE = SettingsUnreadable("This site is no longer installed.")

Ask = Callable[[MyAssetsSite], object]


def page(site: MyAssetsSite) -> object:
    return site.page()


def export(site: MyAssetsSite) -> object:
    return site.desk.export(site.instance, ADA, Query(), "csv")


def explanation(site: MyAssetsSite) -> object:
    return site.desk.explanation(site.instance, ADA, "STOCK-1", is_administrator=True)


def busy_site() -> MyAssetsSite:
    """One that is asked for everything: groups, account, types, a person to link, many pages."""
    site = MyAssetsSite()
    site.directory.users[ADA] = SiteUser("ada@example.com", "atlassian")
    site.directory.groups = {"g"}
    site.save(access={"mode": "restrict", "groups": ["g"]})
    ada = site.person("e-ada", email="ada@example.com")
    for number in range(12):
        site.device(f"Laptop {number}", of=ada)
    site.shelf.most_per_page = 5
    return site


def uninstalled_before(site: MyAssetsSite, call: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """From this call on, none leaves. Gives the names of those that were tried."""
    tried: list[str] = []

    def stop(name: str) -> None:
        tried.append(name)
        if len(tried) > call:
            raise GONE

    monkeypatch.setattr(site.shelf, "_called", stop)
    monkeypatch.setattr(site.directory, "_called", stop)
    return tried


@pytest.mark.parametrize("ask", [page, export, explanation])
def test_whichever_call_is_stopped_the_request_fails_with_that_very_error(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = busy_site()
    every = uninstalled_before(site, 10_000, monkeypatch)
    ask(site)
    assert {"user", "groups_of", "known_groups", "schemas", "search", "update"} <= {*every}
    for call in range(len(every)):
        site = busy_site()
        tried = uninstalled_before(site, call, monkeypatch)
        with pytest.raises(SettingsUnreadable) as stopped:
            ask(site)
        assert (stopped.value is GONE, every[: call + 1]) == (True, tried[: call + 1])
        assert site.alarms == []


def test_an_export_makes_no_further_call_once_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = busy_site()
    export(site)
    site.shelf.most_per_page = 1
    tried = uninstalled_before(site, 8, monkeypatch)
    with pytest.raises(SettingsUnreadable):
        export(site)
    assert (len(tried), tried[-1]) == (9, "search")
