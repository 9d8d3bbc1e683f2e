"""An independent client of Assets, unchanged, against the stand-in; only its host is led here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from atlassian import AssetsCloud as Client
from requests.adapters import HTTPAdapter

from sandbox.assets import AssetsCloud
from sandbox.assets.seed import seed_hardware
from sandbox.site import Site

FIXED_HOST = "https://api.atlassian.com"


class Led(HTTPAdapter):
    """Sends what is meant for the client's fixed host to the stand-in."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self._target = target

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        assert request.url is not None
        request.url = request.url.replace(FIXED_HOST, self._target)
        return super().send(request, *args, **more)


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def cloud(site: Site) -> Iterator[AssetsCloud]:
    made = AssetsCloud(site.people, site.workspace_id, site.cloud_id)
    made.start()
    seed_hardware(made, site.cast.employees)
    yield made
    made.stop()


@pytest.fixture
def client(site: Site, cloud: AssetsCloud) -> Iterator[Client]:
    with requests.Session() as session:
        session.mount(FIXED_HOST, Led(cloud.base_url))
        admin = site.users[site.cast.administrator]
        yield Client(
            url=site.base_url,
            username=admin.email,
            password=site.cast.admin_token,
            cloud=True,
            session=session,
        )


def test_the_client_finds_the_workspace_and_searches(client: Client, site: Site) -> None:
    mika = site.cast.employees[0]
    found = client.aql(f'objectType = Laptop AND "Owner" = "{mika}"', max_results=5)
    assert found["values"]
    query = "objectType in (Laptop, Phone)"
    count = client.get_object_aql_total_count(query)["totalCount"]
    pages = [client.aql(query, start=at, max_results=4)["values"] for at in range(0, count, 4)]
    assert len({row["id"] for page in pages for row in page}) == count


def test_the_client_reads_the_structure(client: Client) -> None:
    (schema,) = client.list_object_schema()["values"]
    types = client.get_object_schema_object_types_flat(schema["id"])
    assert {"Laptop", "Phone", "Licence"} <= {row["name"] for row in types}
    assert client.get_object_schema(schema["id"])["name"] == "Hardware"
    attributes = client.get_object_type_attributes(types[0]["id"])
    assert "Owner" in {row["name"] for row in attributes}
    assert client.get_usage()["totalObjectsCount"] > 0


def test_the_client_creates_changes_and_deletes_an_object(client: Client) -> None:
    (first, *_) = client.aql("objectType = Phone")["values"]
    type_id = first["objectType"]["id"]
    rows = client.get_object_type_attributes(type_id)
    name = next(row["id"] for row in rows if row["name"] == "Name")
    value = [{"objectTypeAttributeId": name, "objectAttributeValues": [{"value": "New"}]}]
    made = client.create_object(type_id, value)
    value[0]["objectAttributeValues"] = [{"value": "Newer"}]
    client.update_object(made["id"], type_id, value, False, "")
    assert client.get_object(made["id"])["label"] == "Newer"
    assert client.get_object_attributes(made["id"])
    client.delete_object(made["id"])
    assert client.aql("Name = Newer")["values"] == []


def test_the_client_runs_a_whole_import(client: Client, cloud: AssetsCloud) -> None:
    schema = cloud.workspace.add_schema("Machines", "MA")
    source = cloud.new_import_source(schema.id, "Machines")
    named = {"name": "Disk", "description": ""}
    text = {"name": "Serial", "description": "", "type": "text", "label": True}
    row = {"attributeName": "Serial", "attributeLocators": ["sn"], "externalIdPart": True}
    mapping = {"objectTypeName": "Disk", "selector": "hosts.disks", "description": ""}
    document = {
        "schema": {
            "objectSchema": {
                "name": "Machines",
                "description": "",
                "objectTypes": [{**named, "attributes": [text]}],
            }
        },
        "mapping": {"objectTypeMappings": [{**mapping, "attributesMapping": [row]}]},
    }
    client.update_import_source_mapping(source.id, document)
    assert client.get_import_config_status(source.id)["status"] == "IDLE"
    client.create_import_execution(source.id)
    assert source.latest is not None
    data = {"hosts": [{"disks": [{"sn": "A"}, {"sn": "B"}]}, {"disks": [{"sn": "C"}]}]}
    client.add_import_execution_data(source.id, source.latest.id, {"data": data, "completed": True})
    assert source.latest.over.wait(10)
    done = client.get_import_execution_status(source.id, source.latest.id)
    assert done["progressResult"]["totalNumberEntriesInImport"] == 3
    assert [r["label"] for r in client.aql("objectType = Disk")["values"]] == ["A", "B", "C"]
    assert client.get_import_source(source.id)["objectSchemaId"] == str(schema.id)
