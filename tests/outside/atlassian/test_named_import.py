"""Executions of an import named by its ids: below the site's own address, whatever is linked."""

from __future__ import annotations

import pytest

from app.errors import CredentialRefused, NotAllowed, NotThere, ServiceFailed
from app.outside.atlassian.import_source import ImportBySource
from app.outside.atlassian.named_import import NamedImportExecutions
from app.outside.credentials import Bearer
from app.words import Secret
from tests.stand_ins.wire import Reply, Wire

API = "https://api.a.example"
SITE = f"{API}/ex/jira/c-1"
SOURCE = "/workspace/w-1/v1/importsource/m-1"
BASE = f"{SITE}/jsm/assets{SOURCE}"


def client(*replies: Reply, source: str = "m-1") -> tuple[NamedImportExecutions, Wire]:
    wire = Wire(*replies)
    credential = Bearer(Secret("canary-system-token"))
    return NamedImportExecutions(wire.caller(), SITE, credential, "w-1", source), wire


def started(root: str) -> Reply:
    links = {"submitProgress": "progress", "submitResults": "data", "getExecutionStatus": "status"}
    named = {name: f"{root}/executions/e-1/{end}" for name, end in links.items()}
    return Reply({"result": "success", "links": {**named, "cancel": f"{root}/executions/e-1"}})


def test_links_are_built_without_a_call() -> None:
    imports, wire = client()
    links = imports.links()
    assert (links.workspace_id, links.import_source_id) == ("w-1", "m-1")
    assert [links.status, links.start, links.mapping] == [
        f"{BASE}/configstatus", f"{BASE}/executions", f"{BASE}/mapping",
    ]  # fmt: skip
    assert wire.sent == []


def test_a_whole_execution_stays_below_the_sites_address_with_its_token() -> None:
    imports, wire = client(
        Reply({"status": "IDLE"}), Reply({"resourceId": "r-1"}),
        started(f"{API}/jsm/insight{SOURCE}"), Reply(b""), Reply({"status": "DONE"}), Reply(b""),
    )  # fmt: skip
    links = imports.links()
    imports.config_status(links)
    imports.put_mapping(links, {}, first=True)
    execution = imports.start(links)
    imports.submit(execution, b"{}")
    imports.status(execution.status)
    imports.cancel(execution.cancel)
    assert all((each.url or "").startswith(SITE + "/") for each in wire.sent)
    tokens = {each.headers["Authorization"] for each in wire.sent}
    assert tokens == {"Bearer canary-system-token"}


@pytest.mark.parametrize("root", [API, SITE])
@pytest.mark.parametrize("name", ["assets", "insight"])
def test_both_places_and_names_of_a_link_are_taken(root: str, name: str) -> None:
    imports, _ = client(started(f"{root}/jsm/{name}{SOURCE}"))
    execution = imports.start(imports.links())
    assert execution.submit == f"{SITE}/jsm/{name}{SOURCE}/executions/e-1/data"


@pytest.mark.parametrize("root", ["/atlassian", "/atlassian/ex/jira/c-1"])
def test_the_api_may_lie_below_a_path(root: str) -> None:
    site = f"{API}/atlassian/ex/jira/c-1"
    wire = Wire(started(f"{API}{root}/jsm/assets{SOURCE}"))
    credential = Bearer(Secret("canary-system-token"))
    imports = NamedImportExecutions(wire.caller(), site, credential, "w-1", "m-1")
    execution = imports.start(imports.links())
    assert execution.submit == f"{site}/jsm/assets{SOURCE}/executions/e-1/data"


@pytest.mark.parametrize(
    "root",
    [
        f"https://evil.example/jsm/assets{SOURCE}",
        f"{API}/ex/jira/c-2/jsm/assets{SOURCE}",
        f"{SITE}/jsm/assets/workspace/w-2/v1/importsource/m-1",
        f"{SITE}/jsm/assets/workspace/w-1/v1/importsource/m-2",
        f"{SITE}/rest/api/3",
        f"{SITE}/jsm/assets{SOURCE}/../m-2",
        f"{SITE}/jsm/assets{SOURCE}/./..",
        f"{SITE}/jsm/assets{SOURCE}/%2e%2e/m-2",
    ],
)
def test_links_elsewhere_are_refused(root: str) -> None:
    imports, wire = client(started(root))
    with pytest.raises(ServiceFailed):
        imports.start(imports.links())
    assert len(wire.sent) == 1


@pytest.mark.parametrize("odd", ["", ".", ".."])
def test_what_cannot_be_an_id_is_not_asked_for(odd: str) -> None:
    imports, wire = client(source=odd)
    with pytest.raises(NotThere):
        imports.links()
    assert wire.sent == []


def looking(*replies: Reply) -> tuple[ImportBySource, Wire]:
    wire = Wire(*replies)
    return ImportBySource(wire.caller(), SITE, Bearer(Secret("t")), "w-1", "m-1"), wire


def test_an_import_is_looked_at_by_its_ids() -> None:
    imports, wire = looking(Reply({"status": "DISABLED"}))
    found = imports.look()
    assert (found.workspace_id, found.import_source_id, found.status) == ("w-1", "m-1", "DISABLED")
    assert wire.addresses() == [f"GET {BASE}/configstatus"]


@pytest.mark.parametrize(
    ("status", "error"), [(404, NotThere), (403, NotAllowed), (401, CredentialRefused)]
)
def test_an_import_that_cannot_be_looked_at_is_told_apart(
    status: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        looking(Reply({}, status))[0].look()
