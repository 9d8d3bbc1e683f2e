"""The two ways of a run, as its record tells: what changed, or everything, and then why."""

from __future__ import annotations

from typing import Final

from app.said import Sentence

WHY_FULL: Final = {
    "asked": Sentence("full.asked", "A full read was asked for."),
    "first": Sentence("full.first", "There was no earlier read to start from."),
    "settings": Sentence("full.settings", "The settings have changed since the last read."),
    "weekly": Sentence("full.weekly", "The last full read was seven days ago."),
    "old": Sentence(
        "full.old", "The last read was too long ago for Microsoft Graph to tell what changed."
    ),
    "expired": Sentence("full.expired", "Microsoft Graph asked for everything to be read again."),
    "untold": Sentence("full.untold", "Microsoft Graph did not tell what changed."),
    "everything_sent": Sentence(
        "full.everything_sent",
        "Objects missing from an execution are not ignored, so all have to be sent.",
    ),
    "preview": Sentence("full.preview", "It had to follow a preview."),
    "many": Sentence("full.many", "So much had changed that a full read is quicker."),
    "came_back": Sentence(
        "full.came_back",
        "Somebody came back or came into the filter, so whoever points to them was read, too.",
    ),
    "groups_changed": Sentence(
        "full.groups_changed", "A group whose members are imported was deleted or came back."
    ),
}


class ReadsAll(Exception):
    """What changed is not enough for this run. `why` is a code of WHY_FULL."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
