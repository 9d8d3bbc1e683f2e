"""What Assets holds is read with a few pages under way at once, in order, whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.errors import ServiceUnreachable, SlowDown
from app.imports.assets.listing import AT_ONCE, Listing
from app.imports.legs.worker import ImportWorker
from app.imports.run.patience import Patience, RunEnds, Steps
from app.inventory import AssetObject, Page
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import START, ImportWorld

LIMIT = 30.0  # seconds: a test that hangs fails


class Shelf:
    """Assets with numbered objects; `cap` is how many it gives at most. Safe among threads."""

    def __init__(self, count: int, cap: int = 10) -> None:
        self.count = count
        self.cap = cap
        self.asked: list[int] = []
        self.under_way = 0
        self.most_under_way = 0
        self.before: Callable[[int], None] = lambda start: None
        self.shorter: dict[int, int] = {}
        self._lock = threading.Lock()

    def search(self, aql: str, start: int, limit: int) -> Page:
        with self._lock:
            self.asked.append(start)
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            self.before(start)
            size = self.shorter.get(start, min(limit, self.cap))
            stop = min(start + size, self.count)
            found = [AssetObject(str(n), f"C-{n}", "", "1", {}) for n in range(start, stop)]
            return Page(tuple(found), stop >= self.count, {})
        finally:
            with self._lock:
                self.under_way -= 1


class Work:
    """As much of a run's work as a listing needs."""

    def __init__(self, shelf: Shelf, ahead: ThreadPoolExecutor | None) -> None:
        self.assets = shelf
        self.ahead = ahead
        self.looks: list[int] = []
        self.patience = Patience(lambda: self.looks.append(1), START.replace(day=22),
                                 lambda: START, bytes)  # fmt: skip


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(8)
    yield pool
    pool.shutdown(wait=True)


def everything(listing: Listing) -> tuple[list[int], list[float]]:
    """The numbers in the order they came, and the waits in between."""

    def steps() -> Steps[list[int]]:
        found: list[int] = []
        while (page := (yield from listing.next())) is not None:
            found += [int(each.id) for each in page]
        return found

    waits, going = [], steps()
    while True:
        try:
            waits.append(next(going).seconds)
        except StopIteration as over:
            return over.value, waits


def listing(shelf: Shelf, ahead: ThreadPoolExecutor | None, total: int | None = None) -> Listing:
    return Listing(Work(shelf, ahead), "q", shelf.count if total is None else total)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 40, 41, 95, 100])
@pytest.mark.parametrize("told", [-25, -1, 0, 1, 25])
def test_every_object_comes_once_and_in_order_whatever_was_counted(
    count: int, told: int, threads: ThreadPoolExecutor
) -> None:
    shelf = Shelf(count)
    found, _ = everything(listing(shelf, threads, max(0, count + told)))
    assert found == list(range(count))


def test_exactly_four_pages_are_under_way_at_most(threads: ThreadPoolExecutor) -> None:
    shelf = Shelf(200)
    met = threading.Barrier(AT_ONCE)
    shelf.before = lambda start: start and start <= 160 and met.wait(LIMIT)  # type: ignore[assignment,return-value]
    found, _ = everything(listing(shelf, threads))
    assert found == list(range(200))
    assert shelf.most_under_way == AT_ONCE == 4
    assert len(shelf.asked) == 20


@pytest.mark.parametrize("place", [0, 10, 20, 50, 90])
def test_a_page_that_is_shorter_than_the_others_leaves_no_gap(
    place: int, threads: ThreadPoolExecutor
) -> None:
    shelf = Shelf(100)
    shelf.shorter[place] = 3
    found, _ = everything(listing(shelf, threads))
    assert found == list(range(100))


def test_a_short_page_does_not_make_all_later_ones_short(threads: ThreadPoolExecutor) -> None:
    shelf = Shelf(1000)
    shelf.shorter[30] = 1
    everything(listing(shelf, threads))
    assert len(shelf.asked) < 110


def test_a_page_that_fails_is_asked_again_and_order_is_kept(threads: ThreadPoolExecutor) -> None:
    shelf = Shelf(100)
    failed: list[int] = []

    def before(start: int) -> None:
        if start == 30 and not failed:
            failed.append(start)
            raise ServiceUnreachable("500")

    shelf.before = before
    found, waits = everything(listing(shelf, threads))
    assert found == list(range(100))
    assert len(waits) == 1


