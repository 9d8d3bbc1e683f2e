"""The service desks of a site: their request types, their customers, the requests raised."""

from dataclasses import dataclass, field
from typing import Any

ASSET_FIELD = "customfield_10090"
ASSET_FIELD_KIND = "com.atlassian.jira.plugins.cmdb:cmdb-object-cftype"


@dataclass
class RequestType:
    """One request type; with `asset_field` a request may carry an asset."""

    id: str
    name: str
    asset_field: bool = True

    def fields(self) -> list[dict[str, Any]]:
        """Its fields on the wire."""
        shown = [
            _field("summary", "What is wrong?", required=True, kind="summary"),
            _field("description", "Tell us more", required=False, kind="description"),
        ]
        if self.asset_field:
            schema = {"type": "array", "items": "cmdb-object-field", "custom": ASSET_FIELD_KIND}
            shown.append({**_field(ASSET_FIELD, "Affected asset"), "jiraSchema": schema})
        return shown


@dataclass
class Desk:
    """One service desk. `open_to_all`: every customer of the site may raise requests."""

    id: str
    name: str
    project_key: str
    types: dict[str, RequestType] = field(default_factory=dict)
    open_to_all: bool = True
    customers: set[str] = field(default_factory=set)

    def serves(self, account_id: str) -> bool:
        """Whether a user may raise requests here."""
        return self.open_to_all or account_id in self.customers


@dataclass(frozen=True)
class Raised:
    """One request as it was raised."""

    key: str
    desk_id: str
    type_id: str
    reporter: str
    fields: dict[str, Any]


def demo_desks() -> dict[str, Desk]:
    """One desk with two request types."""
    types = {"1": RequestType("1", "Report a problem with an asset"), "2": RequestType("2", "Ask")}
    types["2"].asset_field = False
    return {"1": Desk("1", "IT help", "HELP", types)}


def _field(
    name: str, label: str, *, required: bool = False, kind: str = "string"
) -> dict[str, Any]:
    return {
        "fieldId": name,
        "name": label,
        "description": "",
        "required": required,
        "defaultValues": [],
        "validValues": [],
        "presetValues": [],
        "jiraSchema": {"type": "string", "system": kind},
        "visible": True,
    }
