"""A site's REST API and the key-value store behind the platform's gateway, by Forge tokens.

A Forge token opens `/ex/jira/{cloudId}/…` of its own site and the store, and nothing else: not
the site's own address, not the Assets calls at the top. A person's token does not open the store.
"""

from collections.abc import Callable

from werkzeug.wrappers import Request, Response

from sandbox.assets.asking import Asker
from sandbox.assets.asking import Refused as AssetsRefused
from sandbox.assets.cloud import AssetsCloud
from sandbox.forge.scopes import allowed
from sandbox.forge.storage import Storage, StorageRefused
from sandbox.forge.storage_door import StorageDoor
from sandbox.forge.tokens import Grant, Tokens
from sandbox.http import answer
from sandbox.site.callers import Caller, Handler, Refused
from sandbox.site.people import People
from sandbox.site.rest_desk import DeskDoor
from sandbox.site.rest_users import UsersDoor

_UNKNOWN = (401, {"code": 401, "message": "Unauthorized"})
_SCOPE = (401, {"code": 401, "message": "Unauthorized; scope does not match"})
_ELSEWHERE = (404, {"code": 404, "message": "Not Found"})

Opened = Callable[[str], Storage]  # installation id to its store


class Gateway:
    """Adds itself to the service that stands at ATLASSIAN_API_URL."""

    def __init__(
        self, cloud: AssetsCloud, people: People, desk: DeskDoor, tokens: Tokens, opened: Opened
    ) -> None:
        self._cloud = cloud
        self._people = people
        self._tokens = tokens
        self._opened = opened
        self._site = f"/ex/jira/{cloud.cloud_id}"
        cloud.by_bearer = self._asker
        for door in (UsersDoor(people), desk):
            for (method, rule), handler in door.routes().items():
                cloud.add_route(method, rule, self._guarded(handler))
        for (method, rule), serve in StorageDoor(self._store).routes().items():
            cloud.add_route(method, rule, serve)

    # --- the site's REST API

    def _guarded(self, handler: Handler) -> Handler:
        def serve(request: Request, **values: str) -> Response:
            try:
                return handler(request, self._caller(request), **values)
            except Refused as refused:
                return answer(refused.body, refused.status)

        return serve

    def _caller(self, request: Request) -> Caller:
        if not request.path.startswith(f"{self._site}/"):
            raise Refused(*_ELSEWHERE)
        header = request.headers.get("Authorization", "")
        scheme, _, credential = header.partition(" ")
        if scheme.lower() == "basic":
            user = self._people.by_basic(header)
            return Caller(user=user, failed=user is None)
        if scheme.lower() != "bearer":
            raise Refused(*_UNKNOWN)
        grant = self._tokens.grant(credential.strip())
        if grant is None:
            raise Refused(*_UNKNOWN)
        if not self._in_scope(request, grant):
            raise Refused(*_SCOPE)
        return Caller(user=self._people.users[grant.account_id])

    # --- Assets

    def _asker(self, request: Request, token: str) -> Asker | None:
        grant = self._tokens.grant(token)
        if grant is None or not request.path.startswith(f"{self._site}/"):
            return None
        if not self._in_scope(request, grant):
            raise AssetsRefused(*_SCOPE)
        return Asker(self._people.users[grant.account_id])

    # --- the store

    def _store(self, request: Request) -> Storage:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        grant = self._tokens.grant(token.strip()) if scheme.lower() == "bearer" else None
        if grant is None:
            raise StorageRefused(401, "UNAUTHORIZED", "Unauthorized")
        if not grant.system:
            raise StorageRefused(403, "FORBIDDEN", "A token of a user is not accepted")
        if not self._in_scope(request, grant):
            raise StorageRefused(401, "UNAUTHORIZED", "Unauthorized; scope does not match")
        return self._opened(grant.installation_id)

    def _in_scope(self, request: Request, grant: Grant) -> bool:
        path = request.path.removeprefix(self._site)
        return allowed(request.method, path, grant.scopes)
