"""The pass of Jira accounts: optional, within its budget, resumed, and in no import's way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from app.errors import (
    Clash,
    InputRefused,
    NotAllowed,
    RequestRefused,
    ServiceUnreachable,
    SettingsUnreadable,
    SlowDown,
)
from app.imports.accounts.pass_state import PassState, packed, unpacked
from app.imports.desk.pass_ticks import PassTicks
from app.imports.desk.schedule import Scheduler
from app.my_assets.account_links import AccountLinking, AccountLinks
from app.site import Account
from app.words import AccountId, Json
from tests.stand_ins.assets import account
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import ImportWorld
from tests.stand_ins.my_assets_site import AtOnce, MyAssetsSite


def person_account(name: str, email: str | None = "", kind: str = "atlassian") -> Account:
    shown = f"{name}@one.example" if email == "" else email
    return Account(AccountId(f"a-{name}"), name, shown, active=True, kind=kind)


class Company:
    """Imports and My Assets of one site; people are in Assets already."""

    def __init__(self, people: int = 0, an_hour: int = 2_000) -> None:
        self.site = MyAssetsSite("instance-1")
        self.world = ImportWorld()
        self.world.rule(link_accounts={"people_an_hour": an_hour})
        linking = AccountLinking(self.site, self.site, AtOnce(), self.world.clock)
        self.world.connected.linking = partial(self.links, linking)
        self.ticks = PassTicks(self.world.connected, self.world.desk)
        self.people = [
            self.site.person(f"e{n:04}", email=f"p{n}@one.example") for n in range(people)
        ]

    def links(self, linking: AccountLinking, spared: Sequence[str] = ()) -> AccountLinks:
        return linking.of(self.site.instance, spared)

    def has(self, *accounts: Account) -> None:
        self.site.directory.accounts.extend(accounts)

    def all_have_accounts(self) -> None:
        self.has(*(person_account(f"p{n}") for n in range(len(self.people))))

    def run(self) -> Json:
        return self.world.run("accounts")

    def linked(self) -> dict[str, str]:
        return {
            object_id: values.popitem()[1][0]
            for object_id, _, values in [(o, t, dict(v)) for o, t, v in self.site.shelf.updates]
        }

    def looked_up(self) -> int:
        return self.site.directory.calls.count("found_by")

    def state(self) -> PassState:
        found = unpacked(self.world.connected.passes.content or b"")
        assert found is not None
        return found

    def tick(self) -> list[str]:
        """One tick of the scheduler; gives the modes of the runs that are there then."""
        there = self.world.table.read(self.world.instance.instance_id)
        assert there is not None
        has = self.world.connected.passes.content is not None
        self.ticks.look(
            replace(there, part_keys={"account-pass": {}} if has else {}), self.world.clock()
        )
        self.world.work_off()
        return [str(run["mode"]) for run in self.world.desk.list(self.world.instance)]


def test_everybody_with_one_account_of_their_address_is_linked_and_the_others_are_counted() -> None:
    company = Company(people=4)
    company.has(person_account("p0"), person_account("p2", "P2@One.Example"))
    company.has(
        person_account("p3"), Account(AccountId("a-twin"), "T", "p3@one.example", True, "x")
    )
    run = company.run()
    assert (run["state"], run["reason"]) == ("succeeded", None)
    assert company.linked() == {company.people[0].id: "a-p0", company.people[2].id: "a-p2"}
    assert run["counts"] == {
        "create": 0, "update": 2, "unchanged": 0, "leavers": 0, "skipped": 2, "failed": 0,
    }  # fmt: skip
    assert run["progress"] == {"done": 4, "total": 4}


@pytest.mark.parametrize(
    "found",
    [
        person_account("p0", None),
        person_account("p0", "p0@one.example.org"),
        person_account("p0", "p0@one.example", kind="app"),
        replace(person_account("p0"), active=False),
    ],
    ids=["hidden", "only begins like it", "an app", "switched off"],
)
def test_an_account_that_only_looks_alike_is_not_linked(found: Account) -> None:
    company = Company(people=1)
    company.has(found)
    assert company.run()["counts"]["skipped"] == 1
    assert company.linked() == {}


def test_where_a_search_gives_as_many_as_it_may_nobody_is_linked() -> None:
    company = Company(people=1)
    crowd = [Account(AccountId(f"c{n}"), "p0@one.example", None, True, "x") for n in range(49)]
    company.has(person_account("p0"), *crowd)
    assert company.run()["counts"]["skipped"] == 1


def test_two_people_of_one_address_are_none_and_an_alarm() -> None:
    company = Company(people=1)
    company.site.person("e-twin", email="P0@one.example")
    company.has(person_account("p0"))
    assert company.run()["counts"]["skipped"] == 2
    assert company.linked() == {}
    assert {name for name, _ in company.site.alarms} == {"two_persons_for_one_viewer"}


def test_an_account_that_is_somebody_elses_is_not_taken_from_them() -> None:
    company = Company(people=1)
    company.site.person("e-old", email="old@one.example", linked_to="a-p0")
    company.has(person_account("p0"))
    assert company.run()["counts"]["skipped"] == 1
    assert company.linked() == {}


def test_whoever_is_linked_or_has_no_address_is_not_looked_up() -> None:
    company = Company(people=2)
    company.site.person("e-no-mail")
    company.site.shelf.add(
        company.site.person_type, "Linked", Entra_ID="e-z", Email="z@one.example",
        Jira_account=account("a-z"),
    )  # fmt: skip
    company.run()
    assert company.looked_up() == 2


def test_everybody_is_looked_up_once_although_who_is_linked_leaves_the_list() -> None:
    company = Company(people=180)
    company.all_have_accounts()
    company.site.shelf.most_per_page = 20
    run = company.run()
    assert run["counts"]["update"] == len(company.linked()) == company.looked_up() == 180


def test_no_more_than_the_budget_is_looked_up_in_an_hour_and_it_goes_on_by_itself() -> None:
    company = Company(people=100, an_hour=30)
    company.all_have_accounts()
    run = company.run()
    assert (run["state"], run["reason"]) == ("succeeded", "accounts_go_on")
    assert "70 of 100 people are left" in run["next_step"]
    assert (run["counts"]["update"], company.looked_up()) == (30, 30)
    looked_up = []
    for _ in range(8):
        company.world.clock.wait(30 * 60)
        company.tick()
        looked_up.append(company.looked_up())
    assert looked_up == [30, 60, 60, 90, 90, 100, 100, 100]
    (only,) = company.world.desk.list(company.world.instance)
    assert (only["counts"]["update"], only["reason"]) == (100, None)


def test_a_part_that_fails_tells_what_the_parts_before_it_did() -> None:
    company = Company(people=9, an_hour=3)
    company.run()
    company.world.clock.wait(4_000)
    company.site.directory.fails["found_by"] = ServiceUnreachable()
    company.tick()
    (only,) = company.world.desk.list(company.world.instance)
    assert (only["state"], only["counts"]["skipped"]) == ("failed", 3)


def test_a_run_that_is_started_by_hand_has_no_budget_of_its_own() -> None:
    company = Company(people=50, an_hour=30)
    company.run()
    company.world.clock.wait(3_000)
    assert company.run()["reason"] == "accounts_go_on"
    assert company.looked_up() == 30


def test_a_new_pass_begins_a_day_after_the_last_one_ended() -> None:
    company = Company(people=3)
    company.run()
    company.world.clock.wait(86_399)
    assert company.tick() == ["accounts"]
    company.world.clock.wait(2)
    assert company.tick() == ["accounts", "accounts"]
    assert company.looked_up() == 6


def test_a_pass_that_is_killed_goes_on_and_what_was_asked_counts() -> None:
    class Killed(BaseException):
        pass

    company = Company(people=200, an_hour=120)
    company.all_have_accounts()
    shelf = company.site.shelf
    write = shelf.update

    def die(*given: object) -> None:
        if len(shelf.updates) == 70:
            raise Killed
        write(*given)  # type: ignore[arg-type]

    shelf.update = die  # type: ignore[method-assign]
    run_id = company.world.start("accounts")
    with pytest.raises(Killed):
        company.world.work_off()
    shelf.update = write  # type: ignore[method-assign]
    company.world.worker = company.world.new_worker()
    company.world.clock.wait(60)
    company.world.work_off()
    run = company.world.desk.get(company.world.instance, run_id)
    assert (run["state"], run["reason"]) == ("succeeded", "accounts_go_on")
    assert company.looked_up() <= 120 + 1
    assert len(set(company.linked())) == len(company.site.shelf.updates) == 90


def test_a_wait_that_jira_asks_for_is_handed_back_and_then_it_goes_on() -> None:
    company = Company(people=2)
    company.all_have_accounts()
    company.site.directory.fails["found_by"] = SlowDown(retry_after=120)
    run_id = company.world.start("accounts")
    began = company.world.clock()
    outcome = company.world.worker.work(company.world.queue.messages[0])
    assert outcome.again is not None
    company.site.directory.fails.clear()
    company.world.work_off()
    assert company.world.clock() - began >= timedelta(seconds=120)
    assert company.world.desk.get(company.world.instance, run_id)["counts"]["update"] == 2


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (ServiceUnreachable(), "jira_failed"),
        (NotAllowed(), "jira_refused"),
        (SettingsUnreadable(), "settings_unreadable"),
    ],
)
def test_a_pass_that_fails_says_why_and_tries_again_an_hour_later(
    fault: Exception, reason: str
) -> None:
    company = Company(people=2)
    company.site.directory.fails["found_by"] = fault
    run = company.run()
    assert (run["state"], run["reason"]) == ("failed", reason)
    assert run["next_step"]
    assert company.tick() == ["accounts"]
    company.world.clock.wait(3_601)
    company.site.directory.fails.clear()
    assert company.tick() == ["accounts", "accounts"]


def test_one_account_that_assets_does_not_take_stops_nobody_else() -> None:
    company = Company(people=3)
    company.all_have_accounts()
    write = company.site.shelf.update

    def refuse(object_id: str, *given: object) -> None:
        if object_id == company.people[1].id:
            raise RequestRefused
        write(object_id, *given)  # type: ignore[arg-type]

    company.site.shelf.update = refuse  # type: ignore[method-assign]
    counts = company.run()["counts"]
    assert (counts["update"], counts["failed"]) == (2, 1)
    assert ("person_not_linked", "instance-1") in company.site.alarms


def test_cancelling_stops_before_the_next_person() -> None:
    company = Company(people=100)
    company.all_have_accounts()
    search = company.site.directory.found_by
    run_id = company.world.start("accounts")

    def cancel(words: str) -> tuple[Account, ...]:
        if company.looked_up() == 10:
            company.world.desk.cancel(company.world.instance, run_id)
        company.world.clock.wait(2)
        return search(words)

    company.site.directory.found_by = cancel  # type: ignore[method-assign]
    company.world.work_off()
    run = company.world.desk.get(company.world.instance, run_id)
    assert (run["state"], company.looked_up()) == ("cancelled", 11)


def test_without_the_switch_nothing_is_looked_up_or_begun() -> None:
    company = Company(people=2)
    company.world.rule(link_accounts=None)
    company.world.graph.people_by_id["p1"] = Person("p1", "P")
    company.world.run()
    assert company.world.connected.passes.content is None
    with pytest.raises(Clash) as refused:
        company.run()
    assert [problem.field for problem in refused.value.problems] == ["link_accounts"]
    assert company.looked_up() == 0


def test_an_import_with_the_switch_on_begins_the_first_pass() -> None:
    company = Company(people=2)
    assert company.tick() == []
    company.world.graph.people_by_id["p1"] = Person("p1", "P")
    assert company.world.run()["state"] == "succeeded"
    assert company.tick() == ["accounts", "full"]
    assert company.looked_up() == 2


def test_a_pass_that_cannot_be_asked_for_spoils_no_import() -> None:
    company = Company()
    company.world.connected.passes.fault = ServiceUnreachable()
    assert company.world.run()["state"] == "succeeded"


def test_a_switch_that_is_off_again_ends_it_and_forgets_where_it_stood() -> None:
    company = Company(people=9, an_hour=3)
    company.run()
    company.world.rule(link_accounts=None)
    company.world.clock.wait(4_000)
    assert company.tick() == ["accounts"]
    assert company.world.connected.passes.content is None


@pytest.mark.parametrize("lack", ["consent", "licence"])
def test_what_stops_scheduled_imports_stops_it_too(lack: str) -> None:
    company = Company(people=9, an_hour=3)
    company.run()
    company.world.clock.wait(4_000)
    company.world.connected.consent = lack != "consent"
    if lack == "licence":
        company.ticks = PassTicks(company.world.connected, company.world.desk, lambda _: False)
    assert company.tick() == ["accounts"]


def test_where_it_stood_is_lost_it_begins_anew() -> None:
    company = Company(people=9, an_hour=3)
    company.run()
    company.world.connected.passes.content = b"no such document"
    company.world.clock.wait(4_000)
    company.tick()
    assert company.state().left == 6
    company.world.connected.passes.fault = SettingsUnreadable()
    assert company.run()["reason"] == "settings_unreadable"


def test_before_the_first_import_there_is_nobody_to_look_up() -> None:
    company = Company()
    company.site.shelf.types.pop(company.site.person_type)
    run = company.run()
    assert (run["state"], run["progress"]) == ("succeeded", {"done": 0, "total": 0})


def test_a_due_import_waits_for_the_pass_and_never_runs_beside_it() -> None:
    company = Company(people=1)
    company.world.start("accounts")
    with pytest.raises(Clash):
        company.world.start()
    scheduler = Scheduler(company.world.table, company.world.connected, company.world.desk)
    assert scheduler.tick(company.world.clock()) == 0


def test_a_pass_follows_no_preview() -> None:
    with pytest.raises(InputRefused):
        Company().world.start("accounts", preview="p")


def test_its_document_holds_numbers_and_times_only() -> None:
    company = Company(people=5, an_hour=2)
    company.all_have_accounts()
    company.run()
    content = company.world.connected.passes.content or b""
    assert unpacked(content) == company.state()
    assert packed(company.state()) == content
    assert b"e0" not in content
    assert b"@" not in content
