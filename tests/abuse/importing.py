"""The whole importer at the wire: the real wiring, clients and vault; Entra ID, Graph and Assets
are the sandbox's, asked in this process. Time passes only where a run waits.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
import requests
from werkzeug.test import Client

from app.doors.services import Services
from app.imports.legs.worker import ImportWorker
from app.instances.reference import InstanceReference
from app.wiring import house as wiring
from sandbox.assets.cloud import AssetsCloud
from sandbox.assets.import_sources import ImportSource
from sandbox.directory import Directory
from sandbox.entra import CLIENT_ID, CLIENT_SECRET, TENANT_ID, Entra, SigningKey, demo_tenant
from sandbox.graph import Behaviour, Graph
from sandbox.http import Service
from sandbox.site.people import People, User
from tests.abuse.house import House, build, two_sites
from tests.abuse.internet import JiraHost
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.wire import Reply

API, LOGIN, GRAPH = "api.atlassian.com", "login.microsoftonline.com", "graph.microsoft.com"
KEEPER = "keeper@example.com"
KEY = SigningKey()  # made once: a key takes a tenth of a second
Fault = Callable[[requests.PreparedRequest], Reply | Exception | None]
ALL_KINDS: dict[str, bool] = dict.fromkeys(
    ("users", "groups", "devices", "managed_devices", "departments", "locations", "applications"),
    True,
)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/|$)")


def name_of(request: requests.PreparedRequest) -> str:
    """What kind of call it is: method, host and path without ids, and what tells pages apart."""
    parts = urlsplit(request.url or "")
    path = _ID.sub("*", unquote(parts.path)).replace("/jsm/insight/", "/jsm/assets/")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    more = [each for each in ("$skiptoken", "$deltatoken") if each in query]
    if path.endswith("/data"):
        more += ["end"] if (request.body or b"")[:13] == b'{"completed":' else []
    return " ".join([f"{request.method} {parts.netloc}{path}", *more])


@dataclass
class Seen:
    """One request as it left, and when by the test's clock."""

    name: str
    at: float
    request: requests.PreparedRequest = field(repr=False)


