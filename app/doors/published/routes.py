"""Every route of the app: its method, its token, what it takes and what it gives."""

from __future__ import annotations

from typing import Final, get_args

from app.doors.published.answers import (
    EVENT,
    IMPORT_EVENT,
    PAGE,
    READ,
    WRITE,
    answers,
    json_of,
)
from app.doors.published.import_routes import IMPORTS, RUN_MADE
from app.doors.published.operations import (
    API,
    BY_FORGE,
    FORGE,
    HTML,
    LIFECYCLE,
    NOTHING,
    PAGES,
    in_path,
    operation,
    query,
    read,
    write,
)
from app.doors.published.public_routes import PUBLIC
from app.doors.published.visibility_routes import DRAFTS
from app.my_assets.query import DEFAULT_LIMIT, MOST_ROWS, MOST_SEARCH, Format, Sort
from app.site_settings.choices import READERS
from app.site_settings.documents import PARTS
from app.words import Json

_ID: Final[Json] = {"type": "string", "pattern": "^[A-Za-z0-9-]{1,64}$"}
_FILTERS: Final = (
    query("search", {"type": "string", "maxLength": MOST_SEARCH}),
    query("object_type", _ID),
    query("schema", _ID),
    query("sort", {"type": "string", "enum": list(get_args(Sort)), "default": "label"}),
)
_LIMIT: Final[Json] = {
    "type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_LIMIT
}  # fmt: skip
_PART: Final = in_path("part", {"type": "string", "enum": list(PARTS)})
_FILE: Final[Json] = {
    "200": {
        "description": "A file; by Forge invocation token a JSON object that holds it.",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/json": {"schema": {"$ref": "#/components/schemas/Export"}},
        },
    }
}

_MY_ASSETS: Final[Json] = {
    "/api/my-assets": {
        "get": read(
            "The caller's own assets",
            "MyAssets",
            *_FILTERS,
            query("limit", _LIMIT),
            query("cursor", {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,512}$"}),
        )
    },
    "/api/my-assets/export": {
        "get": operation(
            "All of them as a file",
            API,
            answers(_FILE, READ),
            parameters=(
                *_FILTERS,
                query("format", {"type": "string", "enum": list(get_args(Format))}),
            ),
            beside=BY_FORGE,
        )
    },
    "/api/my-assets/explanation": {
        "get": read(
            "Why an asset is shown or hidden",
            "Explanation",
            query("object_key", {"type": "string", "minLength": 1}, required=True),
        )
    },
    "/api/my-assets/{object_id}/report": {
        "post": write(
            "A request to the service desk about an asset of the caller's",
            {"201": json_of("Reported", "The request that was made.")},
            in_path("object_id", _ID),
            body="Report",
        )
    },
}
_SETTINGS: Final[Json] = {
    "/api/settings": {"get": read("The state of every part", "Settings")},
    "/api/settings/choices": {
        "get": read(
            "What an administrator can choose from",
            "Choices",
            query("kind", {"type": "string", "enum": list(READERS)}, required=True),
            query("query", {"type": "string", "maxLength": 255}),
            query("cursor", {"type": "string", "pattern": "^[0-9]{1,9}$"}),
        )
    },
    "/api/settings/{part}": {
        "put": write(
            "Probe and replace a part",
            {"200": json_of("PartState")},
            _PART,
            query("findings", {"type": "string", "enum": ["true", "false"]}),
            body="Part",
        ),
        "delete": write("Forget a part", NOTHING, _PART),
    },
    "/api/settings/{part}/check": {
        "post": operation(
            "Probe a body without saving it",
            API,
            answers({"200": json_of("Check")}, WRITE),
            parameters=(_PART,),
            body="Part",
            beside=BY_FORGE,
        )
    },
    "/api/site": {"get": read("Which site this is, and its licence", "Site")},
    "/api/site/held": {"get": read("All that the vendor holds of this site", "Held")},
}


def _page(summary: str) -> Json:
    return {"get": operation(summary, PAGES, answers(HTML, PAGE, as_page=True))}


def _event(
    summary: str, security: list[Json], body: str | None, *, beside: tuple[str, ...] = ()
) -> Json:
    told = answers(NOTHING, EVENT)
    return {"post": operation(summary, security, told, body=body, beside=beside)}


def _import(summary: str, done: Json) -> Json:
    told = answers(done, IMPORT_EVENT)
    return {"post": operation(summary, FORGE, told, body="ImportEvent", beside=BY_FORGE)}


_DOORS: Final[Json] = {
    "/my-assets": _page("My Assets, in Jira's frame"),
    "/portal/my-assets": _page("My Assets, in the portal's frame"),
    "/admin": _page("The administration, in Jira's frame"),
    "/connect/installed": _event("Installed through Connect", LIFECYCLE, "ConnectEvent"),
    "/connect/uninstalled": _event("Uninstalled through Connect", LIFECYCLE, "ConnectEvent"),
    "/forge/lifecycle": _event(
        "Installed, upgraded or leaving, through Forge",
        FORGE,
        "LifecycleEvent",
        beside=("SystemToken",),
    ),
    "/forge/tick": _event("The hourly call", FORGE, None, beside=("SystemToken",)),
    "/forge/import/start": _import("Start the import", RUN_MADE),
    "/forge/import/stop": _import("Stop the import", NOTHING),
    "/forge/import/status": _import("How it stands", {"200": json_of("ImportStatus")}),
    "/forge/import/deleted": _import("The import is gone in Assets", NOTHING),
}


PATHS: Final[Json] = _MY_ASSETS | _SETTINGS | DRAFTS | IMPORTS | _DOORS | PUBLIC
