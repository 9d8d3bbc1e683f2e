"""Who may see and change which schema. An administrator of Jira manages every schema.

Roles are viewer, user, developer and manager, each with the rights of those before it.
"""

from sandbox.assets.model import Account, Accounts
from sandbox.assets.workspace import Workspace

ORDER = ("viewer", "user", "developer", "manager")


class Roles:
    """Roles by schema and account; `deny` also holds against an administrator."""

    def __init__(self, workspace: Workspace, accounts: Accounts) -> None:
        self._workspace = workspace
        self._accounts = accounts
        self._given: dict[tuple[int, str], str] = {}
        self._denied: set[tuple[int, str]] = set()

    def grant(self, schema_id: int, account_id: str, role: str = "viewer") -> None:
        """Give an account a role in a schema."""
        self._denied.discard((schema_id, account_id))
        self._given[schema_id, account_id] = ORDER[ORDER.index(role)]

    def deny(self, schema_id: int, account_id: str) -> None:
        """Take every role in a schema from an account."""
        self._given.pop((schema_id, account_id), None)
        self._denied.add((schema_id, account_id))

    def may(self, account: Account, schema_id: int, role: str = "viewer") -> bool:
        """Whether an account has at least this role in a schema."""
        at = (schema_id, account.account_id)
        if at in self._denied:
            return False
        if self._accounts.is_administrator(account.account_id):
            return True
        held = self._given.get(at)
        return held is not None and ORDER.index(held) >= ORDER.index(role)

    def schemas(self, account: Account) -> list[int]:
        """Ids of the schemas an account may see."""
        return [s for s in self._workspace.schemas if self.may(account, s)]

    def types(self, account: Account) -> frozenset[int]:
        """Ids of the object types an account may see."""
        seen = set(self.schemas(account))
        return frozenset(t.id for t in self._workspace.types.values() if t.schema_id in seen)
