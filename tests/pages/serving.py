"""How the stand-in of the app serves its files and picks its rows."""

from __future__ import annotations

import html
import json
from collections import Counter
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Response

from sandbox.http import Service, nothing

UI = Path(__file__).parents[2] / "ui"
KINDS = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".svg": "image/svg+xml",
}
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


RELEASE = "v0123456789abcdef"  # the folder that stands for the files as they are now


def static(name: str, folder: Path = UI) -> Response:
    path = (folder / name.removeprefix(f"{RELEASE}/")).resolve()
    if folder not in path.parents or not path.is_file():
        return nothing(404)
    made = Response(path.read_bytes(), mimetype=KINDS[path.suffix])
    if name.startswith(f"{RELEASE}/"):
        made.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return made


def framed_page(name: str, words: dict[str, str], site: Service, status: int = 200) -> Response:
    """A page with its placeholders filled in, for this site to frame."""
    filled = (UI / name).read_text(encoding="utf-8")
    for key, value in words.items():
        filled = filled.replace("{{" + key + "}}", html.escape(value))
    made = Response(filled, status, mimetype="text/html")
    made.headers["Content-Security-Policy"] = policy(site.base_url)
    return made


def policy(site: str) -> str:
    return (
        f"default-src 'none'; script-src 'self' {site}; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {site}"
    )


def fits(one: dict[str, Any], asked: Any) -> bool:
    values = [value for attribute in one["attributes"] for value in attribute["values"]]
    text = " ".join([one["label"], one["object_key"], *values]).lower()
    kinds = (("object_type", one["object_type"]["id"]), ("schema", one["schema"]["id"]))
    return asked.get("search", "").lower() in text and all(
        asked.get(name, value) == value for name, value in kinds
    )


def counts(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = {one["object_type"]["id"]: one for one in found}
    held = Counter(one["object_type"]["id"] for one in found)
    return [
        {"object_type": one["object_type"], "schema": one["schema"], "count": held[key]}
        for key, one in kinds.items()
    ]


def exported(found: list[dict[str, Any]], kind: str) -> str:
    """A file with the labels in it, as far as a page can tell."""
    labels = [one["label"] for one in found]
    return json.dumps(labels) if kind == "json" else "\r\n".join(["label", *labels])


def order(one: dict[str, Any], name: str) -> tuple[str, str]:
    value = one["object_type"]["name"] if name == "object_type" else str(one[name])
    return (value.lower(), one["object_id"])
