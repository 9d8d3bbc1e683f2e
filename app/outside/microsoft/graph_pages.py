"""One page of Microsoft Graph after the other: what may be followed, and what can be believed.

Only reads. A page that is cut, not JSON or without `value` is a failure, never "nothing".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from app.errors import ServiceFailed
from app.imports.kinds.records import RowPage
from app.outside.http import Answer, Credential, HttpCaller, origin_of
from app.outside.microsoft.graph_answers import check, decoded

Shape = TypeVar("Shape")


class GraphPages:
    """`base` is the address of version 1.0. Links lead to the same origin, and never in a circle.

    Raises CredentialRefused (401), NotAllowed (403, `problems` name the permission), SlowDown,
    ServiceUnreachable, ServiceTimedOut, ServiceFailed.
    """

    def __init__(self, http: HttpCaller, graph_url: str, credential: Credential) -> None:
        self.base = f"{graph_url.rstrip('/')}/v1.0"
        self._http = http
        self._origin = origin_of(graph_url)
        self._credential = credential
        self._read: set[str] = set()

    def page(
        self,
        url: str,
        area: str,
        decoder: msgspec.json.Decoder[RowPage[Shape]],
        headers: Mapping[str, str] | None = None,
        otherwise: str | None = None,
    ) -> RowPage[Shape]:
        """One page. `otherwise` is asked instead where Graph calls `url` a bad request."""
        answer = self.send("GET", url, headers=headers)
        if answer.status == 400 and otherwise is not None:
            url, answer = otherwise, self.send("GET", otherwise, headers=headers)
        return self.kept(url, answer, area, decoder)

    def kept(
        self, url: str, answer: Answer, area: str, decoder: msgspec.json.Decoder[RowPage[Shape]]
    ) -> RowPage[Shape]:
        """The page of an answer, its links checked."""
        check(answer, area)
        page = decoded(answer, decoder)
        self._read.add(url)
        for link in (page.next_link, page.delta_link):
            if link is not None and origin_of(link) != self._origin:
                raise ServiceFailed("Microsoft Graph pointed to another host.")
        # A page that leads back would be read for ever; one elsewhere would get our token.
        if page.next_link in self._read:
            raise ServiceFailed("Microsoft Graph leads in a circle.")
        return page

    def send(
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


def selecting(names: Sequence[str]) -> str:
    """The `$select` of an address."""
    return "$select=" + ",".join(names)
