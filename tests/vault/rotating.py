"""A world whose KMS keys change: new ones in use, the former listed and only giving away."""

from __future__ import annotations

from collections.abc import Sequence

from app.instances.rewrapping import Rewrapping, Tally
from app.instances.table import Change, InstanceTable
from app.outside.aws.kms import KmsDataKeys
from app.vault.keys import KeyIds
from app.vault.parts import DOCUMENTS, Role
from app.vault.rewrapping import Rewrapper
from app.vault.shelf import Shelf
from app.words import Secret
from tests.stand_ins.kms import INSTANCE, SETTINGS
from tests.vault.world import APP_KEY, G1, A, World

REWRAPPERS: tuple[Role, ...] = ("rewrap-open", "rewrap-rest")
IN_SITE = [name for name, each in DOCUMENTS.items() if each.rests_in == "site storage"]
IN_REFERENCE = [name for name, each in DOCUMENTS.items() if each.rests_in == "reference"]
PARTS = [name for name in IN_SITE if name != "encryption-string"]


class RotatingWorld(World):
    """Everything is set under the first keys; `rotate` puts others in use."""

    def __init__(self, parts: Sequence[str] = PARTS) -> None:
        super().__init__()
        self.parts = parts
        self.former = (self.kms.key(SETTINGS).arn, self.kms.key(INSTANCE).arn)
        self.ids = KeyIds(SETTINGS, INSTANCE)
        self.shelf("worker").save({name: Secret(f"value of {name}") for name in parts})
        for name in IN_REFERENCE:
            value = self.vault().seal_in_reference(A, G1, name, Secret(f"value of {name}"))
            self.table.change(A, Change({(name,): value}))

    def rotate(self) -> None:
        """As the runbook says: new keys behind the aliases, the former ones listed."""
        for lock, alias in (("settings", SETTINGS), ("instance", INSTANCE)):
            self.kms.add_key(alias)
            self.put_policy(lock, alias)  # type: ignore[arg-type]
        self.put_policy("settings", self.former[0], "previous")
        self.put_policy("instance", self.former[1], "previous")
        self.ids = KeyIds(SETTINGS, INSTANCE, (self.former[0],), (self.former[1],))

    def worker(self) -> Shelf:
        """A worker that has just started, with the key ids of now."""
        return self.shelf("worker", vault=self.vault("worker", self.ids))

    def rewrap(
        self,
        *roles: Role,
        table: InstanceTable | None = None,
        keys: KmsDataKeys | None = None,
    ) -> Tally:
        """`my-assets vendor rewrap`, once with each of these identities."""
        tally = Tally()
        for role in roles or REWRAPPERS:
            rewrapper = Rewrapper(
                [role], keys or self.kms.as_role(role), self.ids, APP_KEY, self.clock
            )
            rewrapping = Rewrapping(table or self.table, rewrapper)
            for _ in rewrapping.walk():
                pass
            tally.rewrapped += rewrapping.tally.rewrapped
            tally.current += rewrapping.tally.current
            tally.not_asked += rewrapping.tally.not_asked
            tally.left += rewrapping.tally.left
        return tally

    def retire(self) -> None:
        """The former keys are disabled."""
        for arn in self.former:
            self.kms.set_state(arn, "Disabled")

    def everything(self) -> dict[str, str]:
        """What a worker and a reader of the reference open, in processes just started."""
        vault = self.vault("worker", self.ids)
        shelf = self.shelf("worker", vault=vault)
        found = {name: shelf.open(name) for name in self.parts}
        reference = self.table.read(A)
        assert reference is not None
        for name in IN_REFERENCE:
            found[name] = vault.open_from_reference(A, G1, name, getattr(reference, name))
        return {name: value.reveal_text() for name, value in found.items() if value is not None}


EVERYTHING = {name: f"value of {name}" for name in (*PARTS, *IN_REFERENCE)}
FEW = ("consent", "entra-secret")  # for what is repeated once for each call
FEW_OPENED = {name: EVERYTHING[name] for name in (*FEW, *IN_REFERENCE)}
