"""Who can be chosen in the frame: an administrator, some employees, a portal customer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

Role = Literal["administrator", "employee", "customer"]


@dataclass(frozen=True)
class Person:
    """One entry of the switcher. `role` decides which pages Jira would offer, nothing else."""

    account_id: str
    name: str
    role: Role


class User(Protocol):
    """What the frame reads of a user of the site stand-in."""

    @property
    def account_id(self) -> str: ...
    @property
    def display_name(self) -> str: ...
    @property
    def account_type(self) -> str: ...


MOST_SHOWN = 6  # of each role


def people_of(users: Iterable[User], is_administrator: Callable[[str], bool]) -> list[Person]:
    """The switcher's entries by role. Of a directory of thousands only a few of each are shown."""
    shown: dict[Role, list[Person]] = {"administrator": [], "employee": [], "customer": []}
    for user in users:
        role = _role(user, is_administrator)
        if user.account_type != "app" and len(shown[role]) < MOST_SHOWN:
            shown[role].append(Person(user.account_id, user.display_name, role))
    return [person for people in shown.values() for person in people]


def _role(user: User, is_administrator: Callable[[str], bool]) -> Role:
    if user.account_type == "customer":
        return "customer"
    return "administrator" if is_administrator(user.account_id) else "employee"
