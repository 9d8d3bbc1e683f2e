"""An external import as the probe asks it: its links stay on the host, the token with them."""

from __future__ import annotations

import pytest

from app.errors import CredentialRefused, NotAllowed, ServiceFailed, ServiceUnreachable, SlowDown
from app.outside.atlassian.import_source import FoundImport, ImportByToken, ImportSetUp
from app.outside.credentials import Basic
from app.words import Secret
from tests.stand_ins.wire import Reply, Wire

API = "https://api.a.example"
BASE = f"{API}/jsm/assets/workspace/w-1/v1/importsource/m-1"
LINKS = {
    "getStatus": f"{BASE}/configstatus",
    "start": f"{BASE}/executions",
    "mapping": f"{BASE}/mapping",
}


def look(wire: Wire) -> FoundImport:
    return ImportByToken(wire.caller(), API + "/", Secret("canary-token")).look()


def links(**changes: object) -> Reply:
    return Reply({"links": {**LINKS, **changes}})


def elsewhere(base: str) -> Reply:
    return Reply({"links": {name: link.replace(BASE, base) for name, link in LINKS.items()}})


def test_the_import_is_found_by_its_links_and_asked_for_its_status() -> None:
    wire = Wire(links(), Reply({"status": "IDLE"}))
    assert look(wire) == FoundImport("w-1", "m-1", "IDLE")
    assert wire.addresses() == [f"GET {API}/jsm/assets/v1/imports/info", f"GET {BASE}/configstatus"]
    assert {sent.headers["Authorization"] for sent in wire.sent} == {"Bearer canary-token"}


@pytest.mark.parametrize(
    "base",
    [
        f"{API}/jsm/insight/workspace/w-1/v1/importsource/m-1",
        f"{API}/ex/jira/c-1/jsm/assets/workspace/w-1/v1/importsource/m-1",
    ],
)
def test_older_and_other_forms_of_the_links_are_followed(base: str) -> None:
    wire = Wire(elsewhere(base), Reply({"status": "DISABLED"}))
    assert look(wire) == FoundImport("w-1", "m-1", "DISABLED")
    assert wire.addresses()[1] == f"GET {base}/configstatus"


def test_the_api_may_lie_below_a_path() -> None:
    wire = Wire(elsewhere(BASE.replace(API, f"{API}/atlassian")), Reply({"status": "IDLE"}))
    found = ImportByToken(wire.caller(), f"{API}/atlassian", Secret("canary-token")).look()
    assert found == FoundImport("w-1", "m-1", "IDLE")


@pytest.mark.parametrize(
    "base",
    [
        BASE.replace("api.a.example", "evil.example"),
        BASE.replace("https://", "http://"),
        BASE.replace("https://", "https://api.a.example@evil.example/"),
        BASE.replace("api.a.example", "api.a.example.evil.example"),
        BASE.replace("api.a.example", "api.a.example:8443"),
        f"{API}/somewhere/else",
        "not an address",
    ],
)
def test_links_that_lead_elsewhere_get_no_token(base: str) -> None:
    wire = Wire(elsewhere(base))
    with pytest.raises(ServiceFailed):
        look(wire)
    assert len(wire.sent) == 1


@pytest.mark.parametrize("name", LINKS)
def test_one_link_that_leads_elsewhere_is_enough(name: str) -> None:
    for link in ("https://evil.example/x", LINKS[name].replace("m-1", "m-2")):
        wire = Wire(links(**{name: link}))
        with pytest.raises(ServiceFailed):
            look(wire)
        assert len(wire.sent) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply({}), Reply({"links": []}), Reply({"links": {}}), Reply(b""), Reply(b"<html>"),
        links(start=None), links(mapping=5),
        Reply(status=302, headers={"Location": "https://evil.example"}), Reply(status=400),
    ],
)  # fmt: skip
def test_a_bad_answer_is_not_believed(reply: Reply) -> None:
    with pytest.raises(ServiceFailed):
        look(Wire(reply))


@pytest.mark.parametrize("status", [{}, {"status": ""}, {"status": None}, []])
def test_a_status_that_is_none_is_not_believed(status: object) -> None:
    with pytest.raises(ServiceFailed):
        look(Wire(links(), Reply(status)))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, CredentialRefused), (403, NotAllowed), (429, SlowDown), (500, ServiceUnreachable),
    ],
)  # fmt: skip
def test_each_refusal_is_told_as_what_it_is(status: int, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        look(Wire(Reply(status=status)))
    assert "canary" not in repr(raised.value)


def set_up(wire: Wire) -> ImportSetUp:
    credential = Basic("ada@a.example", Secret("canary-token"))
    return ImportSetUp(wire.caller(), API, "w-1", credential)


@pytest.mark.parametrize(
    ("shown", "choices"),
    [
        ({"id": "m-1"}, set()),
        ({"importSourceOTEntries": None}, set()),
        ({"importSourceOTEntries": [{"missingObjectsType": "REMOVE"}]}, {"remove"}),
        (
            {"importSourceOTEntries": [{"handleMissingObjects": {"missingObjectsType": "IGNORE"}}]},
            {"ignore"},
        ),
        (
            {
                "missingObjects": "ignore",
                "importSourceOTEntries": [{"missingObjects": "Update"}, {"missingObjects": None}],
            },
            {"ignore", "update"},
        ),
    ],
)
def test_the_choice_for_missing_objects_is_read_where_it_shows(
    shown: object, choices: set[str]
) -> None:
    wire = Wire(Reply(shown))
    assert set_up(wire).missing_objects("m-1") == choices
    assert wire.addresses() == [f"GET {BASE}"]


def test_an_import_id_stays_one_segment() -> None:
    wire = Wire(Reply({}))
    set_up(wire).missing_objects("m/../../x")
    assert wire.addresses()[0].endswith("/importsource/m%2F..%2F..%2Fx")


@pytest.mark.parametrize("given", ["6", 6])
def test_the_schema_that_an_import_fills_is_read(given: object) -> None:
    wire = Wire(Reply({"objectSchemaId": given}))
    assert set_up(wire).schema_id("m-1") == "6"
    assert wire.addresses() == [f"GET {BASE}"]


def test_an_import_without_a_schema_is_not_believed() -> None:
    with pytest.raises(ServiceFailed):
        set_up(Wire(Reply({}))).schema_id("m-1")
