"""What a Jira site says about accounts, groups and service desks, reduced to what this app uses.

Shared values: no I/O, no rule of a feature. Names and addresses of people do not show in a repr.
Source of the shapes: Jira REST API v3 and the Service Management REST API.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.words import AccountId


@dataclass(frozen=True)
class Account:
    """`email` is None where the person's profile hides it; `kind` is Jira's `accountType`."""

    id: AccountId
    display_name: str = field(repr=False)
    email: str | None = field(repr=False)
    active: bool
    kind: str


@dataclass(frozen=True)
class Group:
    id: str
    name: str


@dataclass(frozen=True)
class ServiceDesk:
    id: str
    name: str
    project_key: str


@dataclass(frozen=True)
class RequestType:
    id: str
    name: str
    service_desk_id: str


@dataclass(frozen=True)
class RequestField:
    """`id` is the field id that a request names, such as `customfield_10042`.

    `holds_assets`: whether it takes objects of Assets; None: the site does not say what it takes.
    """

    id: str
    name: str
    required: bool
    holds_assets: bool | None = None


@dataclass(frozen=True)
class Licence:
    """What the licence resource says now. A site without a licence has `active` False."""

    active: bool
    evaluation: bool
