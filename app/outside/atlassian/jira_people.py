"""Accounts and groups as a Jira site writes them. Names and addresses may be hidden or absent."""

from __future__ import annotations

from collections.abc import Mapping

from app.outside.answers import flag, text, text_or_none
from app.site import Account, Group
from app.words import AccountId


def account_of(record: Mapping[str, object]) -> Account:
    return Account(
        id=AccountId(text(record, "accountId")),
        display_name=text_or_none(record, "displayName") or "",
        email=text_or_none(record, "emailAddress"),
        active=flag(record.get("active")) is not False,
        kind=text_or_none(record, "accountType") or "unknown",
    )


def group_of(record: Mapping[str, object]) -> Group:
    return Group(text(record, "groupId"), text(record, "name"))
