"""What Atlassian allows for one key of a site, and how the pages and the imports share it.

Assets takes 1,000 AQL queries a minute of a key (facts, 1.10; the 2026 edition), and one key serves
both. An import takes half of them at most, and stands aside as soon as a page was told to wait.
Nothing here makes a page wait: it is told by Atlassian alone.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from app.errors import SlowDown
from app.outside.allowance import Allowance
from app.outside.answers import seconds_to_wait
from app.outside.http import Answer, HttpCaller
from app.words import Clock, InstanceId

# 100 at once and one each 150 ms: never more than 500 in a minute.
AT_ONCE: Final = 100
EVERY: Final = timedelta(milliseconds=150)
ASIDE: Final = 5.0  # seconds, where Atlassian does not say for how long
LONGEST_ASIDE: Final = 60.0  # then the import asks for itself
MOST_SITES: Final = 5_000
_QUERY: Final = "/object/aql"


class SiteQuota:
    """Of one site in this process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queries = Allowance(AT_ONCE, EVERY, clock)
        self._aside_until = datetime(2000, 1, 1, tzinfo=UTC)

    def take_for_import(self, url: str) -> None:
        """Raises SlowDown, with the seconds, where it is not the import's turn."""
        aside = (self._aside_until - self._clock()).total_seconds()
        if aside > 0:
            raise SlowDown("A page was asked to wait.", retry_after=aside)
        if urlsplit(url).path.endswith(_QUERY) and not self._queries.spend():
            raise SlowDown("The import's share is used.", retry_after=EVERY.total_seconds())

    def page_told_to_wait(self, seconds: float | None) -> None:
        aside = min(ASIDE if seconds is None else seconds, LONGEST_ASIDE)
        self._aside_until = max(self._aside_until, self._clock() + timedelta(seconds=aside))


class Quotas:
    """The quotas of one process. Bounded: a site that is forgotten starts with a whole share."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sites: OrderedDict[InstanceId, SiteQuota] = OrderedDict()
        self._guard = threading.Lock()

    def for_import(self, instance_id: InstanceId, http: HttpCaller) -> HttpCaller:
        """The caller of an import: it takes from its share before each call."""
        return _Caller(http, before=self._of(instance_id).take_for_import)

    def for_pages(self, instance_id: InstanceId, http: HttpCaller) -> HttpCaller:
        """The caller of a page: what it is told, the import hears."""
        return _Caller(http, told=self._of(instance_id).page_told_to_wait)

    def _of(self, instance_id: InstanceId) -> SiteQuota:
        with self._guard:
            quota = self._sites.setdefault(instance_id, SiteQuota(self._clock))
            self._sites.move_to_end(instance_id)
            while len(self._sites) > MOST_SITES:
                self._sites.popitem(last=False)
            return quota


class _Caller(HttpCaller):
    """Sends through another caller, which belongs to whoever made it."""

    def __init__(
        self,
        inner: HttpCaller,
        before: Callable[[str], None] = lambda _: None,
        told: Callable[[float | None], None] = lambda _: None,
    ) -> None:
        self._inner = inner
        self._before = before
        self._told = told

    def send(self, method: str, url: str, **how: Any) -> Answer:  # noqa: ANN401 - as HttpCaller.send
        """As `HttpCaller.send`; raises what `before` raises, and then nothing leaves."""
        self._before(url)
        answer = self._inner.send(method, url, **how)
        if answer.status == 429:
            self._told(seconds_to_wait(answer))
        return answer

    def close(self) -> None:
        """The inner caller is shared: who made it closes it."""
