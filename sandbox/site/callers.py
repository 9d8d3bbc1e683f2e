"""Who calls the site: an app by its JWT, a person by e-mail and API token, or nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.http import answer, wire_path
from sandbox.site.lifecycle import Installation
from sandbox.site.people import People, User
from sandbox.site.tokens import TokenRefused, check_app_token

LOGIN_REASON = "X-Seraph-LoginReason"


class Refused(Exception):
    """A call is refused with this status and body."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


def refusal(status: int, *messages: str) -> Refused:
    """A refusal in Jira's shape."""
    return Refused(status, {"errorMessages": list(messages), "errors": {}})


@dataclass(frozen=True)
class Caller:
    """At most one of `app` and `user` is set. `failed`: a wrong token was taken for nobody."""

    app: Installation | None = None
    user: User | None = None
    failed: bool = False

    def person(self) -> User:
        """The user. Raises Refused for nobody, and for an app."""
        if self.user is None:
            raise refusal(401, "Client must be authenticated to access this resource.")
        return self.user

    def known(self) -> None:
        """Raises Refused for nobody."""
        if self.app is None and self.user is None:
            raise refusal(401, "Client must be authenticated to access this resource.")

    def needs(self, scope: str) -> None:
        """Raises Refused for an app without a scope; a person needs none."""
        if self.app is not None and scope not in self.app.scopes():
            raise refusal(403, f"The app does not have the scope {scope}.")


Handler = Callable[..., Response]


class Callers:
    """Tells callers apart, and answers for those who are refused."""

    def __init__(self, people: People, installation: Callable[[], Installation | None]) -> None:
        self._people = people
        self._installation = installation
        self.refused_tokens: list[str] = []  # why, for a test's eyes

    def guarded(self, handler: Handler) -> Handler:
        """A handler that is given its caller, and whose refusals are answered."""

        def serve(request: Request, **values: str) -> Response:
            headers: dict[str, str] = {}
            try:
                caller = self._caller(request)
                if caller.failed:
                    headers[LOGIN_REASON] = "AUTHENTICATED_FAILED"
                response = handler(request, caller, **values)
            except Refused as refused:
                response = answer(refused.body, refused.status)
            response.headers.extend(headers)
            return response

        return serve

    def _caller(self, request: Request) -> Caller:
        if "jwt" in request.args:
            raise refusal(401, "A JWT in the query is not accepted.")
        if request.method == "GET" and request.get_data():
            raise refusal(403, "A GET may not have a body.")
        header = request.headers.get("Authorization", "")
        scheme, _, credential = header.partition(" ")
        if scheme == "JWT":
            return Caller(app=self._app(request, credential.strip()))
        if scheme.lower() == "basic":
            user = self._people.by_basic(header)
            return Caller(user=user, failed=user is None)
        if header:
            raise refusal(401, "This kind of Authorization is not accepted here.")
        return Caller()

    def _app(self, request: Request, token: str) -> Installation:
        installation = self._installation()
        if installation is None:
            raise self._void(request, "no app is installed")
        query = request.query_string.decode("ascii", "replace")
        call = (request.method, wire_path(request), query)
        try:
            check_app_token(token, installation.signer, installation.app_key, call)
        except TokenRefused as problem:
            raise self._void(request, str(problem)) from None
        return installation

    def _void(self, request: Request, why: str) -> Refused:
        self.refused_tokens.append(f"{request.method} {request.path}: {why}")
        return refusal(401, "The JWT is not accepted.")
