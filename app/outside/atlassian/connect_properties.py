"""Site storage through Connect: the app's own properties inside the customer's Jira.

Source: Jira REST API v3, app properties: PUT 200/201, DELETE 204, a missing one 404; a name has
at most 127 characters, a value is non-empty JSON of at most 32,768 characters. Any user of the
site can write these too, so nothing is believed that does not open.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from app.errors import Clash, ServiceFailed, ServiceUnreachable
from app.outside.answers import seconds_to_wait
from app.outside.http import READ_SECONDS_OF_LITTLE, Answer, Credential, HttpCaller
from app.said import Sentence

NOT_GIVEN_BACK: Final = Sentence(
    "storage.not_given_back", "Jira did not give back the app's settings."
)
NOT_STORED: Final = Sentence(
    "storage.not_stored", "Jira did not store or give back the app's settings."
)
NO_ROOM: Final = Sentence(
    "storage.no_room",
    "Jira refused to store the settings. Its room for this app may be full: it holds {most}"
    " entries, and any user of the site can add some.",
)

MAX_NAME: Final = 127
MAX_VALUE: Final = 32_768
MOST_PROPERTIES: Final = 100


class ConnectProperties:
    """`app.vault.ports.SiteStorage` for one instance."""

    def __init__(
        self, http: HttpCaller, base_url: str, app_key: str, credential: Credential
    ) -> None:
        self._http = http
        self._base_url = base_url
        self._address = f"{base_url}/rest/atlassian-connect/1/addons/{quote(app_key)}/properties"
        self._credential = credential

    def read(self, name: str) -> str | None:
        """The text stored under a name; None if there is none, or something that is no text.

        Anybody on the site can write a value there, and some values cannot be read. But the answer
        around it is Jira's: what is no object at all is a failure of Jira's, and no property.
        """
        answer = self._send("GET", name)
        if answer.status == 404:
            return None
        self._expect(answer, 200)
        if not answer.body.lstrip().startswith(b"{"):
            raise ServiceUnreachable(NOT_GIVEN_BACK())
        try:
            document = answer.json()
        except ServiceFailed:
            return None
        value = document.get("value") if isinstance(document, dict) else None
        return value if isinstance(value, str) else None

    def write(self, name: str, value: str) -> None:
        answer = self._send("PUT", name, value)
        if answer.status in (400, 413):
            raise Clash(NO_ROOM(most=MOST_PROPERTIES))
        self._expect(answer, 200, 201)
        if is_a_page(answer):
            raise ServiceUnreachable(NOT_STORED())

    def delete(self, name: str) -> None:
        self._expect(self._send("DELETE", name), 204, 200, 404)

    def names(self) -> list[str]:
        """The names of all properties, whoever wrote them."""
        answer = self._ask("GET", self._address)
        self._expect(answer, 200)
        document = answer.json()
        keys = document.get("keys") if isinstance(document, dict) else None
        if not isinstance(keys, list):
            raise ServiceFailed("Jira's list of stored settings cannot be read.")
        return [
            key["key"] for key in keys if isinstance(key, dict) and isinstance(key.get("key"), str)
        ]

    def _send(self, method: str, name: str, value: str | None = None) -> Answer:
        return self._ask(method, f"{self._address}/{quote(name, safe='')}", value)

    def _ask(self, method: str, url: str, value: str | None = None) -> Answer:
        """Whatever way Jira fails, late or odd: ServiceUnreachable."""
        try:
            return self._http.send(
                method,
                url,
                allowed_origin=self._base_url,
                credential=self._credential,
                json_body=value,
                read_seconds=READ_SECONDS_OF_LITTLE,
            )
        except ServiceFailed as fault:
            raise _unreachable(fault) from None

    def _expect(self, answer: Answer, *statuses: int) -> None:
        if answer.status not in statuses:
            wait = seconds_to_wait(answer) if answer.status in (429, 503) else None
            raise ServiceUnreachable(NOT_STORED(), retry_after=wait)


def is_a_page(answer: Answer) -> bool:
    """Whether somebody before the service answered, with a page for people, whatever its status."""
    return answer.body.lstrip().startswith(b"<")


def _unreachable(fault: ServiceFailed) -> ServiceFailed:
    if isinstance(fault, ServiceUnreachable):
        return fault
    return ServiceUnreachable(NOT_STORED())
