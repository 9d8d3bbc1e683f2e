"""The service desk's REST API: the Assets workspace, desks, request types, requests."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.http import answer, read_json
from sandbox.site.callers import Caller, Handler, Refused
from sandbox.site.desks import ASSET_FIELD, Desk, Raised, RequestType, demo_desks
from sandbox.site.people import People, User

_AT = "/rest/servicedeskapi"


class DeskDoor:
    """Answers service desk calls. `premium`: without it the site has no Assets workspace."""

    def __init__(self, people: People, workspace_id: str) -> None:
        self._people = people
        self._workspace_id = workspace_id
        self.premium = True
        self.desks = demo_desks()
        self.raised: list[Raised] = []
        self.knows_asset: Callable[[str], bool] | None = None  # object id -> whether it exists

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """Method and rule to handler."""
        desk = f"{_AT}/servicedesk/<desk_id>/requesttype"
        return {
            ("GET", f"{_AT}/assets/workspace"): self.workspace,
            ("GET", f"{_AT}/servicedesk"): self.list_desks,
            ("GET", desk): self.list_types,
            ("GET", f"{desk}/<type_id>/field"): self.fields,
            ("POST", f"{_AT}/request"): self.raise_request,
        }

    def workspace(self, request: Request, caller: Caller) -> Response:
        """The site's workspace; nobody, and a site without Assets, gets an empty list."""
        seen = self.premium and caller.user is not None
        return _page(request, [{"workspaceId": self._workspace_id}] if seen else [])

    def list_desks(self, request: Request, caller: Caller) -> Response:
        """Every desk; nobody sees none."""
        rows = [_desk(desk) for desk in self.desks.values()] if caller.user else []
        return _page(request, rows)

    def list_types(self, request: Request, caller: Caller, desk_id: str) -> Response:
        """A desk's request types."""
        caller.person()
        desk = self._desk(desk_id)
        return _page(request, [_type(desk, kind) for kind in desk.types.values()])

    def fields(self, request: Request, caller: Caller, desk_id: str, type_id: str) -> Response:
        """What a request type asks for."""
        del request
        agent = self._is_agent(caller.person())
        kind = _kind(self._desk(desk_id), type_id)
        return answer(
            {
                "requestTypeFields": kind.fields(),
                "canRaiseOnBehalfOf": agent,
                "canAddRequestParticipants": True,
            }
        )

    def raise_request(self, request: Request, caller: Caller) -> Response:
        """A new request, on behalf of someone if the caller is an agent."""
        own = caller.person().account_id
        sent = read_json(request)
        if not isinstance(sent, dict) or not isinstance(sent.get("requestFieldValues"), dict):
            raise _said(400, "requestFieldValues is required")
        desk = self._desk(str(sent.get("serviceDeskId", "")))
        kind = _kind(desk, str(sent.get("requestTypeId", "")))
        reporter = str(sent.get("raiseOnBehalfOf", own))
        if reporter != own and not self._is_agent(caller.person()):
            raise _said(403, "You may not raise requests on behalf of others.")
        if self._people.find(reporter) is None or not desk.serves(reporter):
            raise _said(400, "The reporter is not a customer of this service desk.")
        self._check_fields(kind, sent["requestFieldValues"])
        key = f"{desk.project_key}-{len(self.raised) + 1}"
        made = Raised(key, desk.id, kind.id, reporter, sent["requestFieldValues"])
        self.raised.append(made)
        return answer(_raised(made), 201)

    def _is_agent(self, user: User) -> bool:
        """Administrators are; that a Forge app's own user is one as well is not confirmed."""
        return user.account_type == "app" or self._people.is_administrator(user.account_id)

    def _check_fields(self, kind: RequestType, values: dict[str, Any]) -> None:
        known = {row["fieldId"] for row in kind.fields()}
        if not set(values) <= known:
            raise _said(400, f"Not a field of this request type: {sorted(set(values) - known)}")
        if not str(values.get("summary") or "").strip():
            raise _said(400, "summary is required")
        for row in values.get(ASSET_FIELD, []):
            if not self._is_asset(row):
                raise _said(400, f"{ASSET_FIELD}: not an asset of this workspace")

    def _is_asset(self, row: Any) -> bool:
        """An asset is named by `id`, the workspace's id and the object's joined by a colon."""
        named = str(row.get("id", "")) if isinstance(row, dict) else ""
        workspace_id, _, object_id = named.partition(":")
        if workspace_id != self._workspace_id or not object_id.isdigit():
            return False
        return self.knows_asset is None or self.knows_asset(object_id)

    def _desk(self, desk_id: str) -> Desk:
        desk = self.desks.get(desk_id)
        if desk is None:
            raise _said(404, "The service desk was not found.")
        return desk


def _kind(desk: Desk, type_id: str) -> RequestType:
    kind = desk.types.get(type_id)
    if kind is None:
        raise _said(404, "The request type was not found.")
    return kind


def _page(request: Request, rows: Sequence[Any]) -> Response:
    start = int(request.args.get("start", "0"))
    most = min(int(request.args.get("limit", "50")), 100)
    page = list(rows[start : start + most])
    paging = {"size": len(page), "start": start, "limit": most}
    last = start + most >= len(rows)
    return answer({**paging, "isLastPage": last, "_links": {}, "values": page})


def _desk(desk: Desk) -> dict[str, Any]:
    return {
        "id": desk.id,
        "projectId": f"1000{desk.id}",
        "projectName": desk.name,
        "projectKey": desk.project_key,
        "_links": {},
    }


def _type(desk: Desk, kind: RequestType) -> dict[str, Any]:
    return {
        "id": kind.id,
        "name": kind.name,
        "description": "",
        "helpText": "",
        "serviceDeskId": desk.id,
        "groupIds": [],
        "_links": {},
    }


def _raised(made: Raised) -> dict[str, Any]:
    return {
        "issueId": made.key.rpartition("-")[2],
        "issueKey": made.key,
        "requestTypeId": made.type_id,
        "serviceDeskId": made.desk_id,
        "reporter": {"accountId": made.reporter},
        "requestFieldValues": [{"fieldId": k, "value": v} for k, v in made.fields.items()],
        "_links": {},
    }


def _said(status: int, message: str) -> Refused:
    return Refused(status, {"errorMessage": message, "i18nErrorMessage": {"i18nKey": ""}})
