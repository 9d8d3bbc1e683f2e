"""The licence: without one reading stays and changes stop.

What a page's address says of it (`lic`) is for display only and never read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from app.doors.guards import Caller
from app.doors.services import services
from app.errors import Unlicensed
from app.instances.reference import InstanceReference
from app.said import Sentence

READING_GOES_ON: Final = Sentence(
    "licence.reading", "Reading goes on. Renew the licence of the app to change anything."
)

View = Callable[..., Any]


def licensed_only(view: View) -> View:
    """Lets licensed sites through. Stands on every write of the API, below its other guards."""

    @wraps(view)
    def checked(caller: Caller, **parts: str) -> Any:  # noqa: ANN401 - whatever the view returns
        require_licence(caller.instance, caller.licensed)
        return view(caller, **parts)

    return checked


def require_licence(instance: InstanceReference, said: bool | None) -> None:  # noqa: FBT001 - what the token says
    """Raises Unlicensed."""
    if not has_licence(instance, said):
        raise Unlicensed(READING_GOES_ON())


def has_licence(instance: InstanceReference, said: bool | None) -> bool:  # noqa: FBT001 - what the token says
    """`said` is what the call's token says (Forge); None: the site is asked anew (Connect)."""
    return services().connect_licence(instance) if said is None else said
