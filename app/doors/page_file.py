"""A page from its file, with its words put in. They are escaped: some come from elsewhere."""

from __future__ import annotations

import html
from collections.abc import Mapping

from flask import Response

from app.doors.language import language
from app.doors.services import static_path
from app.files import page_text


def filled(name: str, words: Mapping[str, str], status: int = 200) -> Response:
    """Every page's own words beside `words`: where its files lie, and the reader's language."""
    text = page_text(name)
    for place, value in {"static": static_path(), "lang": language(), **words}.items():
        text = text.replace("{{" + place + "}}", html.escape(value))
    return Response(text, status=status, mimetype="text/html")
