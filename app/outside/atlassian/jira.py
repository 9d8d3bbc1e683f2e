"""The Jira site: one HTTP call a method (or its pages), typed answers, checked before belief.

Never decides anything: who may do what, and what a missing answer means, is a feature's matter.
Account ids and search words are encoded, so that they cannot become another address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import quote, urlencode

from app.errors import CredentialRefused, NotThere, ServiceFailed
from app.outside.answers import accepted, flag, items, mapping, text
from app.outside.atlassian.jira_people import account_of, group_of
from app.outside.atlassian.request_fields import request_field
from app.outside.http import READ_SECONDS, READ_SECONDS_OF_LITTLE, Answer, Credential, HttpCaller
from app.sentences import JIRA_SITE
from app.site import Account, Group, Licence, RequestField, RequestType, ServiceDesk
from app.words import AccountId

ADMINISTER: Final = "ADMINISTER"
PAGE: Final = 50
_ISSUE_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}-[0-9]{1,18}")
MAX_PAGES: Final = 200  # 10,000 desks or types: more is a site that answers in circles


class JiraSite:
    """`base_url` is the verified instance's address; `credential` speaks for the app or an account.

    Every method raises CredentialRefused, NotAllowed (403), NotThere (404), SlowDown (429, with
    the seconds to wait), ServiceUnreachable, ServiceTimedOut or ServiceFailed.
    """

    def __init__(self, http: HttpCaller, base_url: str, credential: Credential | None) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._credential = credential

    def is_administrator(self, account_id: AccountId) -> bool:
        """Whether this account is a Jira administrator (asked with the app's own credential)."""
        body = {"accountId": account_id, "globalPermissions": [ADMINISTER]}
        answer = self._send("POST", "/rest/api/3/permissions/check", body, READ_SECONDS_OF_LITTLE)
        granted = mapping(answer.json()).get("globalPermissions")
        return isinstance(granted, list) and granted == [ADMINISTER]

    def administers(self) -> bool:
        """Whether the account behind the credential is a Jira administrator."""
        body = self._read("/rest/api/3/mypermissions", {"permissions": ADMINISTER})
        permissions = mapping(mapping(body).get("permissions"))
        return flag(mapping(permissions.get(ADMINISTER)).get("havePermission")) is True

    def myself(self) -> Account:
        """The account behind the credential. Raises CredentialRefused if Jira knows of none.

        A dead API token may be answered by 200 and nothing, an anonymous visitor's answer.
        """
        answer = self._send("GET", "/rest/api/3/myself", seconds=READ_SECONDS_OF_LITTLE)
        if not answer.body.strip() or not answer.json():
            raise CredentialRefused("The Jira site answered as to a visitor without an account.")
        return account_of(mapping(answer.json()))

    def user(self, account_id: AccountId) -> Account:
        return account_of(mapping(self._read("/rest/api/3/user", {"accountId": account_id})))

    def find_users(self, query: str) -> tuple[Account, ...]:
        """Accounts whose name or address begins with the words: a fuzzy search, re-check it."""
        body = self._read("/rest/api/3/user/search", {"query": query, "maxResults": str(PAGE)})
        return tuple(account_of(record) for record in items(body))

    def groups_of(self, account_id: AccountId) -> tuple[Group, ...]:
        body = self._read("/rest/api/3/user/groups", {"accountId": account_id})
        return tuple(group_of(record) for record in items(body))

    def find_groups(self, query: str) -> tuple[Group, ...]:
        body = self._read("/rest/api/3/groups/picker", {"query": query, "maxResults": str(PAGE)})
        return tuple(group_of(record) for record in items(mapping(body).get("groups")))

    def groups_by_id(self, ids: Iterable[str]) -> tuple[Group, ...]:
        """The groups that Jira knows of these ids; unknown ids are simply not among them."""
        wanted = sorted(set(ids))
        found: list[Group] = []
        for start in range(0, len(wanted), PAGE):
            query = [("groupId", group_id) for group_id in wanted[start : start + PAGE]]
            known = self._pages("/rest/api/3/group/bulk", query, "startAt", "maxResults")
            found.extend(group_of(record) for record in known)
        return tuple(found)

    def workspace_id(self) -> str | None:
        """The site's Assets workspace; None on a site without Assets (an empty list, no error)."""
        body = mapping(self._read("/rest/servicedeskapi/assets/workspace", {"limit": str(PAGE)}))
        spaces = items(body.get("values"))
        return text(spaces[0], "workspaceId") if spaces else None

    def service_desks(self) -> tuple[ServiceDesk, ...]:
        return tuple(
            ServiceDesk(text(desk, "id"), text(desk, "projectName"), text(desk, "projectKey"))
            for desk in self._pages("/rest/servicedeskapi/servicedesk", [], "start", "limit")
        )

    def request_types(self, service_desk_id: str) -> tuple[RequestType, ...]:
        """Raises NotThere for a desk that does not exist or that the account may not see."""
        path = f"/rest/servicedeskapi/servicedesk/{_segment(service_desk_id)}/requesttype"
        return tuple(
            RequestType(text(kind, "id"), text(kind, "name"), service_desk_id)
            for kind in self._pages(path, [], "start", "limit")
        )

    def request_fields(self, service_desk_id: str, type_id: str) -> tuple[RequestField, ...]:
        desk, kind = _segment(service_desk_id), _segment(type_id)
        path = f"/rest/servicedeskapi/servicedesk/{desk}/requesttype/{kind}/field"
        fields = items(mapping(self._read(path)).get("requestTypeFields"))
        return tuple(request_field(each) for each in fields)

    def raise_request(
        self,
        service_desk_id: str,
        request_type_id: str,
        on_behalf_of: AccountId,
        values: Mapping[str, object],
    ) -> str:
        """Raise a request for a customer; gives its key. `values` by field id.

        RequestRefused, NotAllowed, NotThere: the desk does not take it; no code says why.
        """
        body = {
            "serviceDeskId": service_desk_id,
            "requestTypeId": request_type_id,
            "raiseOnBehalfOf": on_behalf_of,
            "requestFieldValues": dict(values),
        }
        answer = self._send("POST", "/rest/servicedeskapi/request", body)
        key = text(mapping(answer.json()), "issueKey")
        if not _ISSUE_KEY.fullmatch(key):
            raise ServiceFailed("The Jira site named a request in a shape that is not known.")
        return key

    def cloud_id(self) -> str:
        return text(mapping(self._read("/_edge/tenant_info")), "cloudId")

    def licence(self, app_key: str) -> Licence:
        """The app's licence on this site (`/rest/atlassian-connect/1/addons/{key}`)."""
        path = f"/rest/atlassian-connect/1/addons/{_segment(app_key)}"
        licence = mapping(self._read(path)).get("license")
        if licence is None:
            return Licence(active=False, evaluation=False)
        record = mapping(licence)
        return Licence(flag(record.get("active")) is True, flag(record.get("evaluation")) is True)

    def _read(self, path: str, query: Mapping[str, str] | None = None) -> object:
        address = path + ("?" + urlencode(query, quote_via=quote) if query else "")
        body: object = self._send("GET", address, seconds=READ_SECONDS_OF_LITTLE).json()
        return body

    def _send(
        self, method: str, path: str, body: object | None = None, seconds: float = READ_SECONDS
    ) -> Answer:
        answer = self._http.send(
            method,
            self._base_url + path,
            allowed_origin=self._base_url,
            credential=self._credential,
            json_body=body,
            read_seconds=seconds,
        )
        return accepted(answer, JIRA_SITE)

    def _pages(
        self, path: str, query: list[tuple[str, str]], start_name: str, size_name: str
    ) -> Iterator[Mapping[str, object]]:
        start = 0
        for _ in range(MAX_PAGES):
            window = [*query, (start_name, str(start)), (size_name, str(PAGE))]
            body = mapping(self._send("GET", f"{path}?{urlencode(window, quote_via=quote)}").json())
            found = items(body.get("values"))
            yield from found
            start += len(found)
            # Without a flag only an empty page ends the list: a short one may be a lower limit.
            if not found or flag(body.get("isLast", body.get("isLastPage"))) is True:
                return
        raise ServiceFailed("The Jira site did not come to an end of its pages.")


def _segment(value: str) -> str:
    """One path segment. A value of dots would climb to another address, whatever its encoding."""
    if not value or value in (".", ".."):
        raise NotThere
    return quote(value, safe="")
