"""What is added to the reason of a run: which permission, which group, how many. Never a person.

In the history an addition lies with its code and values, so that pages say it in their language.
"""

from __future__ import annotations

from typing import Final

from app.said import Sentence, told
from app.words import Json

NOTHING_CAME: Final = Sentence("run.nothing_came", "Nothing came of type {type}.")
EMPTY_FOR_ALL: Final = Sentence("run.empty_for_all", "Empty for all: {type}, {attributes}.")
NO_MEMBER: Final = Sentence("run.no_member", "No group that is asked for has a member.")
NOT_BEFORE: Final = Sentence("run.not_before", "Not before {time}.")
MISSING: Final = Sentence("run.missing", "Missing: {permissions}.")
IN_THE_WAY: Final = Sentence("run.in_the_way", "It is {attributes}.")
GROUP_NUMBER: Final = Sentence("run.group_number", "It is number {place} of the filter's groups.")
ASSETS_SAYS: Final = Sentence("run.assets_says", "Assets says: {codes}.")
MANAGER_ONLY: Final = Sentence(
    "run.manager_only",
    "The attribute “Jira account” takes the role object schema manager of “{schema}”; it is given"
    " in Assets under Object schema configuration, Roles.",
)
WOULD_BE_ADDED: Final = Sentence(
    "run.would_be_added", "There are {held:,}, and {added:,} would be added."
)
ARE_ALLOWED: Final = Sentence(
    "run.are_allowed",
    "There are {held:,}, and {added:,} would be added. {allowed:,} are allowed.",
)
AFFECTED: Final = Sentence("run.affected", "Affected: {kinds}.")
COUNT_OF_KIND: Final = Sentence("run.count_of_kind", "{count} of kind {kind}")


def kept(addition: str) -> str | Json:
    """As it lies in a record: plain text, or `{"message", "code", "values"}`."""
    beside = told(addition)
    return {"message": str(addition), **beside} if beside else addition


def read(found: object) -> Json | None:
    """`{"message", …}` of what lies in a record; None where there is nothing."""
    if isinstance(found, dict) and isinstance(found.get("message"), str):
        return found
    return {"message": found} if isinstance(found, str) and found else None
