"""The people of a Jira site: users, groups, API tokens, and who may see whose e-mail address."""

import base64
import binascii
import secrets
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

ADMINISTRATORS = "jira-administrators"
EVERYONE = "jira-users"


@dataclass(frozen=True)
class User:
    """One Atlassian account. `email_shown_to`: everyone, people (not apps), or nobody."""

    account_id: str
    display_name: str
    email: str
    account_type: str = "atlassian"  # atlassian | app | customer
    active: bool = True
    email_shown_to: str = "everyone"
    groups: frozenset[str] = frozenset()  # group ids

    @property
    def public_email(self) -> str:
        """The address as other people see it."""
        return "" if self.email_shown_to == "nobody" else self.email


class People:
    """Every user and group of a site. Users are replaced, never changed in place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.users: dict[str, User] = {}
        self.groups: dict[str, str] = {}  # id to name
        self._names: dict[str, set[str]] = defaultdict(set)
        self._tokens: dict[str, str] = {}  # API token to account id
        self.administrators = self.add_group(ADMINISTRATORS)
        self.everyone = self.add_group(EVERYONE)

    # --- making and changing

    def add_group(self, name: str, group_id: str = "") -> str:
        """A new group; its id."""
        made = group_id or secrets.token_hex(16)
        self.groups[made] = name
        return made

    def remove_group(self, group_id: str) -> None:
        """A group that is gone, for everyone."""
        del self.groups[group_id]
        for user in list(self.users.values()):
            self.put(replace(user, groups=user.groups - {group_id}))

    def put(self, user: User) -> User:
        """Add a user, or replace the one with this account id."""
        with self._lock:
            old = self.users.get(user.account_id)
            if old is not None:
                self._names[old.display_name.casefold()].discard(old.account_id)
            self.users[user.account_id] = user
            self._names[user.display_name.casefold()].add(user.account_id)
        return user

    def change(self, account_id: str, **fields: object) -> User:
        """Replace some fields of a user."""
        return self.put(replace(self.users[account_id], **fields))  # type: ignore[arg-type]

    def add_all(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Many employees at once: (account id, display name, e-mail address)."""
        for account_id, name, email in rows:
            self.put(User(account_id, name, email, groups=frozenset({self.everyone})))

    def issue_token(self, account_id: str) -> str:
        """A new API token of a user."""
        token = f"ATATT3x{secrets.token_urlsafe(32)}"
        self._tokens[token] = account_id
        return token

    def revoke_token(self, token: str) -> None:
        """The token no longer works."""
        self._tokens.pop(token, None)

    # --- asking

    def find(self, account_id: str) -> User | None:
        """The user with this account id."""
        return self.users.get(account_id)

    def named(self, display_name: str) -> frozenset[str]:
        """Account ids of everyone with this display name, ignoring case."""
        return frozenset(self._names.get(display_name.casefold(), ()))

    def group_named(self, name_or_id: str) -> tuple[str, str] | None:
        """(id, name) of a group, by id or by name ignoring case."""
        if name_or_id in self.groups:
            return name_or_id, self.groups[name_or_id]
        folded = name_or_id.casefold()
        return next(((k, v) for k, v in self.groups.items() if v.casefold() == folded), None)

    def by_basic(self, authorization: str) -> User | None:
        """Whose e-mail address and API token a Basic header carries, if they belong together."""
        scheme, _, encoded = authorization.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            email, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        user = self.users.get(self._tokens.get(token, ""))
        fits = user is not None and user.active and user.email.casefold() == email.casefold()
        return user if fits else None

    def is_administrator(self, account_id: str) -> bool:
        """Whether a user administers Jira."""
        user = self.users.get(account_id)
        return user is not None and user.active and self.administrators in user.groups
