"""The desk's one cookie. It holds a random text and nothing else.

`__Host-` binds it to this host and to HTTPS. While a sign-in is under way it is Lax, because the
provider sends the browser back from another site; from then on Strict.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from flask import Response, request

from app.vendor_desk import attempts, sessions

NAME: Final = "__Host-desk"
_MOST: Final = 200  # characters; ours are shorter


def given() -> str:
    """What the browser sent; an empty text if there is nothing of ours."""
    found = request.cookies.get(NAME, "")
    return found if len(found) <= _MOST else ""


def begin_attempt(response: Response, value: str) -> None:
    """The browser that begins a sign-in is the one that may end it."""
    _set(response, value, attempts.LASTS, "Lax")


def begin_session(response: Response, value: str) -> None:
    """Another value than the attempt's: nobody can have planted it before."""
    _set(response, value, sessions.LASTS, "Strict")


def forget(response: Response) -> None:
    """Take it back."""
    _set(response, "", timedelta(0), "Strict")


def _set(
    response: Response, value: str, lasts: timedelta, same_site: Literal["Lax", "Strict"]
) -> None:
    response.set_cookie(
        NAME,
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite=same_site,
    )
