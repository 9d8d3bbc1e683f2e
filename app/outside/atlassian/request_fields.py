"""A field of a request type, as the service desk lists it.

Source: Jira Service Management REST, request type fields; `jiraSchema.custom` of Assets fields is
`com.atlassian.jira.plugins.cmdb:cmdb-object-cftype`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.outside.answers import flag, text
from app.site import RequestField

ASSETS: Final = "com.atlassian.jira.plugins.cmdb:"


def request_field(given: Mapping[str, object]) -> RequestField:
    """Raises ServiceFailed where its id or its name is missing."""
    required = flag(given.get("required")) is True
    return RequestField(text(given, "fieldId"), text(given, "name"), required, _holds_assets(given))


def _holds_assets(given: Mapping[str, object]) -> bool | None:
    schema = given.get("jiraSchema")
    if not isinstance(schema, dict):
        return None
    return str(schema.get("custom") or "").startswith(ASSETS)