@dataclass
class Importing:
    """One site set up for imports. `fault` may answer, or fail, in a service's place."""

    house: House
    worker: ImportWorker
    services: Services
    directory: Directory
    graph: Graph
    entra: Entra
    assets: AssetsCloud
    source: ImportSource
    people: People
    api_token: str
    fault: Fault = lambda _: None
    lost: Fault = lambda _: None
    seen: list[Seen] = field(default_factory=list)

    @property
    def instance(self) -> InstanceReference:
        (found,) = [e for e in self.house.table.all() if e.base_url == "https://acme.atlassian.net"]
        return found

    def reach(self, host: str, service: Service) -> None:
        """Let a host be played by a service."""
        self.house.internet.hosts[host] = self._watched(_into(service, f"https://{host}"))

    def rule(self, **rules: Any) -> None:
        """Save the part `import` anew, as an administrator does."""
        body = {"missing_objects": "ignore", **rules}
        saved = self.house.api("PUT", "/api/settings/import", json=body)
        assert saved.status_code == 200, saved.get_json()

    def start(self, mode: str = "full", **more: str) -> str:
        return str(self.services.imports.start(self.instance, {"mode": mode, **more})["id"])

    def another_worker(self) -> ImportWorker:
        """Another process: it knows nothing of this one's legs."""
        ours = self.worker
        return ImportWorker(
            ours._runs, ours._connections, self.house.clock, os.urandom, _naps(self.house.clock)
        )

    def message(self) -> str:
        return str(self.house.queue.messages[-1]["MessageBody"])

    def work_off(self, most: int = 3000) -> None:
        """Deliver the newest message until it is done with, as the queue would."""
        for _ in range(most):
            again = self.worker.work(self.message()).again
            if again is None:
                return
            self.house.clock.pass_(seconds=max(again, 0.01))
        raise AssertionError("the run did not come to its end")

    def run(self, mode: str = "full", **more: str) -> dict[str, Any]:
        run_id = self.start(mode, **more)
        self.work_off()
        return self.shown(run_id)

    def shown(self, run_id: str) -> dict[str, Any]:
        return dict(self.services.imports.get(self.instance, run_id))

    def objects(self) -> dict[str, dict[str, Any]]:
        """Everything of the import's schema, by type and identity, ids of objects left out."""
        space = self.assets.workspace
        found: dict[str, dict[str, Any]] = {}
        for thing in space.things.values():
            kind = space.types[thing.type_id]
            if kind.schema_id == self.source.schema_id:
                row = {space.attributes[n].name: v for n, v in thing.values.items()}
                mark = row.get("Entra ID", row.get("Name", ("?",)))[0]
                assert mark not in found.get(kind.name, {}), f"two of {mark}"
                found.setdefault(kind.name, {})[mark] = row
        return found

    def writes(self) -> list[str]:
        """The calls so far that change objects: a chunk is not one before its end."""
        return [each.name for each in self.seen if is_write(each.name)]

    def open_executions(self) -> list[str]:
        return [e.state for e in self.source.executions.values() if e.running()]

    def calm(self) -> None:
        """No faults from now on; what was seen is forgotten."""
        self.fault = self.lost = lambda _: None
        self.seen.clear()

    def _watched(self, host: Callable[[requests.PreparedRequest], Reply]) -> Any:
        def handle(request: requests.PreparedRequest) -> Reply | Exception:
            at = self.house.clock.now.timestamp()
            self.seen.append(Seen(name_of(request), at, request))
            instead = self.fault(request)
            if instead is not None:
                return instead
            reply = host(request)
            return self.lost(request) or reply

        return handle


def is_write(name: str) -> bool:
    return name.endswith("/data end") or (
        name.startswith(("PUT", "DELETE")) and name.endswith("/object/*")
    )


def _into(service: Service, origin: str) -> Callable[[requests.PreparedRequest], Reply]:
    def handle(request: requests.PreparedRequest) -> Reply:
        parts = urlsplit(request.url or "")
        headers = [(name, str(value)) for name, value in request.headers.items()]
        response = Client(service._serve).open(
            parts.path,
            base_url=origin,
            query_string=parts.query,
            method=request.method,
            headers=headers,
            data=request.body,
        )
        return Reply(response.get_data(), response.status_code, dict(response.headers))

    return handle


def small_directory(people: int = 6) -> Directory:
    """People who report to the first, a group of all, a device each, two Intune records."""
    made = Directory()
    for number in range(people):
        made.add_person(
            id=f"0000000{number}-0000-4000-8000-00000000000a",
            displayName=f"Canary Person {number}",
            userPrincipalName=f"canary{number}@contoso.example",
            mail=f"canary{number}@contoso.example",
            department="Canary Lab",
            officeLocation="Canary House",
            accountEnabled=True,
            userType="Member",
        )
        made.add_device(
            id=f"0000000{number}-0000-4000-8000-00000000000d",
            deviceId=f"0000000{number}-0000-4000-9000-00000000000d",
            displayName=f"CANARY-{number}",
            operatingSystem="Windows",
        )
    ids = person_ids(people)
    for device, person in zip(device_ids(people), ids, strict=True):
        # The last one has more owners than a list shows.
        made.owners[device] = (person, ids[0]) if person == ids[-1] else (person,)
        made.set_manager(person, ids[0] if person != ids[0] else None)
    made.add_group(*ids, id="00000000-0000-4000-8000-00000000000c", displayName="Canary Group")
    made.add_application(id="00000000-0000-4000-8000-00000000000b", displayName="Canary App")
    for number in range(min(2, people)):
        made.managed.add(
            {
                "id": f"0000000{number}-0000-4000-8000-0000000000ee",
                "azureADDeviceId": f"0000000{number}-0000-4000-9000-00000000000d",
                "userId": ids[number],
                "serialNumber": f"CANARY-SERIAL-{number}",
            }
        )
    made.forget_history()
    return made


