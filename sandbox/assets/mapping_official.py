"""The vendor's own JSON schema of the mapping document, used when a copy of it is at hand."""

import json
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

_COPY = (
    Path(__file__).resolve().parents[3]
    / "shared"
    / "samples"
    / "assets"
    / "assets_mapping_2023_10_19.schema.json"
)


@cache
def _validator() -> Any:
    try:
        jsonschema = import_module("jsonschema")  # a development package
    except ImportError:
        return None
    if not _COPY.exists():
        return None
    return jsonschema.Draft201909Validator(json.loads(_COPY.read_text()))


def official_problems(document: Any) -> list[str]:
    """What the vendor's schema says against a document; nothing without a copy of it."""
    validator = _validator()
    if validator is None:
        return []
    found = validator.iter_errors(document)
    return [f"{'.'.join(str(p) for p in e.absolute_path)}: {e.message[:200]}" for e in found]
