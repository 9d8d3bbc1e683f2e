"""The imports API at the wire: every documented answer, and no token to any other host."""

from __future__ import annotations

import copy
import json

import pytest

from app.errors import CredentialRefused, ServiceFailed, ServiceUnreachable, SlowDown, TooLarge
from app.imports.run.ports import (
    ExecutionLinks,
    ImportLinks,
    MappingRefused,
    StartRefused,
    SubmitRefused,
)
from app.outside.atlassian.assets_imports import ImportExecutions
from app.outside.credentials import Bearer
from app.words import Secret
from tests.stand_ins.wire import Reply, Wire

API = "https://api.a.example"
BASE = f"{API}/jsm/assets/workspace/w-1/v1/importsource/m-1"
OLD = f"{API}/jsm/insight/workspace/w-1/v1/importsource/m-1/executions/e-1"
LINKS = {
    "getStatus": f"{BASE}/configstatus",
    "start": f"{BASE}/executions",
    "mapping": f"{BASE}/mapping",
}
FOUND = ImportLinks("w-1", "m-1", LINKS["getStatus"], LINKS["start"], LINKS["mapping"])
STARTED = {
    "submitProgress": f"{OLD}/progress",
    "submitResults": f"{OLD}/data",
    "getExecutionStatus": f"{OLD}/status",
    "cancel": OLD,
}
EXECUTION = ExecutionLinks(f"{OLD}/data", f"{OLD}/status", OLD, f"{OLD}/progress")
DONE = {
    "status": "DONE",
    "progressResult": {
        "result": "OK",
        "errorMessages": None,
        "objectTypeResultMap": {
            "1": {"entriesInSource": 2, "duplicateEnries": 0, "errorMessages": None},
            "2": {"entriesInSource": 1, "emptyLabelEntries": 0, "emptyExternalIdEntries": 0},
        },
    },
}


def client(*replies: Reply) -> tuple[ImportExecutions, Wire]:
    wire = Wire(*replies)
    return ImportExecutions(wire.caller(), API, Bearer(Secret("canary-token"))), wire


def test_the_links_say_which_import_of_which_workspace() -> None:
    imports, wire = client(Reply({"links": LINKS}))
    assert imports.links() == FOUND
    assert wire.addresses() == [f"GET {API}/jsm/assets/v1/imports/info"]
    assert "w-1/v1" not in repr(FOUND)


def test_the_api_may_lie_below_a_path() -> None:
    links = {name: link.replace(API, f"{API}/atlassian") for name, link in LINKS.items()}
    wire = Wire(Reply({"links": links}))
    imports = ImportExecutions(wire.caller(), f"{API}/atlassian", Bearer(Secret("canary-token")))
    assert imports.links().import_source_id == FOUND.import_source_id


@pytest.mark.parametrize(
    "changed",
    [
        {"start": BASE.replace("api.a.example", "evil.example") + "/executions"},
        {"mapping": BASE.replace("https", "http") + "/mapping"},
        {"getStatus": BASE.replace("w-1", "w-2") + "/configstatus"},
        {"start": f"{API}/elsewhere"},
        {"start": None},
    ],
)
def test_links_elsewhere_are_refused(changed: dict[str, object]) -> None:
    imports, wire = client(Reply({"links": {**LINKS, **changed}}))
    with pytest.raises(ServiceFailed):
        imports.links()
    assert len(wire.sent) == 1


def test_a_renewed_token_is_told_apart() -> None:
    imports, _ = client(Reply({}, 401))
    with pytest.raises(CredentialRefused):
        imports.links()


def test_a_running_import_names_its_execution() -> None:
    imports, _ = client(
        Reply({"status": "RUNNING", "links": {"getExecutionStatus": f"{OLD}/status"}}),
        Reply({"status": "IDLE"}),
    )
    assert imports.config_status(FOUND).execution == f"{OLD}/status"
    assert imports.config_status(FOUND).execution is None


def test_the_first_mapping_is_put_and_later_ones_are_merged() -> None:
    imports, wire = client(Reply(b"", 204), Reply({"resourceId": "r-1"}), Reply(b'"r-2"'))
    assert imports.put_mapping(FOUND, {"schema": {}}, first=True) is None
    progress = imports.put_mapping(FOUND, {"schema": {}}, first=False)
    assert progress == f"{BASE}/mapping/progress/r-1"
    assert imports.put_mapping(FOUND, {}, first=False) == f"{BASE}/mapping/progress/r-2"
    assert [each.method for each in wire.sent] == ["PUT", "PATCH", "PATCH"]