def person_ids(count: int) -> list[str]:
    return [f"0000000{number}-0000-4000-8000-00000000000a" for number in range(count)]


def device_ids(count: int) -> list[str]:
    return [f"0000000{number}-0000-4000-8000-00000000000d" for number in range(count)]


def small_pages() -> Behaviour:
    """So that a small directory has second pages everywhere."""
    return Behaviour(list_page=4, expanded_page=4, managed_page=1, delta_page=4,
                     members_per_page=4, expanded_items=1, empty_pages=False)  # fmt: skip


def importing(
    patch: pytest.MonkeyPatch,
    directory: Directory | None = None,
    behaviour: Behaviour | None = None,
    *,
    cloud: str = "global",
    login: str = LOGIN,
    graph: str = GRAPH,
    rules: dict[str, Any] | None = None,
) -> Importing:
    """A site that is installed and set up, and Microsoft's cloud at these hosts."""
    kept: list[wiring.House] = []
    real = wiring.build_house
    patch.setattr(wiring, "build_house", lambda settings: kept.append(real(settings)) or kept[-1])
    clock = StoppedClock()
    patch.setattr("app.wiring.house.time", SimpleNamespace(sleep=_naps(clock)))
    patch.setattr("tests.abuse.house.StoppedClock", lambda: clock)
    house = build(patch)
    two_sites(house)
    made = _furnished(house, kept[-1], directory or small_directory(), behaviour or small_pages(),
                      graph)  # fmt: skip
    made.reach(login, made.entra)
    made.reach(graph, made.graph)
    house.forge.assets = made._watched(_into(made.assets, f"https://{API}"))
    _set_up(made, cloud, rules or {})
    made.calm()
    return made


def _naps(clock: StoppedClock) -> Callable[[float], None]:
    def nap(seconds: float) -> None:
        clock.pass_(seconds=seconds)
        time.sleep(0.001)  # Assets works on an execution beside us

    return nap


def _furnished(
    house: House, joined: wiring.House, directory: Directory, behaviour: Behaviour, graph_host: str
) -> Importing:
    people = People()
    people.put(User("keeper", "Keeper", KEEPER, groups=frozenset({people.administrators})))
    assets = AssetsCloud(people, house.site_a.workspace, "cloud-1", house.clock)
    assets.base_url = f"https://{API}"
    source = assets.new_import_source(assets.workspace.add_schema("Company", "COM").id, "Entra")
    address = f"https://{graph_host}"
    graph = Graph(directory, KEY, house.clock, behaviour)
    graph.base_url = graph.stage.links.base_url = address
    entra = Entra([demo_tenant()], KEY, house.clock, address)
    token = people.issue_token("keeper")
    return Importing(
        house,
        joined.worker,
        joined.services,
        directory,
        graph,
        entra,
        assets,
        source,
        people,
        token,
    )


def _set_up(made: Importing, cloud: str, rules: dict[str, Any]) -> None:
    house, given = made.house, {"client_secret": CLIENT_SECRET, "cloud": cloud}
    parts: dict[str, Any] = {
        "assets-access": {"mode": "api_token", "email": KEEPER, "api_token": made.api_token},
        "entra": {"tenant_id": TENANT_ID, "client_id": CLIENT_ID, **given},
        "import": {"container_token": made.source.token, "missing_objects": "ignore", **rules},
        "consent": {"entra_import": True, "metrics": False},
    }
    house.site_a.users["keeper"] = JiraHost.account("keeper", KEEPER)
    for part, body in parts.items():
        saved = house.api("PUT", f"/api/settings/{part}", json=body)
        assert saved.status_code == 200, saved.get_json()
