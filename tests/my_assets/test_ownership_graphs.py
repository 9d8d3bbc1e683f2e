"""Random sites: everyone sees all of theirs and nothing else, and the explanation agrees."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import NotThere
from app.inventory import AssetObject
from app.my_assets.who import SiteUser
from app.words import AccountId
from tests.stand_ins.assets import account
from tests.stand_ins.my_assets_site import MyAssetsSite

VIEWERS = [AccountId(f"557058:{name}") for name in ("ada", "bob", "cyd")]
NAMES = ["Sam", "Sam", VIEWERS[0]]  # display names: twins, and one that is another's account
ADDRESSES = ["sam@example.com", "Sam@Example.com", "joesam@example.com"]
people = st.integers(0, len(VIEWERS) - 1)


@dataclass(frozen=True)
class Plan:
    """Who is linked, who shares an address, who holds what, and what is hidden."""

    linked: tuple[bool, ...]
    addresses: tuple[int, ...]
    devices: tuple[frozenset[int], ...]  # of people by `Assigned To`
    phones: tuple[frozenset[int], ...]  # of accounts by `Owner`
    hide_phones: bool
    hide_devices: bool
    more_follows: bool
    per_page: int


holders = st.lists(st.frozensets(people, max_size=2), max_size=8).map(tuple)
plans = st.builds(
    Plan,
    linked=st.tuples(*[st.booleans()] * len(VIEWERS)),
    addresses=st.tuples(*[st.integers(0, 2)] * len(VIEWERS)),
    devices=holders,
    phones=holders,
    hide_phones=st.booleans(),
    hide_devices=st.booleans(),
    more_follows=st.booleans(),
    per_page=st.sampled_from([9, 500]),
)


class Built:
    """The site of a plan, and what the contract says each viewer is to see of it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.site = MyAssetsSite()
        self.site.shelf.says_last = not plan.more_follows
        self.site.shelf.most_per_page = plan.per_page
        self.persons = [
            self.site.person(
                f"e-{number}",
                email=ADDRESSES[plan.addresses[number]],
                linked_to=viewer if plan.linked[number] else "",
            )
            for number, viewer in enumerate(VIEWERS)
        ]
        for number, viewer in enumerate(VIEWERS):
            address = ADDRESSES[plan.addresses[number]]
            self.site.directory.users[viewer] = SiteUser(address, "atlassian")
        self.devices = [self._device(held) for held in plan.devices]
        self.phones = [self._phone(held) for held in plan.phones]
        hidden = [self.site.phone_type] * plan.hide_phones
        hidden += [self.site.device_type] * plan.hide_devices
        self.site.save(hidden_object_types=hidden)

    def _device(self, held: frozenset[int]) -> AssetObject:
        refs = [self.site.shelf.to(self.persons[one]) for one in sorted(held)]
        return self.site.shelf.add(self.site.device_type, "Device", Assigned_To=refs)

    def _phone(self, held: frozenset[int]) -> AssetObject:
        owners = [account(VIEWERS[one], NAMES[one]) for one in sorted(held)]
        return self.site.shelf.add(self.site.phone_type, "Phone", Owner=owners)

    def person_of(self, viewer: int, linked: set[int]) -> bool:
        """Whether the viewer is matched, `linked` being who has a Jira account by now."""
        if viewer in linked:
            return True
        mine = ADDRESSES[self.plan.addresses[viewer]].lower()
        same = [
            one
            for one in range(len(VIEWERS))
            if ADDRESSES[self.plan.addresses[one]].lower() == mine
        ]
        return same == [viewer]

    def owned(self, viewer: int, *, matched: bool) -> set[str]:
        """Keys of what is the viewer's, hidden or not."""
        phones = zip(self.phones, self.plan.phones, strict=True)
        devices = zip(self.devices, self.plan.devices, strict=True)
        found = {one.key for one, held in phones if viewer in held}
        return found | {one.key for one, held in devices if matched and viewer in held}

    def visible(self, keys: set[str]) -> set[str]:
        hidden = {one.key for one in self.phones if self.plan.hide_phones}
        hidden |= {one.key for one in self.devices if self.plan.hide_devices}
        return keys - hidden


def all_rows(site: MyAssetsSite, viewer: AccountId) -> tuple[list[str], int]:
    keys: list[str] = []
    cursor = None
    while True:
        site.shelf.calls.clear()
        args = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = site.page(viewer, **args)
        assert site.shelf.aql_calls() <= 3
        keys += [one["object_key"] for one in page["assets"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return keys, page["total"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans)
def test_everyone_sees_all_of_theirs_and_nothing_else(plan: Plan) -> None:
    built = Built(plan)
    linked = {number for number in range(len(VIEWERS)) if plan.linked[number]}
    for number, viewer in enumerate(VIEWERS):
        matched = built.person_of(number, linked)
        if matched:
            linked.add(number)
        owned = built.owned(number, matched=matched)
        keys, total = all_rows(built.site, viewer)
        assert len(keys) == len(set(keys)) == total
        assert set(keys) == built.visible(owned)
        explains(built, viewer, owned)


def explains(built: Built, viewer: AccountId, owned: set[str]) -> None:
    """The explanation says of every object exactly what the list says of it."""
    for asset in [*built.devices, *built.phones, *built.persons]:
        if asset.key not in owned:
            with pytest.raises(NotThere):
                built.site.desk.explanation(
                    built.site.instance, viewer, asset.key, is_administrator=False
                )
            continue
        told = built.site.desk.explanation(
            built.site.instance, viewer, asset.key, is_administrator=False
        )
        assert told["visible"] is (asset.key in built.visible(owned))
        assert told["reasons"]
