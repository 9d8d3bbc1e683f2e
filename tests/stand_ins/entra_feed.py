"""What changed in the small directory since a link was made: it remembers how all was then.

As awkward as Graph: pages may be empty, records come again, only what changed is named.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.imports.kinds.records import RowPage
from app.imports.run.feed import LinkExpired, NoFeed

if TYPE_CHECKING:
    from tests.stand_ins.entra_directory import EntraDirectory

USER = "#microsoft.graph.user"
Rows = dict[str, dict[str, Any]]
GONE: Mapping[str, Any] = {"@removed": {"reason": "deleted"}}


@dataclass
class EntraFeed:
    """`expired` links answer 410; `without` are kinds that have no feed; `more` comes at the end
    of a round, by kind. `minimal` off: changed records name every value that is set."""

    directory: Callable[[], EntraDirectory]
    expired: bool = False
    without: frozenset[str] = frozenset()
    minimal: bool = True
    filters: bool = True
    more: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    then: list[dict[str, Rows]] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)

    def mark(self, kind: str) -> str:
        """A link from this very moment on."""
        self.then.append({kind: copy.deepcopy(self._rows(kind))})
        return f"delta/{kind}/{len(self.then) - 1}"

    def latest(self, kind: str, select: Sequence[str], link: str | None) -> RowPage[Any]:
        self._called(f"latest.{kind}")
        if kind in self.without:
            raise NoFeed
        return RowPage([], delta_link=self.mark(kind))

    def changes(self, kind: str, link: str) -> RowPage[Any]:
        self._called(f"changes.{kind}")
        self.followed.append(link)
        if self.expired:
            raise LinkExpired
        name, number, start = [*link.removeprefix("delta/").split("/"), "0"][:3]
        assert name == kind
        return self._page(self._changed(kind, self.then[int(number)][kind]), link, int(start))

    def records(
        self, kind: str, ids: Sequence[str], select: Sequence[str], link: str | None
    ) -> RowPage[Any]:
        self._called(f"records.{kind}")
        assert len(ids) <= 50
        rows = [
            self._whole(each, select)
            for key, each in self._rows(kind).items()
            if key in ids or not self.filters
        ]
        return RowPage(rows)

    def _page(self, rows: list[dict[str, Any]], link: str, start: int) -> RowPage[Any]:
        size = self.directory().page_size
        base = "/".join(link.split("/")[:3])
        if start == 0 and rows:  # empty, and yet not the last
            return RowPage([], next_link=f"{base}/1")
        place = max(0, start - 1)
        if place + size < len(rows):
            return RowPage(rows[place : place + size], next_link=f"{base}/{place + size + 1}")
        return RowPage(rows[place:], delta_link=self.mark(base.split("/")[1]))

    def _changed(self, kind: str, then: Rows) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        for key, now in self._rows(kind).items():
            before = then.get(key)
            if before == now:
                continue
            if "gone" in now:
                told.append({"id": key, "@removed": {"reason": "changed"}})
            elif before is None or "gone" in before:
                told.append(self._new(now))
            else:
                told.append(self._difference(kind, before, now))
        told += [{"id": key, **GONE} for key in then if key not in self._rows(kind)]
        return told + told[:1] + self.more.get(kind, [])

    def _new(self, now: dict[str, Any]) -> dict[str, Any]:
        named = {name: value for name, value in now.items() if value is not None}
        return self._pointing(named, {}, now)

    def _difference(self, kind: str, before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
        changed = {
            name: value
            for name, value in now.items()
            if before[name] != value or (not self.minimal and value is not None)
        }
        return self._pointing({"id": now["id"], **changed}, before, now)

    def _whole(self, now: dict[str, Any], select: Sequence[str]) -> dict[str, Any]:
        if "gone" in now:
            return {"id": now["id"], "@removed": {"reason": "changed"}}
        named = {
            name: value
            for name, value in now.items()
            if value is not None and name in ("id", *select)
        }
        if "manager" in select and (living := self.directory().living(now["manager"])):
            named["manager@delta"] = [{"id": living, "@odata.type": USER}]
        named.pop("manager", None)
        return named

    def _rows(self, kind: str) -> Rows:
        there = self.directory()
        if kind == "person":
            binned = {each: {"id": each, "gone": True} for each in there.deleted}
            return binned | {
                each.id: {
                    "id": each.id, "displayName": each.name or None, "mail": each.mail,
                    "userPrincipalName": each.upn or None, "department": each.department,
                    "officeLocation": each.office, "accountEnabled": each.enabled,
                    "userType": "Guest" if each.guest else "Member", "manager": each.manager,
                }
                for each in there.people_by_id.values()
            }  # fmt: skip
        if kind == "group":
            return {
                each.id: {"id": each.id, "displayName": each.name, "members": each.members}
                for each in there.groups_by_id.values()
            }
        return {
            each.id: {
                "id": each.id, "displayName": each.name, "model": each.model,
                "accountEnabled": each.enabled, "registeredOwners": each.owner,
            }
            for each in there.devices_by_id.values()
        }  # fmt: skip

    def _called(self, call: str) -> None:
        there = self.directory()
        there.calls.append(call)
        there.before(f"graph.{call}")

    def _pointing(
        self, named: dict[str, Any], before: dict[str, Any], now: dict[str, Any]
    ) -> dict[str, Any]:
        """Relationships in the form of a delta: who came, and who went."""
        if "manager" in named and before.get("manager") != now["manager"]:
            living = self.directory().living(now["manager"])
            whom = living or before.get("manager") or now["manager"]
            entry = {"id": whom, "@odata.type": USER, **({} if living else GONE)}
            named["manager@delta"] = [entry]
        named.pop("manager", None)
        if "members" in named:
            was, members = set(before.get("members", ())), named.pop("members")
            told = [{"id": one, "@odata.type": USER} for one in members if one not in was]
            gone = sorted(was - set(members))
            told += [{"id": one, "@odata.type": USER, **GONE} for one in gone]
            if told:
                named["members@delta"] = told
        named.pop("registeredOwners", None)
        return named
