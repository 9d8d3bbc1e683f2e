"""Which answers of Microsoft Graph can be believed, and what the others mean."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec

from app.errors import (
    AppError,
    CredentialRefused,
    NotAllowed,
    NotThere,
    Problem,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
    SlowDown,
)
from app.outside.answers import ASKED_TO_WAIT, CANNOT_BE_REACHED, seconds_to_wait
from app.outside.http import Answer
from app.said import Sentence
from app.sentences import TOOK_TOO_LONG

GRAPH: Final = Sentence("called.graph", "Microsoft Graph")
LACKS: Final = Sentence("graph.lacks", "The app registration lacks this permission.")

# Least privilege for each path (facts, 3.4); named to the administrator when Graph answers 403.
PERMISSIONS: Final = {
    "users": "User.Read.All",
    "groups": "GroupMember.Read.All",
    "devices": "Device.Read.All",
    "directory": "User.Read.All",
    "managed_devices": "DeviceManagementManagedDevices.Read.All",
    "applications": "Application.Read.All",
}
Shape = TypeVar("Shape")


def check(answer: Answer, area: str) -> None:
    """Return for an answer that can be believed; raise the error of the tree otherwise."""
    if answer.status == 200:
        return
    if answer.status == 429 or answer.status >= 500:
        raise _unavailable(answer)
    if answer.status == 401:
        raise CredentialRefused("Microsoft Graph did not accept the token.")
    if answer.status == 403:
        problem = Problem(PERMISSIONS[area], LACKS())
        raise NotAllowed("Microsoft Graph does not allow this.", problems=[problem])
    if answer.status == 404:
        raise NotThere("Microsoft Graph does not know what was asked for.")
    raise ServiceFailed("Microsoft Graph refused a request.")


def _unavailable(answer: Answer) -> AppError:
    wait = seconds_to_wait(answer)
    if answer.status == 429:
        return SlowDown(ASKED_TO_WAIT(service=GRAPH()), retry_after=wait)
    if answer.status == 504:
        return ServiceTimedOut(TOOK_TOO_LONG(service=GRAPH()), retry_after=wait)
    return ServiceUnreachable(CANNOT_BE_REACHED(service=GRAPH()), retry_after=wait)


def decoded(answer: Answer, decoder: msgspec.json.Decoder[Shape]) -> Shape:
    try:
        return decoder.decode(answer.body)
    except msgspec.MsgspecError:
        # Its text quotes what was sent, people included: it goes nowhere.
        raise ServiceFailed("Microsoft Graph answered in a shape that is not known.") from None
