"""A small world for goodbyes: a table with instances in each state, a chain, a folder, a key."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.goodbye.cleanup import Cleanup, Summary
from app.goodbye.erasing import Eraser
from app.goodbye.ports import Chain, ReceiptStore
from app.goodbye.verifying import Checked, check, check_chain, read_keys, read_receipt
from app.goodbye.wishes import WishSweeper
from app.instances.lives import ended, generation_of
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Change, InstanceTable
from app.outside.receipt_folder import ReceiptFolder
from app.words import Generation, InstanceId
from tests.stand_ins.atlassian import NOW
from tests.stand_ins.chain import InMemoryChain
from tests.stand_ins.signing_kms import StrictSigningKey
from tests.stand_ins.table import InMemoryTable

KEYS = ("alias/my-assets-settings", "alias/my-assets-instance")
WRAPPED = {"version": "1-a", "string_version": "", "key_id": "arn:k", "wrapped": b"\x00"}


def name(letter: str) -> InstanceId:
    return InstanceId(letter * 32)


class Goodbyes:
    """`kept` is the folder of receipts; `table` and `chain` may be the real engine's."""

    def __init__(
        self,
        folder: Path,
        table: InstanceTable | None = None,
        chain: Chain | None = None,
        receipts: ReceiptStore | None = None,
    ) -> None:
        in_memory = InMemoryTable()
        self.table: InstanceTable = table or in_memory
        self.chain: Chain = chain or InMemoryChain(in_memory)
        self.folder = folder
        self.receipts = receipts or ReceiptFolder(folder)
        self.key = StrictSigningKey()
        self.now = NOW

    def install(self, letter: str = "a", **more: Any) -> InstanceReference:
        """An installed instance with everything that a reference may hold."""
        at = int(self.now.timestamp())
        values: dict[str, Any] = {
            "door": "connect", "state": "installed", "generation": generation_of(at),
            "base_url": f"https://{letter}.atlassian.net", "client_key": f"client key of {letter}",
            "cloud_id": f"cloud-{letter}", "installation_id": f"installation-{letter}",
            "region": "eu-central-1", "installed_at": stamp(self.now), "last_event_at": at,
            "part_keys": {"consent": WRAPPED, "visibility": WRAPPED},
            "connect_secret": {"version": "1", "key_id": "arn:k", "sealed": b"\x01"},
            "import_due_at": stamp(self.now),
        }  # fmt: skip
        one = InstanceReference(instance_id=name(letter), **(values | more))
        assert self.table.create(one)
        return one

    def uninstall(self, letter: str = "a", at: datetime | None = None) -> None:
        moment = at or self.now
        change = ended(int(moment.timestamp()), None, moment)
        assert self.table.change(name(letter), change) is not None

    def again(self, letter: str, at: datetime) -> Generation:
        """Installed once more: a new life under the same id."""
        generation = generation_of(int(at.timestamp()))
        values: dict[tuple[str, ...], Any] = {
            ("state",): "installed", ("generation",): generation,
            ("last_event_at",): int(at.timestamp()), ("part_keys",): {"consent": WRAPPED},
        }  # fmt: skip
        gone = ("erased_at", "receipt", "uninstalled_at", "erase_due_at")
        assert self.table.change(name(letter), Change(values, [(each,) for each in gone]))
        return generation

    def eraser(self, table: Any = None, chain: Any = None, receipts: Any = None) -> Eraser:
        return Eraser(
            table or self.table, chain or self.chain, receipts or self.receipts,
            self.key.signer(), KEYS,
        )  # fmt: skip

    def cleanup(self, table: Any = None, chain: Any = None, receipts: Any = None) -> Cleanup:
        mine = (table or self.table, chain or self.chain, receipts or self.receipts)
        return Cleanup(*mine, self.eraser(*mine), {"purge wish": WishSweeper(mine[0])})

    def clean(self, days: float = 0.0, *, dry: bool = False) -> Summary:
        return self.cleanup().run(self.now + timedelta(days=days), dry=dry)

    def read(self, letter: str = "a") -> InstanceReference:
        found = self.table.read(name(letter))
        assert found is not None
        return found

    def checked(self) -> dict[str, Checked]:
        """Every receipt of the folder, its signature checked and the chain whole."""
        keys = read_keys(self.key.signer().public_key().pem)
        found = {
            each.name: check(read_receipt(each.read_text()), keys)
            for each in sorted(self.folder.glob("*.json"))
        }
        assert check_chain(found) == []
        return found
