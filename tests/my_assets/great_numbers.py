"""The long proof of My Assets: a great schema over HTTP, and drafts on thousands of random sites.

`make prove` runs it and writes docs/evidence/my-assets.md. The gate plays the same at small scale.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings

from app.my_assets.query import Query
from app.site_settings.documents import Visibility
from app.words import AccountId
from tests.my_assets.test_draft_effect import plans, test_the_effect_is_the_difference_of_two_lists
from tests.my_assets.test_draft_preview import test_with_the_saved_rules_it_is_the_persons_own_list
from tests.my_assets.test_over_http import ADA, INSTANCE, World
from tests.proofs import ROOT

OBJECTS, MINE = 100_000, 200
SITES = 3000
PAPER = ROOT / "docs/evidence/my-assets.md"
Line = tuple[str, str]


class GreatWorld(World):
    """Devices, of which Ada holds every five-hundredth; whoever asks for groups is counted."""

    def furnish(self) -> None:
        ada = self.put(self.person, Name="Ada", Entra_ID="e-1", Jira_account=ADA)
        other = self.put(self.person, Name="Other", Entra_ID="e-2", Jira_account="557058:keeper")
        space = self.cloud.workspace
        ids = {one.name: one.id for one in space.attributes_of(self.device)}
        for number in range(OBJECTS):
            of = ada if number % (OBJECTS // MINE) == 0 else other
            named = (f"Laptop {number:06}",)
            space.add_thing(self.device, {ids["Name"]: named, ids["Assigned To"]: (str(of),)})
        self.group_look_ups = 0

    def groups_of(self, account_id: AccountId) -> frozenset[str]:
        self.group_look_ups += 1
        return super().groups_of(account_id)

    def known_groups(self, group_ids: Collection[str]) -> frozenset[str]:
        self.group_look_ups += 1
        return super().known_groups(group_ids)


def great_schema() -> list[Line]:
    """Raises AssertionError if a page asks more, or gives less, than the contract says."""
    with ThreadPoolExecutor(4) as pool:
        world = GreatWorld(pool)
        try:
            world.furnish()
            lines = [page(world, "first page, cold"), page(world, "first page, warm")]
            lines += [
                page(world, "a search", search="laptop 0005"),
                page(world, "by time, descending", sort="-updated_at"),
            ]
            lines += [export(world), effect(world)]
            assert world.group_look_ups == 0
            return [*lines, ("group look-ups of all these", "0")]
        finally:
            world.cloud.stop()


def page(world: GreatWorld, name: str, **args: str) -> Line:
    world.cloud.forget_calls()
    begun = time.perf_counter()
    told = world.page(limit="200", **args)
    took = time.perf_counter() - begun
    assert world.aql_calls() <= 3
    assert told["complete"]
    assert "search" in args or told["total"] == MINE
    return name, f"{told['total']} rows, {world.aql_calls()} AQL calls, {took * 1000:,.0f} ms"


def export(world: GreatWorld) -> Line:
    begun = time.perf_counter()
    made = world.desk.export(INSTANCE, ADA, Query(), "csv")
    rows = made.content.count("\r\n") - 1
    assert rows == MINE
    return "export as CSV", f"{rows} rows, {(time.perf_counter() - begun) * 1000:,.0f} ms"


def effect(world: GreatWorld) -> Line:
    world.cloud.forget_calls()
    begun = time.perf_counter()
    draft = Visibility(hidden_object_types=(str(world.device),))
    told: Any = world.desk.drafts.effect(INSTANCE, ADA, draft)
    took = time.perf_counter() - begun
    assert told["assets"]["known"] == OBJECTS
    assert told["not_counted"] == ["assets"]
    counted = f"at least {told['assets']['disappear']:,} of {OBJECTS:,} assets would go"
    calls = f"{len(world.cloud.calls)} calls"
    return "effect of hiding the type", f"{counted}; {calls}, {took * 1000:,.0f} ms"


def random_sites() -> list[Line]:
    """The two property tests of drafts, on many more sites than the gate has time for."""
    many = settings(
        max_examples=SITES, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    for test in (
        test_the_effect_is_the_difference_of_two_lists,
        test_with_the_saved_rules_it_is_the_persons_own_list,
    ):
        many(given(plans)(test.hypothesis.inner_test))()  # type: ignore[attr-defined]
    return [
        ("sites on which the effect was the difference of two lists", f"{SITES:,}"),
        ("sites on which everyone's preview was their own list", f"{SITES:,}"),
    ]


def main() -> None:
    begun = time.time()
    lines = [*great_schema(), *random_sites()]
    took = time.time() - begun
    rows = "\n".join(f"| {name} | {found} |" for name, found in lines)
    PAPER.write_text(
        f"""# My Assets in great numbers

Written by `make prove` on {datetime.now(UTC):%Y-%m-%d}, in {took:,.0f} seconds.
`python -m tests.my_assets.great_numbers` repeats it.

A schema of {OBJECTS:,} objects, {MINE} of them one viewer's, behind the sandbox's Assets over HTTP
on loopback: so the times are the app's own and the stand-in's, not Atlassian's. Then drafts of the
visibility rules on random small sites, against the lists that people's own requests give.

| | |
|---|---|
{rows}
""",
        "utf-8",
    )


if __name__ == "__main__":
    main()
