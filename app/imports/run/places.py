"""Whom a step of a run calls, and the code of the reason when that one refuses or fails."""

from __future__ import annotations

from typing import Final, Literal

Where = Literal["assets", "container_token", "import_source", "graph", "entra", "jira", "app"]
REFUSED: Final[dict[Where, str]] = {
    "assets": "assets_refused",
    "container_token": "container_token_refused",
    "import_source": "import_not_allowed",
    "graph": "graph_refused",
    "entra": "entra_refused",
    "jira": "jira_refused",
    "app": "app_failed",
}
NOT_ALLOWED: Final[dict[Where, str]] = {
    **REFUSED,
    "assets": "assets_not_allowed",
    "graph": "graph_not_allowed",
}
FAILED: Final[dict[Where, str]] = {
    "assets": "assets_failed",
    "container_token": "assets_failed",
    "import_source": "assets_failed",
    "graph": "graph_failed",
    "entra": "entra_failed",
    "jira": "jira_failed",
    "app": "app_failed",
}
