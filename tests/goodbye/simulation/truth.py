"""What must be so after every single write, whoever made it and whatever became of it."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from app.goodbye.purge import staff_id
from app.goodbye.receipts import FIRST
from app.goodbye.verifying import Checked, NotValid, check, check_chain, read_keys, read_receipt
from app.instances.reference import InstanceReference, stamp
from tests.goodbye.simulation.outside import InMemoryReceipts
from tests.goodbye.world import Goodbyes

STAYS = {"instance_id", "door", "generation", "state", "erased_at", "receipt"}
Life = tuple[str, str]


class Untrue(AssertionError):
    """Something that must never be was."""


class Truth:
    """Looks after each write. `history` is every head that the chain ever had, in order."""

    def __init__(self, world: Goodbyes, folder: InMemoryReceipts, now: Any) -> None:
        self._world, self._folder, self._now = world, folder, now
        self._keys = read_keys(world.key.signer().public_key().pem)
        self._good: dict[str, Checked] = {}
        self._before: dict[str, InstanceReference] = {}
        self.history: list[Checked] = []
        self.looks = 0
        self._told = ""

    def look(self, told: str) -> None:
        """Raises Untrue, which names the write."""
        self.looks += 1
        self._told = told
        try:
            self._look_at_head()
            for reference in self._world.table.all():
                self._look_at(reference)
            self._look_at_files()
        except Untrue as untrue:
            raise Untrue(f"after {told}: {untrue}") from None

    def lives(self) -> list[Life]:
        """The lives that the chain says are erased."""
        return [(each.told["instance_id"], each.told["generation"]) for each in self.history]

    def look_at_the_end(self) -> None:
        """Everything was cleaned up once more, undisturbed. Raises Untrue."""
        self.look("the end")
        lives = self.lives()
        if len(set(lives)) != len(lives):
            raise Untrue("one life has two receipts")
        found = {name: self._checked(text) for name, text in self._folder.files.items()}
        if faults := check_chain(found):
            raise Untrue(f"the folder is no whole chain: {faults[0]}")
        if len(found) != len(lives):
            raise Untrue(f"the folder has {len(found)} receipts of {len(lives)}")
        for each in self._world.table.all():
            if each.state == "uninstalled" and (each.erase_due_at or "") <= stamp(self._now):
                raise Untrue("something that is due was left")

    def _look_at_head(self) -> None:
        head = self._world.chain.head()
        if head is None:
            if self.history:
                raise Untrue("the chain has lost its head")
            return
        newest = self._checked(head.receipt)
        if self.history and newest.digest == self.history[-1].digest:
            return
        before = self.history[-1].digest if self.history else FIRST
        fits = newest.number == len(self.history) + 1 == head.number
        if not fits or newest.previous != before or head.digest != newest.digest:
            raise Untrue("the head has moved to a receipt that does not follow")
        self.history.append(newest)

    def _look_at(self, reference: InstanceReference) -> None:
        was = self._before.get(reference.instance_id)
        self._before[reference.instance_id] = reference
        if reference.state != "erased":
            return
        held = {each.name for each in fields(reference) if getattr(reference, each.name)}
        if held != STAYS:
            raise Untrue(f"a tombstone holds {sorted(held ^ STAYS)}")
        receipt = self._checked(reference.receipt or "")
        life = (reference.instance_id, reference.generation)
        if receipt.digest not in {each.digest for each in self.history}:
            raise Untrue("a tombstone's receipt is not in the chain")
        if life != (receipt.told["instance_id"], receipt.told["generation"]):
            raise Untrue("a tombstone holds another life's receipt")
        if was is not None and was.state != "erased":
            self._look_at_right(was, receipt)

    def _look_at_right(self, was: InstanceReference, receipt: Checked) -> None:
        """Whether what was erased just now was to be erased."""
        if was.generation != receipt.told["generation"]:
            raise Untrue("another life was erased than the receipt says")
        due = was.state == "uninstalled" and (was.erase_due_at or "~") <= receipt.told["erased_at"]
        # Whoever carries it out is not whoever wished for it.
        wish = (was.purge or {}).get("staff_id")
        actor = self._told.partition(" by ")[2].partition(":")[0]
        wished = was.state == "silent" and wish not in (None, staff_id(actor))
        if not (due if receipt.told["cause"] == "uninstalled" else wished):
            raise Untrue(f"something {was.state} was erased as {receipt.told['cause']}")

    def _look_at_files(self) -> None:
        known = {each.digest for each in self.history}
        for name, text in self._folder.files.items():
            checked = self._checked(text)
            if checked.digest not in known:
                raise Untrue("a file tells of a deletion that never was")
            told = checked.told
            if name != f"{told['instance_id']}-{told['generation']}.json":
                raise Untrue("a file lies under another name")

    def _checked(self, text: str) -> Checked:
        if text not in self._good:
            try:
                self._good[text] = check(read_receipt(text), self._keys)
            except (NotValid, json.JSONDecodeError) as fault:
                raise Untrue(f"a receipt is not good: {fault}") from fault
        return self._good[text]
