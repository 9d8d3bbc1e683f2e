"""The secrets of one registration at the wire: what is asked, what is believed, what is refused."""

from __future__ import annotations

import pytest

from app.errors import CredentialRefused, InputRefused, NotAllowed, ServiceFailed, SlowDown
from app.outside.credentials import Bearer
from app.outside.microsoft.graph_secrets import GraphSecrets
from app.site_settings.expiry import PasswordCredential
from app.words import Secret
from tests.stand_ins.wire import Reply, Wire

GRAPH = "https://graph.a.example"
CLIENT = "6731de76-14a6-49ae-97bc-6eba6914391e"


def secrets(wire: Wire) -> GraphSecrets:
    return GraphSecrets(wire.caller(), GRAPH, Bearer(Secret("canary-token")))


def test_only_the_own_registration_is_asked_for_its_secrets() -> None:
    wire = Wire(Reply({"value": []}))
    assert secrets(wire).of(CLIENT) == []
    assert wire.addresses() == [
        f"GET {GRAPH}/v1.0/applications?$filter=appId%20eq%20'{CLIENT}'&$select=passwordCredentials"
    ]


def test_ends_become_days_and_what_is_not_said_is_empty() -> None:
    told = [
        {"endDateTime": "2027-03-01T10:00:00.123Z", "hint": "abc", "secretText": None},
        {"endDateTime": None, "hint": None},
    ]
    wire = Wire(Reply({"value": [{"passwordCredentials": told}, {"passwordCredentials": None}]}))
    found = secrets(wire).of(CLIENT)
    assert found == [PasswordCredential("2027-03-01", "abc"), PasswordCredential("", "")]
    assert "abc" not in repr(found)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({}, 401), CredentialRefused),
        (Reply({}, 403), NotAllowed),
        (Reply({}, 429), SlowDown),
        (Reply({}, 400), ServiceFailed),
        (Reply(b"<html>"), ServiceFailed),
        (Reply({"value": [{"passwordCredentials": "none"}]}), ServiceFailed),
    ],
)
def test_anything_else_is_no_answer(reply: Reply, error: type[Exception]) -> None:
    with pytest.raises(error):
        secrets(Wire(reply)).of(CLIENT)


def test_an_id_that_could_alter_the_question_is_never_sent() -> None:
    wire = Wire()
    with pytest.raises(InputRefused):
        secrets(wire).of("x' or 1 eq 1")
    assert wire.sent == []
