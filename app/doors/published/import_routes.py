"""The routes of `/api/imports`."""

from __future__ import annotations

from typing import Final

from app.doors.published.answers import json_of
from app.doors.published.operations import in_path, query, read, write
from app.imports.desk.sample_desk import KINDS
from app.imports.run.history import COUNTS
from app.words import Json

RUN_MADE: Final = {"202": json_of("Run", "The run.")}
_RUN: Final = in_path("run_id", {"type": "string", "minLength": 1})
_PLACE: Final = query("cursor", {"type": "string", "pattern": "^[0-9]{1,6}$"})

IMPORTS: Final[Json] = {
    "/api/imports": {
        "get": read("The runs of 28 days, newest first", "Runs"),
        "post": write("Start a run", RUN_MADE, body="Start"),
    },
    "/api/imports/leavers": {
        "get": read("People who left and still hold assets", "Leavers", _PLACE),
    },
    "/api/imports/{run_id}": {
        "get": read("One run", "Run", _RUN),
        "delete": write("Cancel a run", RUN_MADE, _RUN),
    },
    "/api/imports/{run_id}/records": {
        "get": read(
            "Samples of what a preview plans",
            "Records",
            _RUN,
            query("kind", {"type": "string", "enum": list(KINDS)}),
            query("action", {"type": "string", "enum": list(COUNTS)}),
            _PLACE,
        )
    },
    "/api/imports/{run_id}/release": {"post": write("Let a braked run go on", RUN_MADE, _RUN)},
}
