"""Who can be chosen in the frame: an administrator, some employees, a portal customer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Role = Literal["administrator", "employee", "customer"]


@dataclass(frozen=True)
class Person:
    """One entry of the switcher. `role` decides which pages Jira would offer, nothing else."""

    account_id: str
    name: str
    role: Role


class User(Protocol):
    """What the frame reads of a user of the site stand-in."""

    account_id: str
    display_name: str
    account_type: str


MOST_SHOWN = 12


def people_of(users: Mapping[str, User] | Iterable[User], administrators: Any) -> list[Person]:
    """The switcher's entries, administrators first. A directory of thousands shows a dozen."""
    found = users.values() if isinstance(users, Mapping) else users
    entries = [
        Person(user.account_id, user.display_name, _role(user, administrators)) for user in found
    ]
    order = ("administrator", "employee", "customer")
    return sorted(entries, key=lambda one: order.index(one.role))[:MOST_SHOWN]


def _role(user: User, administrators: Any) -> Role:
    if user.account_type == "customer":
        return "customer"
    return "administrator" if user.account_id in administrators else "employee"