def test_nothing_is_asked_while_assets_wants_us_to_wait(threads: ThreadPoolExecutor) -> None:
    shelf = Shelf(200)
    stopped: list[int] = []

    def before(start: int) -> None:
        if start == 20 and not stopped:
            stopped.append(start)
            raise SlowDown("wait", retry_after=9.0)

    shelf.before = before
    work = Work(shelf, threads)
    reading = Listing(work, "q", 200)  # type: ignore[arg-type]

    def steps() -> Steps[None]:
        while (yield from reading.next()) is not None:
            pass

    going = steps()
    assert next(going).seconds == 9.0
    while shelf.under_way:  # those that had left already
        pass
    asked = len(shelf.asked)
    assert not reading._coming
    assert len(shelf.asked) == asked
    with pytest.raises(StopIteration):
        next(going)


def test_a_run_that_is_over_asks_for_no_further_page() -> None:
    shelf, single = Shelf(100), ThreadPoolExecutor(1)
    work = Work(shelf, single)
    hold = threading.Event()
    shelf.before = lambda start: start == 10 and hold.wait(LIMIT)  # type: ignore[assignment,return-value]
    reading = Listing(work, "q", 100)  # type: ignore[arg-type]
    with pytest.raises(StopIteration):
        next(reading.next())

    def over() -> None:
        raise RunEnds("cancelled", "cancelled")

    work.patience.check = over
    hold.set()
    single.shutdown(wait=True)
    assert shelf.asked == [0, 10], "what queued behind looks before it leaves"


def test_without_a_count_or_without_threads_one_page_follows_the_other(
    threads: ThreadPoolExecutor,
) -> None:
    for reading in (Listing(Work(Shelf(35), threads), "q"), listing(Shelf(35), None)):  # type: ignore[arg-type]
        found, _ = everything(reading)
        assert found == list(range(35))


def threaded_world(people: int) -> tuple[ImportWorld, ThreadPoolExecutor]:
    world = ImportWorld()
    world.graph.people_by_id = {f"{n:x}-id": Person(f"{n:x}-id", f"P {n}") for n in range(people)}
    pool = ThreadPoolExecutor(8)
    world.worker = ImportWorker(
        world.runs, world.connected, world.clock, lambda size: bytes(size), world.clock.wait, pool
    )
    return world, pool


def test_a_run_that_reads_ahead_ends_like_one_that_does_not() -> None:
    world, pool = threaded_world(60)
    first = world.run()
    world.assets.writes.clear()
    second = world.run()
    pool.shutdown()
    assert (first["state"], second["state"]) == ("succeeded", "succeeded")
    assert (second["counts"]["unchanged"], world.assets.writes) == (60, [])


@pytest.mark.parametrize("heals", [True, False])
def test_what_is_not_as_many_as_counted_is_read_by_shards_or_fails(heals: bool) -> None:
    world, pool = threaded_world(60)
    world.run()
    world.assets.writes.clear()
    real, queries = world.assets.search, list[str]()

    def drops_one(aql: str, start: int, limit: int) -> Page:
        queries.append(aql)
        page = real(aql, start, limit)
        if "STARTSWITH" in aql and heals:
            return page
        kept = tuple(each for each in page.objects if each.label != "" or each.id[-1] != "7")
        return Page(kept or page.objects, page.last, {})

    world.assets.search = drops_one  # type: ignore[method-assign]
    run = world.run()
    pool.shutdown()
    assert any("STARTSWITH" in each for each in queries)
    assert world.assets.writes == []
    if heals:
        assert (run["state"], run["counts"]["unchanged"]) == ("succeeded", 60)
    else:
        assert (run["state"], run["reason"]) == ("failed", "assets_incomplete")


def test_a_list_without_any_type_that_the_import_fills_is_not_believed() -> None:
    """Whoever may not see them, and was answered all the same, would make everything anew."""
    world, pool = threaded_world(3)
    world.run()
    world.assets.writes.clear()
    world.assets.object_types = lambda _schema_id: ()  # type: ignore[method-assign]
    run = world.run()
    pool.shutdown()
    assert (run["state"], run["reason"]) == ("failed", "assets_incomplete")
    assert world.assets.writes == []
