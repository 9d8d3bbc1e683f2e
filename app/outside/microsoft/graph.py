"""Microsoft Graph v1.0 as the import reads it: one call a method, decoded straight from its bytes.

Only reads. A page that is cut, not JSON or without `value` is a failure, never "nothing".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import quote

import msgspec

from app.errors import ServiceFailed, SlowDown
from app.imports.records import DeviceRow, GroupRow, PersonRow, Pointer, RowPage
from app.outside.answers import seconds_to_wait
from app.outside.http import Answer, Credential, HttpCaller, origin_of
from app.outside.microsoft.graph_answers import check, decoded

LARGEST_PAGE: Final = 999  # Graph answers 400 above (facts, 3.5)
BATCH: Final = 20
OWNER_FIELDS: Final = "id"
# A cast and `$count` are advanced queries: Graph wants this on every page (facts, 3.5 and 3.7).
ADVANCED: Final = {"ConsistencyLevel": "eventual"}
Shape = TypeVar("Shape")


class _Item(msgspec.Struct):
    id: str
    status: int
    headers: dict[str, str] = {}
    body: msgspec.Raw = msgspec.Raw(b"null")


class _Batch(msgspec.Struct):
    responses: list[_Item]


_PEOPLE: Final = msgspec.json.Decoder(RowPage[PersonRow])
_GROUPS: Final = msgspec.json.Decoder(RowPage[GroupRow])
_DEVICES: Final = msgspec.json.Decoder(RowPage[DeviceRow])
_POINTERS: Final = msgspec.json.Decoder(RowPage[Pointer])
_BATCHES: Final = msgspec.json.Decoder(_Batch)


class GraphReader:
    """One read of one tenant. `graph_url` is without `/v1.0`.

    Raises CredentialRefused (401), NotAllowed (403, `problems` name the permission), SlowDown,
    ServiceUnreachable, ServiceTimedOut, ServiceFailed.
    """

    def __init__(self, http: HttpCaller, graph_url: str, credential: Credential) -> None:
        self._http = http
        self._base = f"{graph_url.rstrip('/')}/v1.0"
        self._origin = origin_of(graph_url)
        self._credential = credential
        self._read: set[str] = set()

    def people(self, link: str | None, select: Sequence[str]) -> RowPage[PersonRow]:
        """Delta's first round is the full read, with managers as ids. It takes no `$top`."""
        return self._page(link or f"{self._base}/users/delta?{_select(select)}", "users", _PEOPLE)

    def groups(self, link: str | None, select: Sequence[str]) -> RowPage[GroupRow]:
        return self._page(link or f"{self._base}/groups/delta?{_select(select)}", "groups", _GROUPS)

    def devices(self, link: str | None, select: Sequence[str]) -> RowPage[DeviceRow]:
        """`$expand` caps the page at 100 whatever `$top` says; cut-off owners are asked later.

        Where Graph refuses `$expand`, all owners are asked later.
        """
        plain = f"{self._base}/devices?{_select(select)}&$top={LARGEST_PAGE}"
        first = f"{plain}&$expand=registeredOwners"
        otherwise = None if link else plain
        page = self._page(link or first, "devices", _DEVICES, otherwise=otherwise)
        for row in page.value:
            if row.more_owners is not None:
                row.owners = None
        return page

    def deleted_people(self, link: str | None) -> RowPage[Pointer]:
        path = "directory/deletedItems/microsoft.graph.user"
        first = f"{self._base}/{path}?$select=id&$top={LARGEST_PAGE}"
        return self._page(link or first, "directory", _POINTERS)

    def members(self, group_id: str, link: str | None) -> RowPage[Pointer]:
        """The people in a group and in the groups within it. Raises NotThere: no such group."""
        cast = f"groups/{quote(group_id, safe='')}/transitiveMembers/microsoft.graph.user"
        first = f"{self._base}/{cast}?$select=id&$top={LARGEST_PAGE}&$count=true"
        return self._page(link or first, "groups", _POINTERS, ADVANCED)

    def owners(self, device_ids: Sequence[str]) -> Mapping[str, list[Pointer]]:
        """The registered owners of at most 20 devices, in one `$batch`.

        An item that asks to wait makes the whole batch wait: it is small, and asking is free of
        effects. A device that is gone by now has no owner.
        """
        asked = list(device_ids)[:BATCH]
        requests = [
            {
                "id": str(place),
                "method": "GET",
                "url": f"/devices/{quote(each, safe='')}/registeredOwners?$select={OWNER_FIELDS}",
            }
            for place, each in enumerate(asked)
        ]
        answer = self._send("POST", f"{self._base}/$batch", {"requests": requests})
        # 424 says that items were throttled (facts, 3.9): the items then say more.
        if answer.status != 424:
            check(answer, "devices")
        items = {item.id: item for item in decoded(answer, _BATCHES).responses}
        if set(items) != {str(place) for place in range(len(asked))}:
            raise ServiceFailed("Microsoft Graph left out an answer of a batch.")
        answers = [_item_answer(items[str(place)]) for place in range(len(asked))]
        _check_items(answers)
        return {each: _owners(item) for each, item in zip(asked, answers, strict=True)}

    def _page(
        self,
        url: str,
        area: str,
        decoder: msgspec.json.Decoder[RowPage[Shape]],
        headers: Mapping[str, str] | None = None,
        otherwise: str | None = None,
    ) -> RowPage[Shape]:
        """One page. `otherwise` is asked instead where Graph calls `url` a bad request."""
        answer = self._send("GET", url, headers=headers)
        if answer.status == 400 and otherwise is not None:
            url, answer = otherwise, self._send("GET", otherwise, headers=headers)
        check(answer, area)
        page = decoded(answer, decoder)
        self._read.add(url)
        if page.next_link is not None:
            self._check_link(page.next_link)
        return page

    def _check_link(self, link: str) -> None:
        """A page that leads back would be read for ever; one elsewhere would get our token."""
        if origin_of(link) != self._origin:
            raise ServiceFailed("Microsoft Graph pointed to another host.")
        if link in self._read:
            raise ServiceFailed("Microsoft Graph leads in a circle.")

    def _send(
        self,
        method: str,
        url: str,
        body: object | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        return self._http.send(
            method,
            url,
            allowed_origin=self._origin,
            credential=self._credential,
            json_body=body,
            headers=headers,
        )


def _select(names: Sequence[str]) -> str:
    return "$select=" + ",".join(names)


def _item_answer(item: _Item) -> Answer:
    headers = {name.lower(): value for name, value in item.headers.items()}
    return Answer(item.status, headers, bytes(item.body))


def _check_items(answers: Sequence[Answer]) -> None:
    """Raise the longest wait that an item asks for, or else the first failure."""
    throttled = [each for each in answers if each.status == 429]
    if throttled:
        waits = [wait for each in throttled if (wait := seconds_to_wait(each)) is not None]
        raise SlowDown("Microsoft Graph asked to wait.", retry_after=max(waits, default=None))
    for each in answers:
        if each.status != 404:
            check(each, "devices")


def _owners(answer: Answer) -> list[Pointer]:
    return [] if answer.status == 404 else decoded(answer, _POINTERS).value
