"""Values that somebody sends, checked against their attribute and turned into stored text.

The texts of refusals are those seen in practice; clients must not depend on them.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sandbox.assets.model import UNLIMITED, Accounts, Attribute, Kind
from sandbox.assets.workspace import Workspace

TEXT_LIMIT = 255
INT32 = 2**31
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.?[^@\s]*")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


class ValueRefused(Exception):
    """One value does not fit its attribute."""


class Values:
    """Checks values for one workspace and one site's people."""

    def __init__(self, workspace: Workspace, accounts: Accounts) -> None:
        self._workspace = workspace
        self._accounts = accounts

    def stored(self, attribute: Attribute, sent: Sequence[Any], holder: int = 0) -> tuple[str, ...]:
        """What to store for the values sent. Raises ValueRefused.

        `holder` is the object that will hold them, so that it does not clash with itself.
        """
        texts = [t for t in (_as_text(value) for value in sent) if t != ""]
        found = tuple(dict.fromkeys(self._one(attribute, text) for text in texts))
        if len(found) < attribute.minimum:
            raise ValueRefused(f"{attribute.name} is required")
        if attribute.maximum != UNLIMITED and len(found) > attribute.maximum:
            raise ValueRefused(f"At most {attribute.maximum} value(s) are allowed")
        if attribute.unique:
            self._check_unique(attribute, found, holder)
        return found

    def fitted(self, attribute: Attribute, texts: Sequence[str]) -> tuple[str, ...]:
        """What to store for an import's texts: fit for the type, within the highest number.

        Raises ValueRefused.
        """
        found = tuple(dict.fromkeys(self._one(attribute, text) for text in texts))
        if attribute.maximum != UNLIMITED and len(found) > attribute.maximum:
            raise ValueRefused(f"At most {attribute.maximum} value(s) are allowed")
        return found

    def _one(self, attribute: Attribute, text: str) -> str:
        if attribute.kind is Kind.DEFAULT:
            return as_default(attribute, text)
        special: Mapping[Kind, Callable[[Attribute, str], str]] = {
            Kind.REFERENCE: self._reference,
            Kind.USER: self._user,
            Kind.GROUP: self._group,
            Kind.STATUS: self._status,
        }
        return special[attribute.kind](attribute, text)

    def _reference(self, attribute: Attribute, text: str) -> str:
        thing = self._workspace.by_key(text)
        if thing is None:
            raise ValueRefused(f"The object {text} was not found")
        target = attribute.target_type_id
        if target and thing.type_id not in self._workspace.type_and_below(target):
            raise ValueRefused("Invalid due to restrictions")
        return str(thing.id)

    def _user(self, attribute: Attribute, text: str) -> str:
        account = self._accounts.find(text)
        if account is None:
            raise ValueRefused(f"{text} not found in jira")
        allowed = [self._accounts.group_named(g) for g in attribute.groups]
        if attribute.groups and not any(g and g[0] in account.groups for g in allowed):
            raise ValueRefused("Invalid due to restrictions")
        return account.account_id

    def _group(self, attribute: Attribute, text: str) -> str:
        del attribute
        group = self._accounts.group_named(text)
        if group is None:
            raise ValueRefused("Invalid Group(s)")
        return group[0]

    def _status(self, attribute: Attribute, text: str) -> str:
        schema = self._workspace.types[attribute.type_id].schema_id
        allowed = {str(s.id) for s in self._workspace.statuses_for(schema)}
        if attribute.statuses:
            allowed &= {str(number) for number in attribute.statuses}
        if text not in allowed:
            raise ValueRefused("Status value provided is invalid")
        return text

    def _check_unique(self, attribute: Attribute, found: tuple[str, ...], holder: int) -> None:
        for text in found:
            if self._workspace.values.holders(attribute.id, text) - {holder}:
                raise ValueRefused(f"{attribute.name} must be unique")


def as_default(attribute: Attribute, text: str) -> str:
    """The stored text of a value of a default type. Raises ValueRefused."""
    try:
        return _CHECKS[attribute.default_type](attribute, text)
    except ValueError:
        raise ValueRefused("The value provided is invalid") from None


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise ValueRefused("The value provided is invalid")


def _text(attribute: Attribute, text: str) -> str:
    del attribute
    if len(text) > TEXT_LIMIT:
        raise ValueRefused(f"Text is longer than {TEXT_LIMIT} characters")
    return text


def _integer(attribute: Attribute, text: str) -> str:
    del attribute
    number = int(text)
    if not -INT32 <= number < INT32:
        raise ValueRefused("The value provided is invalid")
    return str(number)


def _boolean(attribute: Attribute, text: str) -> str:
    del attribute
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower()


def _matching(pattern: re.Pattern[str]) -> Callable[[Attribute, str], str]:
    def check(attribute: Attribute, text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return _text(attribute, text)

    return check


def _parsed(parse: Callable[[str], object]) -> Callable[[Attribute, str], str]:
    def check(attribute: Attribute, text: str) -> str:
        del attribute
        parse(text)
        return text

    return check


def _date_time(attribute: Attribute, text: str) -> str:
    """Assets gives a time back in UTC with milliseconds, however it was sent."""
    del attribute
    when = datetime.fromisoformat(text)
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _select(attribute: Attribute, text: str) -> str:
    if text not in attribute.options.split(","):
        raise ValueError(text)
    return text


_CHECKS: Mapping[int, Callable[[Attribute, str], str]] = {
    0: _text,
    1: _integer,
    2: _boolean,
    3: _parsed(float),
    4: _parsed(lambda t: date.fromisoformat(t[:10])),
    5: _parsed(time.fromisoformat),
    6: _date_time,
    7: _matching(_URL),
    8: _matching(_EMAIL),
    9: _parsed(str),
    10: _select,
    11: _parsed(ipaddress.ip_address),
}
