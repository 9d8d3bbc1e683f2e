"""Graph's error answers: the code, the text, and the envelope around them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class GraphError(Exception):
    """An answer that is not 2xx."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, now: datetime) -> dict[str, Any]:
        """The JSON of the answer."""
        request_id = str(uuid.uuid4())
        inner = {
            "date": f"{now:%Y-%m-%dT%H:%M:%S}",
            "request-id": request_id,
            "client-request-id": request_id,
        }
        error = {"code": self.code, "message": self.message, "innerError": inner}
        return {"error": error}


def bad_request(message: str, code: str = "Request_BadRequest") -> GraphError:
    """400."""
    return GraphError(400, code, message)


def unsupported(message: str) -> GraphError:
    """400 for a query that needs the advanced capabilities, or is not there at all."""
    return GraphError(400, "Request_UnsupportedQuery", message)


def denied() -> GraphError:
    """403: the token is good, the permission is missing."""
    return GraphError(
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
    )


def not_found(object_id: str) -> GraphError:
    """404 for an object."""
    message = (
        f"Resource '{object_id}' does not exist or one of its queried reference-property objects "
        "are not present."
    )
    return GraphError(404, "Request_ResourceNotFound", message)


def not_played(asked: str) -> GraphError:
    """501: this stand-in does not play what was asked; the name says what."""
    return GraphError(501, "NotImplemented", f"The stand-in for Graph does not play {asked}.")
