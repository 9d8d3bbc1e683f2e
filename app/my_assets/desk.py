"""My Assets as one caller meets it: the list, the export, the explanation, the report.

Takes no id from a request on trust: the instance and the caller come from a verified token.
"""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Final

from app.errors import NotConfigured, ServiceFailed, ServiceUnreachable
from app.instances.reference import InstanceReference, stamp
from app.my_assets.asking import Questions
from app.my_assets.cursor import Place, question, read_cursor, write_cursor
from app.my_assets.drafts.desk import DraftDesk
from app.my_assets.explanation import explain
from app.my_assets.export import Export, write_export
from app.my_assets.leavers import MOST_CALLS as MOST_LEAVERS_CALLS
from app.my_assets.leavers import LeaversList
from app.my_assets.look import Look, Looker
from app.my_assets.paging import next_place, rows_from
from app.my_assets.ports import Alarms, Settings, Site
from app.my_assets.query import Format, Query
from app.my_assets.refused_links import RefusedLinks
from app.my_assets.report import Report
from app.my_assets.reporting import Reporting, told
from app.my_assets.rows import (
    Row,
    Window,
    counts_of,
    in_order,
    own_rows,
    total_of,
)
from app.my_assets.shares import Shares
from app.my_assets.shelf import CatalogueShelf
from app.my_assets.windows import read_rows
from app.said import Sentence
from app.sentences import CONNECT_ASSETS
from app.site_settings.documents import Visibility
from app.words import AccountId, Clock, Json

TOO_MANY: Final = Sentence(
    "mine.too_many", "There are too many assets to export at once. Filter them."
)

NOT_THE_VIEWERS: Final = "row_not_the_viewers"
MOST_EXPORT_CALLS: Final = 200


class MyAssetsDesk:
    """`pool` runs look-ups side by side; requests themselves must not run in its threads."""

    def __init__(
        self, settings: Settings, site: Site, alarms: Alarms, pool: Executor, clock: Clock
    ) -> None:
        self._settings = settings
        self._reporting = Reporting(settings, site)
        self._alarms = alarms
        self._clock = clock
        shares = Shares(pool)
        shelf = CatalogueShelf(shares, clock)
        self._site = site
        self._shelf = shelf
        self._looker = Looker(site, shelf, RefusedLinks(clock), shares, alarms)
        self.drafts = DraftDesk(settings, site, shelf, shares, clock)

    def page(self, instance: InstanceReference, caller: AccountId, query: Query) -> Json:
        """`GET /api/my-assets`. Raises NotConfigured, NotAllowed, InputRefused (cursor).

        `reporting`: whether a request type is chosen.
        `complete` false: there is more than one request reads (1,000 or so); `total` is then
        Assets' number, or counts what was read so far, and the following pages read on.
        `counts` are of the rows that one request reads.
        """
        asked = question(instance.instance_id, caller, query)
        place = read_cursor(query.cursor, asked)
        as_of = stamp(self._clock())
        look = self._looker.look(instance, caller, self._visibility(instance))
        look, window = read_rows(look, query, place)
        rows = self._rows(instance, look, window, query)
        first, given = rows_from(rows, place, query.limit)
        following = next_place(place, window, rows, first, given)
        return {
            "assets": [row.as_json() for row in given],
            "total": total_of(window, query, rows, place.counted),
            "complete": window.next_start is None,
            "next_cursor": write_cursor(following, asked) if following else None,
            "as_of": as_of,
            "person": look.person,
            "counts": counts_of(rows),
            "reporting": self._takes_reports(instance),
        }

    def export(
        self, instance: InstanceReference, caller: AccountId, query: Query, wanted: Format
    ) -> Export:
        """`GET /api/my-assets/export`: all rows. Raises as `page`."""
        as_of = self._clock()
        visibility = self._visibility(instance)
        look = self._looker.look(instance, caller, visibility, most_calls=MOST_EXPORT_CALLS)
        look, window = read_rows(look, query, Place(windows=MOST_EXPORT_CALLS))
        if window.next_start is not None:
            raise ServiceFailed(TOO_MANY())
        return write_export(self._rows(instance, look, window, query), wanted, as_of)

    def explanation(
        self,
        instance: InstanceReference,
        caller: AccountId,
        object_key: str,
        *,
        is_administrator: bool,
    ) -> Json:
        """`GET /api/my-assets/explanation`. Raises NotThere; NotAllowed but to administrators."""
        look = self._looker.look(
            instance, caller, self._visibility(instance), even_if_refused=is_administrator
        )
        return explain(look, object_key, is_administrator=is_administrator)

    def leavers(self, instance: InstanceReference, cursor: str | None = None) -> Json:
        """`GET /api/imports/leavers`: people marked as left who still hold assets.

        For administrators; the caller has checked that. Raises NotConfigured, InputRefused.
        """
        as_of = stamp(self._clock())
        rules = self._visibility(instance).owner_rules
        assets = self._site.assets(instance)
        catalogue = self._shelf.of(instance, assets, lambda: self._site.person_schema(instance))
        questions = Questions(assets, MOST_LEAVERS_CALLS, lambda: self._shelf.forget(instance))
        return {**LeaversList(catalogue, questions, rules).page(cursor), "as_of": as_of}

    def report(
        self, instance: InstanceReference, caller: AccountId, object_id: str, body: Json
    ) -> Json:
        """`POST /api/my-assets/{object_id}/report`. Raises InputRefused and as Reporting.send."""
        report = Report.parse(body)
        look = self._looker.look(instance, caller, self._visibility(instance))
        return told(instance, self._reporting.send(instance, caller, look, object_id, report))

    def reported(self, instance: InstanceReference, request_key: str) -> Json:
        """What `report` answered when it made this request."""
        return told(instance, request_key)

    def _takes_reports(self, instance: InstanceReference) -> bool:
        try:
            return self._settings.requests(instance) is not None
        except ServiceUnreachable:  # it does not open: the list does not need it
            return False

    def _visibility(self, instance: InstanceReference) -> Visibility:
        if self._settings.assets_access(instance) is None:
            raise NotConfigured(CONNECT_ASSETS())
        return self._settings.visibility(instance)

    def _rows(
        self, instance: InstanceReference, look: Look, window: Window, query: Query
    ) -> list[Row]:
        def on_stranger() -> None:
            self._alarms.raise_(NOT_THE_VIEWERS, instance.instance_id)

        return in_order(own_rows(look, window.assets, query, on_stranger), query.sort)
