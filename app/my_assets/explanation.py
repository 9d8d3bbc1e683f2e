"""Why an asset is in the list or not: the list's own verdict, told without telling the asset."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from app.errors import NotThere
from app.inventory import AssetObject
from app.my_assets import aql
from app.my_assets.decision import Verdict
from app.my_assets.look import Look
from app.words import Json

_OBJECT_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}-[0-9]{1,18}")


def explain(look: Look, object_key: str, *, is_administrator: bool) -> Json:
    """Raises NotThere for what is not the viewer's and for what is not there, alike.

    An administrator is told of any asset. One AQL call, whatever the answer is.
    """
    asset = _find(look, object_key)
    verdict = look.decision.judge(asset) if asset else None
    if not is_administrator and not (verdict and verdict.owned):
        raise NotThere
    if verdict is None:
        return _told(visible=False, reasons=[("object", "not_there")])
    return _told(visible=verdict.visible, reasons=_reasons(verdict, all_of_them=is_administrator))


def _find(look: Look, object_key: str) -> AssetObject | None:
    if not _OBJECT_KEY.fullmatch(object_key):
        return None
    page = look.questions.ask(aql.with_key(object_key), limit=2)
    return next((one for one in page.objects if one.key == object_key), None)


def _reasons(verdict: Verdict, *, all_of_them: bool) -> list[tuple[str, str]]:
    """Of what is hidden, only the rules that hide it."""
    return [
        (one.rule, one.outcome)
        for one in verdict.reasons
        if all_of_them or verdict.visible or not one.passes
    ]


def _told(*, visible: bool, reasons: Sequence[tuple[str, str]]) -> Json:
    return {
        "visible": visible,
        "reasons": [{"rule": rule, "outcome": outcome} for rule, outcome in reasons],
    }
