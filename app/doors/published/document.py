"""The OpenAPI document, put together."""

from __future__ import annotations

from typing import Final

from app.doors.published.answers import HEADERS, PROBLEM
from app.doors.published.routes import PATHS
from app.doors.published.shapes import ANSWERS, REQUESTS, forms
from app.doors.published.visibility_shapes import DRAFT_ANSWERS, DRAFT_REQUESTS
from app.words import Json

_TOKEN: Final[Json] = {"type": "string", "pattern": "^[A-Za-z0-9._~+/=-]{1,8192}$"}
_SCHEMES: Final[Json] = {
    "connectContext": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`JWT` and a context token of the Connect script: HS256, `context-qsh`.",
    },
    "connectPage": {
        "type": "apiKey",
        "in": "query",
        "name": "jwt",
        "description": "HS256 with the instance's secret, bound to the address by its query hash.",
    },
    "connectLifecycle": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`JWT` and a token that Atlassian signed (RS256) for this app and address.",
    },
    "forgeInvocation": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A Forge invocation token (RS256).",
    },
}
_PARAMETERS: Final[Json] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Same key and body: the first answer again, for 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    },
    "SystemToken": {
        "name": "x-forge-oauth-system",
        "in": "header",
        "description": "Forge only: the app's own token for the site; the newest is kept.",
        "schema": _TOKEN,
    },
    "UserToken": {
        "name": "x-forge-oauth-user",
        "in": "header",
        "description": "Forge only: asks Jira whether the caller is an administrator; never kept.",
        "schema": _TOKEN,
    },
}


def document(base_url: str) -> Json:
    """The whole document for an app at this address."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "My Assets for Jira", "version": "1"},
        "servers": [{"url": base_url}],
        "paths": PATHS,
        "components": {
            "securitySchemes": _SCHEMES,
            "parameters": _PARAMETERS,
            "headers": HEADERS,
            "schemas": {"Problem": PROBLEM}
            | ANSWERS
            | REQUESTS
            | DRAFT_ANSWERS
            | DRAFT_REQUESTS
            | forms(),
        },
    }
