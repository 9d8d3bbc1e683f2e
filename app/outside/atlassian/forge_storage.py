"""Site storage through Forge: the key-value store of one installation, by its system token.

Source: Forge, "Accessing Forge storage from a remote via REST API" (facts, 4.10): every call is a
POST, the token says whose storage it is. Other code of the app could write there too, so nothing
is believed that does not open.
"""

from __future__ import annotations

from typing import Final

from app.errors import Clash, CredentialRefused, ServiceFailed, ServiceUnreachable
from app.outside.answers import items, mapping, seconds_to_wait, text_or_none
from app.outside.atlassian.connect_properties import is_a_page
from app.outside.http import READ_SECONDS_OF_LITTLE, Answer, Credential, HttpCaller
from app.said import Sentence
from app.words import Json

TOO_LARGE: Final = Sentence(
    "storage.too_large", "Forge refused to store the settings: they are larger than it takes."
)
TOKEN_REFUSED: Final = Sentence(
    "storage.token_refused", "Forge storage did not accept the app's token for this site."
)
NO_ANSWER: Final = Sentence("storage.no_answer", "Forge storage gave no answer that can be used.")

PAGE: Final = 99  # "limit < 100"
MOST_PAGES: Final = 100
# Every name of ours begins with its generation, and every generation with this letter.
FIRST_LETTER: Final = "g"
# NC: how a key that is not there is answered. The error table has 400 with NOT_FOUND, the client
# library of Atlassian knows KEY_NOT_FOUND; 404, and 200 without a value, are taken for it too.
MISSING_CODES: Final = ("NOT_FOUND", "KEY_NOT_FOUND")
SERVICE: Final = "Forge storage"


class ForgeStorage:
    """`app.vault.ports.SiteStorage` for one instance. `api_url` is ATLASSIAN_API_URL.

    Also raises CredentialRefused, when the token is not accepted.
    """

    def __init__(self, http: HttpCaller, api_url: str, credential: Credential) -> None:
        self._http = http
        self._origin = api_url
        self._address = f"{api_url.rstrip('/')}/forge/storage/kvs/v1"
        self._credential = credential

    def read(self, name: str) -> str | None:
        """The text stored under a name; None if there is none, or something that is no text."""
        answer = self._send("get", {"key": name})
        if _is_missing(answer):
            return None
        _accepted(answer)
        try:
            document = answer.json()
        except ServiceFailed:
            return None
        value = document.get("value") if isinstance(document, dict) else None
        return value if isinstance(value, str) else None

    def write(self, name: str, value: str) -> None:
        answer = self._send("set", {"key": name, "value": value})
        if answer.status in (400, 413):
            raise Clash(TOO_LARGE())
        _accepted(answer)

    def delete(self, name: str) -> None:
        answer = self._send("delete", {"key": name})
        if not _is_missing(answer):
            _accepted(answer)

    def names(self) -> list[str]:
        """The names of everything of ours that lies there, of former generations too."""
        found: list[str] = []
        after: str | None = None
        for _ in range(MOST_PAGES):
            page = mapping(_accepted(self._send("query", _question(after))).json())
            rows = items(page.get("data"))
            found.extend(name for row in rows if (name := text_or_none(row, "key")))
            after = text_or_none(page, "cursor")
            if after is None or not rows:
                return found
        raise ServiceFailed(f"{SERVICE} lists keys without an end.")

    def _send(self, method: str, body: Json) -> Answer:
        """Late or odd answers count as none: ServiceUnreachable."""
        try:
            return self._http.send(
                "POST",
                f"{self._address}/{method}",
                allowed_origin=self._origin,
                credential=self._credential,
                json_body=body,
                read_seconds=READ_SECONDS_OF_LITTLE,
            )
        except ServiceUnreachable:
            raise
        except ServiceFailed:
            raise ServiceUnreachable(NO_ANSWER()) from None


def _question(after: str | None) -> Json:
    ours = {"property": "key", "condition": "BEGINS_WITH", "values": [FIRST_LETTER]}
    asked: Json = {"limit": PAGE, "where": [ours]}
    return asked if after is None else {**asked, "after": after}


def _is_missing(answer: Answer) -> bool:
    if answer.status != 400:
        return answer.status == 404
    try:
        return mapping(answer.json()).get("code") in MISSING_CODES
    except ServiceFailed:
        return False


def _accepted(answer: Answer) -> Answer:
    """When it says anything but yes, nobody can say what lies there."""
    if answer.status in (401, 403):
        raise CredentialRefused(TOKEN_REFUSED())
    if not 200 <= answer.status < 300 or is_a_page(answer):
        wait = seconds_to_wait(answer) if answer.status in (429, 503) else None
        raise ServiceUnreachable(NO_ANSWER(), retry_after=wait)
    return answer
