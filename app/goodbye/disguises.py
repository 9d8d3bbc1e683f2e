"""Ways to read a text in which a word may lie in disguise. Pure."""

from __future__ import annotations

import base64
import codecs
import html
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import unquote_plus

# Runs of its letters; the second takes a slash for one of a path.
_RUNS: Final = (re.compile(r"[A-Za-z0-9+/_-]{8,}"), re.compile(r"[A-Za-z0-9+_-]{8,}"))
_ALIGNED: Final = 4  # a run may begin with letters that belong to what stands before it
_URL_SAFE: Final = str.maketrans("-_", "+/")


def same_signs(text: str) -> str:
    """The text with one way to write each letter: `ü` is also `u` and two dots (Unicode, NFKC)."""
    return unicodedata.normalize("NFKC", text)


def _inside_base64(text: str) -> str:
    runs = {run for shape in _RUNS for run in shape.findall(text)}
    pieces = (run[start:] for run in runs for start in range(_ALIGNED))
    return same_signs("\n".join(_decoded(piece) for piece in pieces))


def _decoded(run: str) -> str:
    """Only what is text: in mere bytes a short word would be found by chance."""
    whole = run[: len(run) - (len(run) % 4 == 1)].translate(_URL_SAFE)
    try:
        told = base64.b64decode(whole + "=" * (-len(whole) % 4), validate=True)
        text = codecs.getincrementaldecoder("utf-8")().decode(told)
    except ValueError:
        return ""
    with suppress(ValueError, RecursionError):  # JSON without its own escapes
        return text + json.dumps(json.loads(text), ensure_ascii=False)
    return text


def _resolved(text: str) -> str:
    """Twice: an address within an address is escaped twice."""
    plain = unquote_plus(unquote_plus(text))
    return same_signs(f"{plain}\n{html.unescape(plain)}")


# By name; each takes a text as it lies there and gives another.
VIEWS: Final[Mapping[str, Callable[[str], str]]] = {
    "written with other signs": same_signs,
    "in escapes of URLs or HTML": _resolved,
    "in base64 of something longer": _inside_base64,
}
