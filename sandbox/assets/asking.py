"""Who asks Assets, and how a refusal is said."""

from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request

from sandbox.assets.model import Account


class Refused(Exception):
    """A call is refused with this status and body."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


@dataclass(frozen=True)
class Asker:
    """A Jira user by API token, or an import source by its container token."""

    account: Account | None = None
    source_id: str | None = None

    def user(self) -> Account:
        """The Jira user. Raises Refused for a container token."""
        if self.account is None:
            raise refusal(401, "Client must be authenticated to access this resource.")
        return self.account


def refusal(status: int, *messages: str, **errors: str) -> Refused:
    """A refusal in the shape Assets uses: messages, and errors by field."""
    return Refused(status, {"errorMessages": list(messages), "errors": errors})


def field_refusal(errors: dict[str, str], *messages: str) -> Refused:
    """400 with one text a field."""
    return Refused(400, {"errorMessages": list(messages), "errors": errors})


def number_in(text: str, what: str) -> int:
    """An id of a path as a number. Raises Refused: 404 for anything else."""
    if not (text.isascii() and text.isdigit()):
        raise refusal(404, f"{what} not found: {text}")
    return int(text)


def count_in(request: Request, name: str, default: int) -> int:
    """A whole number of the query, or a default. Raises Refused: 400."""
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise refusal(400, f"{name} must be a whole number")
    return int(text)


def flag_in(request: Request, name: str, *, default: bool) -> bool:
    """A yes or no of the query, or a default."""
    text = request.args.get(name, "").lower()
    return text == "true" if text in ("true", "false") else default
