"""How one operation is described: its token, what it takes and what it gives."""

from __future__ import annotations

from typing import Final

from app.doors.published.answers import READ, WRITE, answers, json_of
from app.words import Json

API: Final[list[Json]] = [{"connectContext": []}, {"forgeInvocation": []}]
FORGE: Final[list[Json]] = [{"forgeInvocation": []}]
PAGES: Final[list[Json]] = [{"connectPage": []}]
LIFECYCLE: Final[list[Json]] = [{"connectLifecycle": []}]
NOTHING: Final[Json] = {"204": {"description": "Done; no body."}}
HTML: Final[Json] = {
    "200": {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}}
}
BY_FORGE: Final = ("SystemToken", "UserToken")


def operation(
    summary: str,
    security: list[Json],
    responses: Json,
    *,
    parameters: tuple[Json, ...] = (),
    body: str | None = None,
    beside: tuple[str, ...] = (),
) -> Json:
    shared = [{"$ref": f"#/components/parameters/{name}"} for name in beside]
    made: Json = {"summary": summary, "security": security, "responses": responses}
    if parameters or shared:
        made["parameters"] = [*parameters, *shared]
    if body is not None:
        schema = {"$ref": f"#/components/schemas/{body}"}
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return made


def query(name: str, schema: Json, *, required: bool = False) -> Json:
    return {"name": name, "in": "query", "schema": schema, "required": required}


def in_path(name: str, schema: Json) -> Json:
    return {"name": name, "in": "path", "schema": schema, "required": True}


def read(summary: str, shape: str, *parameters: Json) -> Json:
    done = {"200": json_of(shape)}
    return operation(summary, API, answers(done, READ), parameters=parameters, beside=BY_FORGE)


def write(summary: str, done: Json, *parameters: Json, body: str | None = None) -> Json:
    return operation(
        summary,
        API,
        answers(done, WRITE),
        parameters=parameters,
        body=body,
        beside=("IdempotencyKey", *BY_FORGE),
    )
