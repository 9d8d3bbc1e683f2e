"""When the client secrets of one app registration end, as Graph tells. Never a secret itself."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import msgspec

from app.errors import InputRefused, Problem
from app.outside.http import Credential, HttpCaller, origin_of
from app.outside.microsoft.entra import CLIENT
from app.outside.microsoft.graph_answers import check, decoded
from app.said import Sentence
from app.site_settings.expiry import PasswordCredential

NO_CLIENT_ID: Final = Sentence("graph.not_a_client", "This is not a client id.")


class _Password(msgspec.Struct, rename="camel"):
    end_date_time: str | None = None
    hint: str | None = None


class _Registration(msgspec.Struct, rename="camel"):
    password_credentials: list[_Password] | None = None


class _Page(msgspec.Struct):
    value: list[_Registration]


_PAGE: Final = msgspec.json.Decoder(_Page)


class GraphSecrets:
    """`graph_url` is without `/v1.0`. Source: Graph v1.0, application and passwordCredential."""

    def __init__(self, http: HttpCaller, graph_url: str, credential: Credential) -> None:
        self._http = http
        self._base = f"{graph_url.rstrip('/')}/v1.0"
        self._origin = origin_of(graph_url)
        self._credential = credential

    def of(self, client_id: str) -> list[PasswordCredential]:
        """Those of the registration with this client id. Raises as GraphReader does."""
        if not CLIENT.fullmatch(client_id):
            raise InputRefused(problems=[Problem("client_id", NO_CLIENT_ID())])
        wanted = quote(f"appId eq '{client_id}'", safe="'")
        answer = self._http.send(
            "GET",
            f"{self._base}/applications?$filter={wanted}&$select=passwordCredentials",
            allowed_origin=self._origin,
            credential=self._credential,
        )
        check(answer, "applications")
        return [
            PasswordCredential((each.end_date_time or "")[:10], each.hint or "")
            for registration in decoded(answer, _PAGE).value
            for each in registration.password_credentials or ()
        ]
