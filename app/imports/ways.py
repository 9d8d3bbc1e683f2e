"""The two ways of a run, as its record tells: what changed, or everything, and then why."""

from __future__ import annotations

from typing import Final

WHY_FULL: Final = {
    "asked": "A full read was asked for.",
    "first": "There was no earlier read to start from.",
    "settings": "The settings have changed since the last read.",
    "weekly": "The last full read was seven days ago.",
    "old": "The last read was too long ago for Microsoft Graph to tell what changed.",
    "expired": "Microsoft Graph asked for everything to be read again.",
    "untold": "Microsoft Graph did not tell what changed.",
    "everything_sent": "Objects missing from an execution are not ignored, so all have to be sent.",
    "preview": "It had to follow a preview.",
    "many": "So much had changed that a full read is quicker.",
    "came_back": (
        "Somebody came back or came into the filter, so whoever points to them was read, too."
    ),
    "groups_changed": "A group whose members are imported was deleted or came back.",
}


class ReadsAll(Exception):
    """What changed is not enough for this run. `why` is a code of WHY_FULL."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
