"""The imports API for an import that is named by its ids: its links are built, not asked for.

Source: Forge, "Queue events ... to import Assets": an app of the site builds them from workspace
and import. Each stays below the site's own address, where alone the system token may go.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from app.errors import LinkElsewhere
from app.imports.run.ports import ImportLinks
from app.outside.atlassian.assets_imports import ImportExecutions
from app.outside.atlassian.import_source import import_address
from app.outside.http import Credential, HttpCaller

# NC: whether the links of an execution lie below the site's address, and under which name. Both
# names and both places are taken; what is asked then always lies below the site's address.
_LINK: Final = re.compile(
    r"(?:/ex/jira/(?P<cloud>[^/]+))?"
    r"(?P<rest>/jsm/(?:assets|insight)/workspace/(?P<workspace>[^/]+)/v1"
    r"/importsource/(?P<source>[^/]+)/[A-Za-z0-9/_-]+)"  # no dot, plain or encoded: it would climb
)


class NamedImportExecutions(ImportExecutions):
    """`api_url` is `{ATLASSIAN_API_URL}/ex/jira/{cloud id}`. Raises as ImportExecutions."""

    def __init__(
        self,
        http: HttpCaller,
        api_url: str,
        credential: Credential,
        workspace_id: str,
        import_source_id: str,
    ) -> None:
        super().__init__(http, api_url, credential)
        self._workspace_id = workspace_id
        self._import_source_id = import_source_id

    def links(self) -> ImportLinks:
        """Where this import is asked and told. Makes no call."""
        base = import_address(self._api_url, self._workspace_id, self._import_source_id)
        return ImportLinks(
            self._workspace_id,
            self._import_source_id,
            status=f"{base}/configstatus",
            start=f"{base}/executions",
            mapping=f"{base}/mapping",
        )

    def _checked(self, url: str) -> str:
        """The link below the site's own address. A link to another host, site or import would
        carry the site's token there."""
        parts = urlsplit(super()._checked(url))
        prefix, _, cloud = urlsplit(self._api_url).path.partition("/ex/jira/")
        found = _LINK.fullmatch(parts.path.removeprefix(prefix))
        if (
            found is None
            or found["cloud"] not in (None, cloud)
            or (found["workspace"], found["source"]) != (self._workspace_id, self._import_source_id)
        ):
            raise LinkElsewhere("The import in Assets pointed to another import.")
        query = f"?{parts.query}" if parts.query else ""
        return f"{self._api_url}{found['rest']}{query}"
