"""Bodies of answers and requests as schemas. Those of the settings come from their own rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.doors.published.answers import FINDING, MAYBE_SAID
from app.goodbye.rights_texts import SCHEMA as RIGHTS_ANSWER
from app.imports.desk.asking import MODES
from app.imports.desk.sample_desk import KINDS
from app.imports.run.history import COUNTS
from app.my_assets.report import MOST_DESCRIPTION, MOST_SUMMARY
from app.site_settings.documents import PARTS
from app.site_settings.parts import BY_NAME
from app.words import Json

TEXT: Final[Json] = {"type": "string"}
MAYBE_TEXT: Final[Json] = {"type": ["string", "null"]}
WHOLE: Final[Json] = {"type": "integer", "minimum": 0}
YES_OR_NO: Final[Json] = {"type": "boolean"}


def record(*, required: tuple[str, ...] | None = None, **fields: Json) -> Json:
    """An object of exactly these fields; all of them, unless `required` says which."""
    return exactly(fields, fields if required is None else required)


def exactly(fields: Mapping[str, Json], required: Iterable[str]) -> Json:
    return {
        "type": "object",
        "required": list(required),
        "properties": dict(fields),
        "additionalProperties": False,
    }


def many(schema: Json) -> Json:
    return {"type": "array", "items": schema}


def one_of(*values: str) -> Json:
    return {"type": "string", "enum": list(values)}


_NAMED: Final = record(id=TEXT, name=TEXT)
_STATES: Final = ("queued", "running", "braked", "succeeded", "failed", "cancelled")

RUN: Final = record(
    id=TEXT,
    mode=one_of(*MODES),
    ran_as=MAYBE_TEXT,
    ran_because=MAYBE_TEXT,
    filter={"anyOf": [record(let_in=WHOLE, left_out=WHOLE), {"type": "null"}]},
    state=one_of(*_STATES),
    phase=TEXT,
    progress=record(done=WHOLE, total=WHOLE),
    counts=exactly(dict.fromkeys(COUNTS, WHOLE), COUNTS),
    reason=MAYBE_TEXT,
    next_step=MAYBE_TEXT,
    more=MAYBE_SAID,
    why_full=MAYBE_SAID,
    started_at=TEXT,
    updated_at=TEXT,
    ended_at=MAYBE_TEXT,
)
ASSET: Final = record(
    object_id=TEXT,
    object_key=TEXT,
    label=TEXT,
    object_type=_NAMED,
    schema=_NAMED,
    attributes=many(record(name=TEXT, values=many(TEXT))),
    updated_at=TEXT,
)
_HELD: Final = record(
    object_id=TEXT, object_key=TEXT, label=TEXT, object_type=_NAMED, schema=_NAMED
)
_LEAVER: Final = record(
    object_id=TEXT,
    object_key=TEXT,
    name=TEXT,
    left_on=MAYBE_TEXT,
    total=WHOLE,
    assets=many(_HELD),
)
_SAMPLE: Final = record(
    kind=one_of(*KINDS),
    action=one_of(*COUNTS),
    entra_id=TEXT,
    name=TEXT,
    code=TEXT,
    reason=TEXT,
    changes=many(TEXT),
    clears=many(TEXT),
)
_EXPORT: Final = record(filename=TEXT, content_type=TEXT, content=TEXT)

ANSWERS: Final[dict[str, Json]] = {
    "Run": RUN,
    "Runs": record(runs=many(RUN)),
    "Records": record(
        records=many(_SAMPLE),
        total=WHOLE,
        sampled=WHOLE,
        next_cursor=MAYBE_TEXT,
        kept_until=MAYBE_TEXT,
    ),
    "Leavers": record(leavers=many(_LEAVER), next_cursor=MAYBE_TEXT, as_of=TEXT),
    "MyAssets": record(
        required=("assets", "total", "next_cursor", "as_of", "person"),
        assets=many(ASSET),
        total=WHOLE,
        complete=YES_OR_NO,
        next_cursor=MAYBE_TEXT,
        as_of=TEXT,
        person=one_of("matched", "unmatched", "not_needed"),
        counts=many(record(object_type=_NAMED, schema=_NAMED, count=WHOLE)),
        reporting=YES_OR_NO,
    ),
    "Reported": record(request_key=TEXT, url=MAYBE_TEXT),
    "Export": {"anyOf": [_EXPORT, record(assets=many(ASSET), total=WHOLE, as_of=TEXT)]},
    "Explanation": record(visible=YES_OR_NO, reasons=many(record(rule=TEXT, outcome=TEXT))),
    "Choices": record(
        choices=many({"type": "object", "required": ["id", "name"]}), next_cursor=MAYBE_TEXT
    ),
    "PartState": {
        "type": "object",
        "required": ["set"],
        "properties": {"set": YES_OR_NO, "readable": YES_OR_NO, "findings": many(FINDING)},
    },
    "Settings": exactly(
        {name: {"$ref": "#/components/schemas/PartState"} for name in PARTS}, PARTS
    ),
    "Check": record(ok=YES_OR_NO, findings=many(FINDING)),
    "Site": record(
        instance_id=TEXT,
        door=one_of("connect", "forge"),
        site=TEXT,
        licence=one_of("active", "inactive"),
        trust={"type": "object"},
    ),
    "Held": {name: part for name, part in RIGHTS_ANSWER.items() if name != "$schema"},
    "ImportStatus": record(status=one_of("READY", "NOT_CONFIGURED")),
}
REQUESTS: Final[dict[str, Json]] = {
    "Start": record(required=("mode",), mode=one_of(*MODES), preview=MAYBE_TEXT),
    "Report": record(
        summary=TEXT | {"minLength": 1, "maxLength": MOST_SUMMARY},
        description=TEXT | {"maxLength": MOST_DESCRIPTION},
    ),
    "ImportEvent": {
        "type": "object",
        "required": ["importId", "workspaceId"],
        "properties": {
            name: {"type": "string", "minLength": 1, "maxLength": 255}
            for name in ("importId", "workspaceId", "schemaId")
        },
    },
    "LifecycleEvent": {
        "type": "object",
        "properties": {
            "eventType": one_of("avi:forge:installed:app", "avi:forge:upgraded:app"),
            "context": {"type": ["object", "string"]},
            "payload": {"type": "object"},
        },
    },
    "ConnectEvent": {
        "type": "object",
        "required": ["clientKey", "baseUrl"],
        "properties": {
            "key": TEXT,
            "clientKey": TEXT,
            "sharedSecret": TEXT | {"writeOnly": True},
            "baseUrl": TEXT,
            "eventType": one_of("installed", "uninstalled"),
        },
    },
}


def forms() -> dict[str, Json]:
    """A schema for each part of the settings, made of the rules that also read it."""
    found: dict[str, Json] = {}
    for part in BY_NAME.values():
        schema: dict[str, Any] = part.form.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        found |= schema.pop("$defs", {})
        found[part.form.__name__] = schema
    found["Part"] = {
        "anyOf": [
            {"$ref": f"#/components/schemas/{part.form.__name__}"} for part in BY_NAME.values()
        ]
    }
    return found