def test_a_mapping_is_done_when_it_says_so_and_refused_when_it_failed() -> None:
    imports, _ = client(
        Reply({"progressStatus": "IN_PROGRESS"}),
        Reply({"progressStatus": "FINISHED", "result": "OK"}),
        Reply({"progressStatus": "FINISHED", "result": "FAILED"}),
        Reply({"dataValidationErrors": [{"code": "UNKNOWN_EXTERNAL_ID_MAPPING"}]}, 400),
    )
    progress = f"{BASE}/mapping/progress/r-1"
    assert imports.mapping_done(FOUND, progress) is False
    assert imports.mapping_done(FOUND, progress) is True
    with pytest.raises(MappingRefused):
        imports.mapping_done(FOUND, progress)
    with pytest.raises(MappingRefused):
        imports.put_mapping(FOUND, {}, first=True)


def test_an_execution_gives_its_links_even_under_the_older_name() -> None:
    imports, wire = client(Reply({"result": "success", "links": STARTED}))
    assert imports.start(FOUND) == EXECUTION
    assert wire.addresses() == [f"POST {BASE}/executions"]


def test_execution_links_to_another_host_are_refused() -> None:
    evil = {**STARTED, "submitResults": "https://evil.example/data"}
    imports, _ = client(Reply({"result": "success", "links": evil}))
    with pytest.raises(ServiceFailed):
        imports.start(FOUND)


@pytest.mark.parametrize(
    "code", ["MISSING_MAPPING", "DISABLED", "INVALID_IMPORT_MODULE_KEY", "IN_PROGRESS"]
)
def test_a_refused_start_says_why(code: str) -> None:
    imports, _ = client(Reply({"result": "error", "errorCode": code}, 409))
    with pytest.raises(StartRefused) as refused:
        imports.start(FOUND)
    assert refused.value.code == code


def test_a_chunk_is_posted_as_it_is() -> None:
    imports, wire = client(Reply(b""))
    imports.submit(EXECUTION, b'{"completed":true}')
    assert wire.addresses() == [f"POST {OLD}/data"]
    assert json.loads(wire.sent[0].body or b"") == {"completed": True}


@pytest.mark.parametrize(
    ("status", "error"),
    [(413, TooLarge), (400, SubmitRefused), (410, SubmitRefused), (429, SlowDown),
     (500, ServiceUnreachable), (503, ServiceUnreachable), (401, CredentialRefused)],
)  # fmt: skip
def test_a_chunk_that_is_not_taken_is_told_apart(status: int, error: type[Exception]) -> None:
    imports, _ = client(Reply(b"{}", status))
    with pytest.raises(error):
        imports.submit(EXECUTION, b"{}")


def test_done_is_success_only_with_its_result_and_without_errors() -> None:
    imports, _ = client(Reply(DONE))
    status = imports.status(EXECUTION.status)
    assert (status.state, status.ok, status.entries, status.odd) == ("DONE", True, 3, 0)


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [("", "result", "FAILED"), ("", "errorMessages", ["x"]), ("1", "errorMessages", ["x"])],
)
def test_a_done_execution_with_an_error_is_no_success(place: str, name: str, value: object) -> None:
    body = copy.deepcopy(DONE)
    result = body["progressResult"]
    assert isinstance(result, dict)
    (result["objectTypeResultMap"]["1"] if place else result)[name] = value
    imports, _ = client(Reply(body))
    assert imports.status(EXECUTION.status).ok is False


@pytest.mark.parametrize("name", ["duplicateEnries", "emptyLabelEntries", "emptyExternalIdEntries"])
def test_entries_that_assets_did_not_take_are_counted(name: str) -> None:
    body = copy.deepcopy(DONE)
    result = body["progressResult"]
    assert isinstance(result, dict)
    result["objectTypeResultMap"]["2"][name] = 2
    imports, _ = client(Reply(body))
    assert imports.status(EXECUTION.status).odd == 2


def test_states_on_the_way_and_unknown_ones_are_not_done() -> None:
    imports, _ = client(*[Reply({"status": each}) for each in ("INGESTING", "NEW_WORD")])
    assert imports.status(EXECUTION.status).ok is False
    assert imports.status(EXECUTION.status).state == "NEW_WORD"


def test_cancelling_what_is_not_there_any_more_is_no_failure() -> None:
    imports, wire = client(Reply(b""), Reply(b"", 404))
    imports.cancel(EXECUTION.cancel)
    imports.cancel(EXECUTION.cancel)
    assert wire.addresses() == [f"DELETE {OLD}"] * 2
    with pytest.raises(ServiceFailed):
        imports.cancel("https://evil.example/executions/e-1")
    assert len(wire.sent) == 2
