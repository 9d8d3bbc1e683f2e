"""What a stored value reads as: a name for an account, a label for a reference."""

from sandbox.assets.model import Accounts, Attribute, Kind, Thing
from sandbox.assets.workspace import Workspace


class Reading:
    """Stored text to readable text, for one workspace and one site's people."""

    def __init__(self, workspace: Workspace, accounts: Accounts) -> None:
        self._workspace = workspace
        self._accounts = accounts

    def text(self, attribute: Attribute, stored: str) -> str:
        """What a person reads."""
        if attribute.kind is Kind.REFERENCE:
            thing = self._workspace.things.get(int(stored))
            return thing.label if thing else ""
        if attribute.kind is Kind.USER:
            account = self._accounts.find(stored)
            return account.display_name if account else stored
        if attribute.kind is Kind.GROUP:
            group = self._accounts.group_named(stored)
            return group[1] if group else stored
        if attribute.kind is Kind.STATUS:
            status = self._workspace.statuses.get(int(stored))
            return status.name if status else ""
        return stored

    def thing(self, stored: str) -> Thing:
        """The object a stored reference means."""
        return self._workspace.things[int(stored)]

    def stored_forms(self, attribute: Attribute, asked: str) -> list[str]:
        """Every stored text that a query's value may mean, ignoring case."""
        if attribute.kind is Kind.REFERENCE:
            found = [str(n) for n in self._workspace.labels.holders(0, asked)]
            keyed = self._workspace.by_key(asked)
            return [*found, str(keyed.id)] if keyed else found
        if attribute.kind is Kind.USER:
            return [asked, *self._accounts.named(asked)]
        if attribute.kind is Kind.GROUP:
            group = self._accounts.group_named(asked)
            return [group[0]] if group else []
        if attribute.kind is Kind.STATUS:
            folded = asked.casefold()
            statuses = self._workspace.statuses.values()
            return [str(s.id) for s in statuses if s.name.casefold() == folded]
        return [asked]

    def exactly(self, attribute: Attribute, thing: Thing, asked: str) -> bool:
        """Whether a value is this one, case and all."""
        for stored in thing.values.get(attribute.id, ()):
            if asked in (stored, self.text(attribute, stored)):
                return True
            if attribute.kind is Kind.REFERENCE:
                other = self._workspace.things.get(int(stored))
                if other is not None and other.key == asked:
                    return True
        return False
