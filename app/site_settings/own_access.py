"""Where the app's own token stands for a secret: mode `app`, and an import named by its source.

Not every site gives the app such a token. What is sent for it elsewhere is refused with a sentence.
"""

from __future__ import annotations

from typing import Final

from app.errors import Problem
from app.said import Sentence
from app.sentences import NEEDED
from app.site_settings.documents import PartName
from app.words import Json

ACCOUNT_FIELDS: Final = ("email", "api_token")
IMPORT_FIELDS: Final = ("import_source_id", "workspace_id")
# Fields of one of two ways only: where they are not used they are not kept, not even as nothing.
OF_ONE_WAY: Final = ("email", *IMPORT_FIELDS)

NO_OWN_ACCESS: Final = Sentence(
    "own.none",
    "Here the app has no access of its own: that comes with an installation through Forge. Choose"
    " api_token, and give the e-mail address and API token of an account.",
)
NO_NAMED_IMPORT: Final = Sentence(
    "named_import.not_here",
    "Here an import is not named by its source: that comes with an installation through Forge."
    " Give the container token of the import.",
)
NO_ACCOUNT: Final = Sentence("own.no_account", "Leave this out: with mode app no account is used.")
NOT_BOTH: Final = Sentence(
    "named_import.not_both", "Give either the container token or the import source, not both."
)


def with_mode(part: PartName, sent: Json, *, may: bool) -> Json:
    """The mode that is meant where none is sent: the app's own access, if there is such a thing.

    Whoever sends an account means that account.
    """
    if part != "assets-access" or "mode" in sent or not may:
        return sent
    account = any(sent.get(name) is not None for name in ACCOUNT_FIELDS)
    return {**sent, "mode": "api_token" if account else "app"}


def is_own(part: PartName, sent: Json) -> bool:
    """Whether this submission has the app's own token stand for the part's secret."""
    if part == "assets-access":
        return sent.get("mode") == "app"
    return part == "import" and any(sent.get(name) is not None for name in IMPORT_FIELDS)


def own_problems(part: PartName, sent: Json, *, may: bool) -> list[Problem]:
    """What is wrong about the way that was chosen. `may`: this site has the app's own access."""
    if part == "assets-access":
        return _account_problems(sent, may=may)
    if part == "import" and is_own(part, sent):
        return _import_problems(sent, may=may)
    return []


def _account_problems(sent: Json, *, may: bool) -> list[Problem]:
    if sent.get("mode") != "app":
        return [] if sent.get("email") is not None else [Problem("email", NEEDED())]
    if not may:
        return [Problem("mode", NO_OWN_ACCESS())]
    given = [name for name in ACCOUNT_FIELDS if sent.get(name) is not None]
    return [Problem(name, NO_ACCOUNT()) for name in given]


def _import_problems(sent: Json, *, may: bool) -> list[Problem]:
    if not may:
        given = [name for name in IMPORT_FIELDS if sent.get(name) is not None]
        return [Problem(name, NO_NAMED_IMPORT()) for name in given]
    lacking = [name for name in IMPORT_FIELDS if sent.get(name) is None]
    both = sent.get("container_token") is not None
    return [
        *(Problem(name, NEEDED()) for name in lacking),
        *([Problem("container_token", NOT_BOTH())] if both else []),
    ]
