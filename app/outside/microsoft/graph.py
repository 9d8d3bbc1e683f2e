"""Microsoft Graph v1.0 as the import reads it: one call a method, decoded straight from its bytes.

Only reads. A page that is cut, not JSON or without `value` is a failure, never "nothing".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import msgspec

from app.imports.kinds.records import (
    ApplicationRow,
    DeviceRow,
    GroupRow,
    ManagedRow,
    PersonRow,
    Pointer,
    RowPage,
)
from app.imports.run.ports import NoIntune
from app.outside.http import Credential, HttpCaller
from app.outside.microsoft.graph_batches import BATCH, owners_asked, owners_told
from app.outside.microsoft.graph_feed import GraphFeed
from app.outside.microsoft.graph_pages import GraphPages, selecting

LARGEST_PAGE: Final = 999  # Graph answers 400 above (facts, 3.5)
# A cast and `$count` are advanced queries: Graph wants this on every page (facts, 3.5 and 3.7).
ADVANCED: Final = {"ConsistencyLevel": "eventual"}

_PEOPLE: Final = msgspec.json.Decoder(RowPage[PersonRow])
_GROUPS: Final = msgspec.json.Decoder(RowPage[GroupRow])
_DEVICES: Final = msgspec.json.Decoder(RowPage[DeviceRow])
_MANAGED: Final = msgspec.json.Decoder(RowPage[ManagedRow])
_APPLICATIONS: Final = msgspec.json.Decoder(RowPage[ApplicationRow])
_POINTERS: Final = msgspec.json.Decoder(RowPage[Pointer])


class GraphReader:
    """One read of one tenant. `graph_url` is without `/v1.0`. Raises as GraphPages does."""

    def __init__(self, http: HttpCaller, graph_url: str, credential: Credential) -> None:
        self._pages = GraphPages(http, graph_url, credential)
        self._base = self._pages.base
        self.feed = GraphFeed(self._pages)

    def people(self, link: str | None, select: Sequence[str]) -> RowPage[PersonRow]:
        """Delta's first round is the full read, with managers as ids. It takes no `$top`."""
        return self._pages.page(
            link or f"{self._base}/users/delta?{selecting(select)}", "users", _PEOPLE
        )

    def groups(self, link: str | None, select: Sequence[str]) -> RowPage[GroupRow]:
        return self._pages.page(
            link or f"{self._base}/groups/delta?{selecting(select)}", "groups", _GROUPS
        )

    def devices(self, link: str | None, select: Sequence[str]) -> RowPage[DeviceRow]:
        """`$expand` caps the page at 100 whatever `$top` says; cut-off owners are asked later.

        Where Graph refuses `$expand`, all owners are asked later.
        """
        plain = f"{self._base}/devices?{selecting(select)}&$top={LARGEST_PAGE}"
        first = f"{plain}&$expand=registeredOwners"
        otherwise = None if link else plain
        page = self._pages.page(link or first, "devices", _DEVICES, otherwise=otherwise)
        for row in page.value:
            if row.more_owners is not None:
                row.owners = None
        return page

    def managed_devices(self, link: str | None, select: Sequence[str]) -> RowPage[ManagedRow]:
        """Intune chooses the size of its pages: which ones it takes is NC (facts, 3.8).

        Raises NoIntune where it is not there: Graph then calls the list a bad request.
        """
        first = f"{self._base}/deviceManagement/managedDevices?{selecting(select)}"
        answer = self._pages.send("GET", link or first)
        if answer.status == 400 and link is None:
            raise NoIntune("Microsoft Graph has no Intune for this tenant.")
        return self._pages.kept(link or first, answer, "managed_devices", _MANAGED)

    def applications(self, link: str | None, select: Sequence[str]) -> RowPage[ApplicationRow]:
        first = f"{self._base}/applications?{selecting(select)}&$top={LARGEST_PAGE}"
        return self._pages.page(link or first, "applications", _APPLICATIONS)

    def deleted_people(self, link: str | None) -> RowPage[Pointer]:
        path = "directory/deletedItems/microsoft.graph.user"
        first = f"{self._base}/{path}?$select=id&$top={LARGEST_PAGE}"
        return self._pages.page(link or first, "directory", _POINTERS)

    def members(self, group_id: str, link: str | None) -> RowPage[Pointer]:
        """The people in a group and in the groups within it. Raises NotThere: no such group."""
        cast = f"groups/{quote(group_id, safe='')}/transitiveMembers/microsoft.graph.user"
        first = f"{self._base}/{cast}?$select=id&$top={LARGEST_PAGE}&$count=true"
        return self._pages.page(link or first, "groups", _POINTERS, ADVANCED)

    def owners(self, device_ids: Sequence[str], told: dict[str, list[Pointer]]) -> None:
        """The registered owners of at most 20 devices, in one `$batch` of those not told yet."""
        asked = [each for each in device_ids if each not in told][:BATCH]
        if asked:
            answer = self._pages.send("POST", f"{self._base}/$batch", owners_asked(asked))
            owners_told(asked, answer, _POINTERS, told)
