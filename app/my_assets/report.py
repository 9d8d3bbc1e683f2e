"""A problem with one's own asset, as a person tells it and as the service desk gets it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.errors import InputRefused, Problem
from app.inventory import AssetObject
from app.my_assets.rows import sendable
from app.said import Sentence
from app.sentences import NOT_KNOWN_HERE
from app.words import Json

REFUSED: Final = Sentence("report.refused", "The report was refused.")
SAY_WHAT: Final = Sentence("report.say_what", "Say in a few words what is wrong.")
GIVE_A_TEXT: Final = Sentence("report.text", "Give a text.")
AT_MOST: Final = Sentence("report.at_most", "Use at most {most} characters.")
CANNOT_BE_SENT: Final = Sentence(
    "report.cannot_be_sent", "This has a character that cannot be sent."
)

MOST_SUMMARY: Final = 255  # Jira's own limit, on one line
MOST_DESCRIPTION: Final = 30_000  # Jira takes 32,767; the asset is named below it
FIELDS: Final = ("summary", "description")
_LAYOUT: Final = frozenset("\n\r\t")
# Source: Jira's text formatting notation, "\\ special char". A label may have been written by
# somebody else: it must not become a picture, a link or a macro in the request.
_NOTATION: Final = re.compile(r"([\\{}\[\]!|])")


@dataclass(frozen=True)
class Report:
    summary: str = field(repr=False)
    description: str = field(repr=False)

    @staticmethod
    def parse(body: Json) -> Report:
        """Raises InputRefused with every problem, unknown fields too."""
        problems = [Problem(name, NOT_KNOWN_HERE()) for name in body if name not in FIELDS]
        summary = _text(body, "summary", MOST_SUMMARY, problems)
        description = _text(body, "description", MOST_DESCRIPTION, problems)
        if summary is not None and not summary.strip():
            problems.append(Problem("summary", SAY_WHAT()))
        if problems:
            raise InputRefused(REFUSED(), problems=problems)
        return Report(" ".join((summary or "").split()), (description or "").strip())


def field_values(
    report: Report, asset: AssetObject, workspace_id: str, asset_field_id: str | None
) -> Mapping[str, object]:
    """By field id. The asset stands in its field, else with key and label in the text."""
    if asset_field_id is None:
        told = (report.description, f"{_inert(asset.label)} ({_inert(asset.key)})")
        text = "\n\n".join(one for one in told if one)
        return {"summary": report.summary, "description": text}
    values: dict[str, object] = {"summary": report.summary, asset_field_id: [
        {
            "workspaceId": workspace_id,
            "id": f"{workspace_id}:{asset.id}",
            "objectId": asset.id,
        }
    ]}  # fmt: skip
    # A request type may do without a description; an empty one is then a field it does not know.
    return values | ({"description": report.description} if report.description else {})


def _text(body: Json, name: str, most: int, problems: list[Problem]) -> str | None:
    given = body.get(name)
    if not isinstance(given, str):
        problems.append(Problem(name, GIVE_A_TEXT()))
        return None
    if len(given) > most:
        problems.append(Problem(name, AT_MOST(most=most)))
    if any(unicodedata.category(one) in ("Cc", "Cs") and one not in _LAYOUT for one in given):
        problems.append(Problem(name, CANNOT_BE_SENT()))
    return given


def _inert(text: str) -> str:
    return _NOTATION.sub(r"\\\1", " ".join(sendable(text).split()))
