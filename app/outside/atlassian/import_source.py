"""An external import of Assets, as far as the settings' probe asks: its links and its status.

Links are asked anew each time and never stored. A link to another host gets no credential.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from app.errors import NotThere, ServiceFailed
from app.outside.answers import accepted, items, mapping, text, text_or_none
from app.outside.credentials import Bearer
from app.outside.http import Credential, HttpCaller, origin_of
from app.said import Sentence
from app.words import Secret

SERVICE: Final = Sentence("called.import_in_assets", "The import in Assets")
LINKS: Final = ("getStatus", "start", "mapping")
# Assets still hands out links of its older name, `/jsm/insight/`; on Forge they lie under /ex/.
_LINK: Final = re.compile(
    r"(?:/ex/jira/[^/]+)?/jsm/(?:assets|insight)/workspace/([^/]+)/v1/importsource/([^/]+)/.+"
)
# NC: no published model of an import source shows its "missing objects" choice. These are the
# names that its predecessor's import interface used; where none is there, nothing is compared.
MISSING_OBJECTS_FIELDS: Final = ("missingObjectsType", "handleMissingObjects", "missingObjects")


@dataclass(frozen=True)
class FoundImport:
    """What a container token stands for: one import of one workspace, and how it is doing.

    `status` is IDLE, DISABLED, MISSING_MAPPING, RUNNING, or a word that is not known yet.
    """

    workspace_id: str
    import_source_id: str
    status: str


class ImportByToken:
    """The import behind a container token. `api_url` is ATLASSIAN_API_URL."""

    def __init__(self, http: HttpCaller, api_url: str, container_token: Secret) -> None:
        self._http = http
        self._api_url = api_url.rstrip("/")
        self._credential = Bearer(container_token)

    def look(self) -> FoundImport:
        """Ask which import the token belongs to, then for its status.

        Raises CredentialRefused for a token that was renewed or revoked, ServiceFailed for links
        that lead elsewhere, and the other service errors.
        """
        body = self._get(f"{self._api_url}/jsm/assets/v1/imports/info")
        given = mapping(mapping(body).get("links"))
        links = {name: text(given, name) for name in LINKS}
        if {origin_of(link) for link in links.values()} != {origin_of(self._api_url)}:
            raise ServiceFailed("The import in Assets pointed to another host.")
        named = {import_named_by(link, self._api_url) for link in links.values()}
        if len(named) != 1:
            raise ServiceFailed("The import in Assets pointed to more than one import.")
        status = text(mapping(self._get(links["getStatus"])), "status")
        return FoundImport(*named.pop(), status)

    def _get(self, url: str) -> object:
        answer = self._http.send(
            "GET", url, allowed_origin=self._api_url, credential=self._credential
        )
        body: object = accepted(answer, SERVICE).json()
        return body


class ImportBySource:
    """An import named by its ids. `api_url` is Assets' address as the credential's site has it."""

    def __init__(
        self,
        http: HttpCaller,
        api_url: str,
        credential: Credential,
        workspace_id: str,
        import_source_id: str,
    ) -> None:
        self._http = http
        self._api_url = api_url.rstrip("/")
        self._credential = credential
        self._workspace_id = workspace_id
        self._import_source_id = import_source_id

    def look(self) -> FoundImport:
        """Ask for its status. Raises NotThere: there is no such import."""
        url = import_address(self._api_url, self._workspace_id, self._import_source_id)
        answer = self._http.send(
            "GET", f"{url}/configstatus", allowed_origin=self._api_url, credential=self._credential
        )
        status = text(mapping(accepted(answer, SERVICE).json()), "status")
        return FoundImport(self._workspace_id, self._import_source_id, status)


class ImportSetUp:
    """How an import is set up in Assets, read with the account of `assets-access`."""

    def __init__(
        self, http: HttpCaller, api_url: str, workspace_id: str, credential: Credential
    ) -> None:
        self._http = http
        self._api_url = api_url.rstrip("/")
        self._workspace_id = workspace_id
        self._credential = credential

    def schema_id(self, import_source_id: str) -> str:
        """The object schema that the import fills."""
        return text(self._read(import_source_id), "objectSchemaId")

    def missing_objects(self, import_source_id: str) -> frozenset[str]:
        """The choices for objects missing from an execution, in lower case; empty: not shown."""
        body = self._read(import_source_id)
        entries = items(body.get("importSourceOTEntries") or [])
        return frozenset(choice for record in (body, *entries) for choice in _choices(record))

    def _read(self, import_source_id: str) -> Mapping[str, object]:
        url = import_address(self._api_url, self._workspace_id, import_source_id)
        answer = self._http.send(
            "GET", url, allowed_origin=self._api_url, credential=self._credential
        )
        return mapping(accepted(answer, SERVICE).json())


def import_address(api_url: str, workspace_id: str, import_source_id: str) -> str:
    """Where an import lies. Raises NotThere for what cannot be an id."""
    workspace, source = _segment(workspace_id), _segment(import_source_id)
    return f"{api_url}/jsm/assets/workspace/{workspace}/v1/importsource/{source}"


def _choices(record: Mapping[str, object]) -> Iterator[str]:
    for name in MISSING_OBJECTS_FIELDS:
        value = record.get(name)
        if isinstance(value, dict):
            yield from _choices(value)
        elif text_or_none(record, name):
            yield str(value).lower()


def import_named_by(link: str, api_url: str) -> tuple[str, str]:
    """Workspace and import of a link below the API's address. Raises ServiceFailed."""
    path = urlsplit(link).path.removeprefix(urlsplit(api_url).path.rstrip("/"))
    found = _LINK.fullmatch(path)
    if not found:
        raise ServiceFailed("The import in Assets gave a link of an unknown form.")
    return found.group(1), found.group(2)


def _segment(value: str) -> str:
    if not value or value in (".", ".."):
        raise NotThere
    return quote(value, safe="")
