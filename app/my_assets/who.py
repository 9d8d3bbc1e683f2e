"""Who is looking, and what stands for them in Assets. Values only, silent in a repr."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.words import AccountId


@dataclass(frozen=True)
class SiteUser:
    """A Jira account as Jira shows it to the app; `account_type` is `atlassian`, `customer`, `app`.

    Source: Jira REST v3, User. The address is absent where the profile hides it.
    """

    email: str | None = field(repr=False)
    account_type: str


@dataclass(frozen=True)
class Viewer:
    """The caller. None means: not looked up, or the look-up failed. It never means "none"."""

    account_id: AccountId = field(repr=False)
    email: str | None = field(default=None, repr=False)
    groups: frozenset[str] | None = None  # ids of Jira groups
    is_customer: bool | None = None


@dataclass(frozen=True)
class Person:
    """The imported person who is the viewer. `entra_id` is empty where the object has none."""

    object_id: str
    object_key: str
    entra_id: str = field(repr=False)
