"""Every error this app raises on purpose. Status, public text and `retryable` are data.

    AppError
    ├── Malformed            400   the request cannot be read
    ├── Refused              401   the token is not accepted; one text for every cause
    ├── NotAllowed           403   known caller, not allowed
    │   ├── Unlicensed       403   reading stays, changes stop
    │   ├── SignInNeeded     403   at the vendor's desk: nobody is signed in
    │   └── CaseNeeded       403   at the vendor's desk: nobody said what for
    ├── NotThere             404   not there, or not yours: the two look the same
    ├── Clash                409   clashes with the present state
    │   └── NotConfigured    409   an administrator has to set something up first
    ├── TooLarge             413
    ├── InputRefused         422   every problem named
    ├── SlowDown             429   with the seconds to wait
    └── ServiceFailed        502   a service behind us failed
        ├── CredentialRefused    502   a service did not accept what an administrator gave
        ├── RequestRefused       502   a service read the request and did not take it
        ├── ServiceUnreachable   503
        │   ├── OwnServiceUnreachable 503  the app's own table, keys or queue
        │   ├── OutcomeUnknown     503   asked, but nobody can say whether it was done
        │   ├── SettingsUnreadable 503   a part is set but does not open
        │   └── SiteTokenMissing   503   the site has to send a new token first
        └── ServiceTimedOut      504

The doors map an AppError to `application/problem+json` in one place; anything else is a bug
and becomes a 500 that says nothing. Nobody decides by an error's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.said import Said


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the input: the field, and a sentence a person can act on."""

    field: str
    message: Said


class AppError(Exception):
    """The base. `detail` is shown to the caller: it never holds a secret or a person's data.

    What people may meet on a page is Said, so that the page says it in their language.
    """

    status: ClassVar[int] = 500
    kind: ClassVar[str] = "about:blank"
    title: ClassVar[str] = "Something went wrong"
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str = "",
        *,
        problems: Sequence[Problem] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.problems = tuple(problems)
        self.retry_after = retry_after


class Malformed(AppError):
    status = 400
    title = "The request could not be read"


class Refused(AppError):
    """The token was not accepted. Which check failed goes to the log, never to the caller."""

    status = 401
    title = "The token was not accepted"

    def __init__(self, cause: str = "refused") -> None:
        super().__init__("")
        self.cause = cause


class NotAllowed(AppError):
    status = 403
    title = "You are not allowed to do this"


class Unlicensed(NotAllowed):
    kind = "/problems/licence"
    title = "This site has no licence for the app"


class SignInNeeded(NotAllowed):
    title = "Sign in first"


class CaseNeeded(NotAllowed):
    title = "Say first what you are here for"


class NotThere(AppError):
    status = 404
    title = "There is nothing here"


class Clash(AppError):
    status = 409
    title = "This clashes with the present state"


class NotConfigured(Clash):
    kind = "/problems/not-configured"
    title = "This is not set up yet"


class TooLarge(AppError):
    status = 413
    title = "The request is too large"


class InputRefused(AppError):
    status = 422
    title = "The input was refused"


class SlowDown(AppError):
    status = 429
    title = "Too many requests"
    retryable = True


class ServiceFailed(AppError):
    """A service behind us gave an answer that cannot be believed or used."""

    status = 502
    title = "A service behind this app failed"
    retryable = True


class CredentialRefused(ServiceFailed):
    """A service did not accept a token, a secret or an account that an administrator gave.

    `code` and `error` are what the service said, if it says such a thing (Entra ID: the number of
    its AADSTS code and the OAuth error). Neither holds the credential.
    """

    title = "A service did not accept the saved credentials"
    retryable = False

    def __init__(self, detail: str = "", *, code: int | None = None, error: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.error = error


class RequestRefused(ServiceFailed):
    """A 400 or the like: the same request would be refused again."""

    title = "A service behind this app refused a request"


class LinkElsewhere(ServiceFailed):
    """A service gave a link to another host: nothing is sent there, however often it says so."""

    retryable = False


class ServiceUnreachable(ServiceFailed):
    status = 503
    title = "A service behind this app cannot be reached"


class OwnServiceUnreachable(ServiceUnreachable):
    """The app's own table, keys or queue do not answer: nothing that a customer could mend."""


class OutcomeUnknown(ServiceUnreachable):
    """A write left, and no answer says whether it was done: look before doing it again."""

    kind = "/problems/outcome-unknown"
    title = "It is not known whether this was done"
    retryable = False


class SettingsUnreadable(ServiceUnreachable):
    kind = "/problems/settings-unreadable"
    title = "A saved setting cannot be opened"


class SiteTokenMissing(ServiceUnreachable):
    """The site gave no token that still counts; its next call or hourly tick brings one."""

    title = "The site has to send a new token first"


class ServiceTimedOut(ServiceFailed):
    status = 504
    title = "A service behind this app took too long"
