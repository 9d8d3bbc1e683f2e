"""Jira's REST API about people: who is who, in which groups, with which permissions."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.http import answer, read_json
from sandbox.site.callers import Caller, Handler, refusal
from sandbox.site.people import People, User

GLOBAL_PERMISSIONS = ("ADMINISTER", "BROWSE_USERS", "SYSTEM_ADMIN", "USER_PICKER")
_SEARCHED_AT_MOST = 1000  # Jira looks no further


class UsersDoor:
    """Answers calls about users, groups and permissions."""

    def __init__(self, people: People) -> None:
        self._people = people

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """Method and rule to handler."""
        return {
            ("POST", "/rest/api/3/permissions/check"): self.check_permissions,
            ("GET", "/rest/api/3/mypermissions"): self.my_permissions,
            ("GET", "/rest/api/3/myself"): self.myself,
            ("GET", "/rest/api/3/user"): self.user,
            ("GET", "/rest/api/3/user/groups"): self.groups_of,
            ("GET", "/rest/api/3/user/search"): self.search,
            ("GET", "/rest/api/3/groups/picker"): self.pick_groups,
            ("GET", "/rest/api/3/group/bulk"): self.groups,
        }

    def check_permissions(self, request: Request, caller: Caller) -> Response:
        """Which of the permissions asked for a user has; an app may ask for anyone."""
        caller.known()
        caller.needs("READ")
        sent = read_json(request)
        if not isinstance(sent, dict):
            raise refusal(400, "A JSON object is expected.")
        asked = sent.get("globalPermissions", [])
        unknown = [p for p in asked if p not in GLOBAL_PERMISSIONS]
        if unknown:
            raise refusal(400, f"Unrecognized permission: {unknown[0]}")
        own = caller.user.account_id if caller.user else ""
        account_id = str(sent.get("accountId", own))
        if caller.user and account_id != own and not self._people.is_administrator(own):
            raise refusal(403, "You may ask for yourself only.")
        granted = [p for p in asked if self._has(account_id, p)]
        return answer({"globalPermissions": granted, "projectPermissions": []})

    def my_permissions(self, request: Request, caller: Caller) -> Response:
        """The caller's own permissions; nobody has none."""
        caller.needs("READ")
        asked = [p for p in request.args.get("permissions", "").split(",") if p]
        if not asked:
            raise refusal(400, "The permissions parameter is required.")
        account_id = caller.user.account_id if caller.user else ""
        rows = {}
        for number, name in enumerate(asked):
            if name not in GLOBAL_PERMISSIONS:
                raise refusal(400, f"Unrecognized permission: {name}")
            rows[name] = {
                "id": str(number),
                "key": name,
                "name": name.replace("_", " ").title(),
                "type": "GLOBAL",
                "description": "",
                "havePermission": self._has(account_id, name),
            }
        return answer({"permissions": rows})

    def myself(self, request: Request, caller: Caller) -> Response:
        """The caller."""
        del request
        user = caller.person()
        shape = {**self._shape(user, caller), "emailAddress": user.email}
        return answer(shape)

    def user(self, request: Request, caller: Caller) -> Response:
        """One user."""
        self._browsing(caller)
        return answer(self._shape(self._asked(request), caller))

    def groups_of(self, request: Request, caller: Caller) -> Response:
        """A user's groups."""
        self._browsing(caller)
        return answer([self._group(g) for g in sorted(self._asked(request).groups)])

    def search(self, request: Request, caller: Caller) -> Response:
        """Active users whose name or visible address begins with the query."""
        caller.needs("READ")
        caller.known()
        query = request.args.get("query", "").casefold()
        if not query:
            raise refusal(400, "The query parameter is required.")
        if caller.user and not self._has(caller.user.account_id, "BROWSE_USERS"):
            return answer([])
        found = [u for u in self._people.users.values() if self._begins(u, query, caller)]
        start = _number(request, "startAt", 0)
        most = min(_number(request, "maxResults", 50), _SEARCHED_AT_MOST)
        page = found[:_SEARCHED_AT_MOST][start : start + most]
        return answer([self._shape(u, caller) for u in page])

    def pick_groups(self, request: Request, caller: Caller) -> Response:
        """Groups whose name contains the query; nobody sees none."""
        caller.needs("READ")
        query = request.args.get("query", "").casefold()
        seen = self._people.groups if caller.app or caller.user else {}
        found = [g for g, name in seen.items() if query in name.casefold()]
        page = found[: _number(request, "maxResults", 20)]
        rows = [
            {"name": seen[g], "html": seen[g], "labels": [], "groupId": g}
            for g in sorted(page, key=lambda g: seen[g].casefold())
        ]
        header = f"Showing {len(page)} of {len(found)} matching groups"
        return answer({"header": header, "total": len(found), "groups": rows})

    def groups(self, request: Request, caller: Caller) -> Response:
        """The groups named, those that exist; an app needs the scope ADMIN."""
        caller.known()
        caller.needs("ADMIN")
        if caller.user and not self._has(caller.user.account_id, "BROWSE_USERS"):
            raise refusal(403, "You may not browse groups.")
        asked = request.args.getlist("groupId")
        found = [g for g in dict.fromkeys(asked) if g in self._people.groups]
        start, most = _number(request, "startAt", 0), _number(request, "maxResults", 50)
        rows = [{"name": self._people.groups[g], "groupId": g} for g in found]
        paging = {"maxResults": most, "startAt": start, "total": len(found)}
        last = start + most >= len(found)
        return answer({**paging, "isLast": last, "values": rows[start : start + most]})

    # --- what everyone may know

    def _browsing(self, caller: Caller) -> None:
        caller.known()
        caller.needs("READ")
        if caller.user and not self._has(caller.user.account_id, "BROWSE_USERS"):
            raise refusal(403, "You may not browse users.")

    def _asked(self, request: Request) -> User:
        user = self._people.find(request.args.get("accountId", ""))
        if user is None:
            raise refusal(404, "Specified user does not exist or you do not have permission.")
        return user

    def _has(self, account_id: str, permission: str) -> bool:
        user = self._people.find(account_id)
        if user is None or not user.active:
            return False
        if permission in ("ADMINISTER", "SYSTEM_ADMIN"):
            return self._people.is_administrator(account_id)
        return user.account_type in ("atlassian", "app")

    def _sees_email(self, user: User, caller: Caller) -> bool:
        if caller.user and caller.user.account_id == user.account_id:
            return True
        app = caller.app or (caller.user and caller.user.account_type == "app")
        shown_to = {"everyone"} if app else {"everyone", "people"}
        return user.email_shown_to in shown_to

    def _begins(self, user: User, query: str, caller: Caller) -> bool:
        if not user.active:
            return False
        words = [user.display_name, *user.display_name.split()]
        if self._sees_email(user, caller):
            words.append(user.email)
        return any(word.casefold().startswith(query) for word in words)

    def _shape(self, user: User, caller: Caller) -> dict[str, Any]:
        shape = {
            "self": f"/rest/api/3/user?accountId={user.account_id}",
            "accountId": user.account_id,
            "accountType": user.account_type,
            "displayName": user.display_name,
            "active": user.active,
            "timeZone": "Europe/Berlin",
            "locale": "en_US",
            "avatarUrls": {},
        }
        seen = self._sees_email(user, caller)
        return {**shape, "emailAddress": user.email} if seen else shape

    def _group(self, group_id: str) -> dict[str, str]:
        name = self._people.groups[group_id]
        return {"name": name, "groupId": group_id, "self": f"/rest/api/3/group?groupId={group_id}"}


def _number(request: Request, name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise refusal(400, f"{name} must be a whole number.")
    return int(text)
