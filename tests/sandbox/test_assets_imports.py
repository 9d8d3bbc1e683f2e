"""External imports: what the stand-in takes, refuses, and makes of what it took."""

from __future__ import annotations

import time

import requests

from sandbox.http import Fault
from tests.sandbox.assets_world import Importing, World
from tests.sandbox.documents import document

ANN = {"id": "a-1", "displayName": "Ann", "mail": "ann@example.com", "status": "Active"}
BOB = {"id": "b-1", "displayName": "Bob", "manager": "a-1", "groups": ["g-2", "g-1"]}
GROUPS = [{"id": "g-1", "displayName": "Ops"}, {"id": "g-2", "displayName": "Dev"}]


def test_a_wrong_or_replaced_container_token_is_401(importing: Importing) -> None:
    info = f"{importing.world.cloud.base_url}/jsm/assets/v1/imports/info"
    importing.world.cloud.imports.new_token(importing.source)
    assert importing.session.get(info, timeout=5).status_code == 401
    assert importing.session.get(importing.links["getStatus"], timeout=5).status_code == 401


def test_a_container_token_opens_no_other_import_source_and_no_objects(
    importing: Importing,
) -> None:
    world = importing.world
    other = world.cloud.new_import_source(importing.source.schema_id, "Other")
    link = f"{world.base}/importsource/{other.id}/configstatus"
    assert importing.session.get(link, timeout=5).status_code == 403
    assert importing.session.get(f"{world.base}/objectschema/list", timeout=5).status_code == 401


def test_a_start_without_a_mapping_is_409_and_says_so(importing: Importing) -> None:
    status = importing.session.get(importing.links["getStatus"], timeout=5).json()
    got = importing.session.post(importing.links["start"], timeout=5)
    assert status == {"status": "MISSING_MAPPING"}
    assert (got.status_code, got.json()["errorCode"]) == (409, "MISSING_MAPPING")


def test_a_disabled_import_does_not_start(importing: Importing) -> None:
    importing.put(document())
    importing.source.disabled = True
    got = importing.session.post(importing.links["start"], timeout=5)
    assert (got.status_code, got.json()["errorCode"]) == (409, "DISABLED")


def test_one_execution_at_a_time(importing: Importing) -> None:
    importing.put(document())
    links = importing.start()
    got = importing.session.post(importing.links["start"], timeout=5)
    assert (got.status_code, got.json()["errorCode"]) == (409, "IN_PROGRESS")
    status = importing.session.get(importing.links["getStatus"], timeout=5).json()
    assert status["status"] == "RUNNING"
    assert status["links"]["getExecutionStatus"] == links["getExecutionStatus"]
    importing.session.delete(links["cancel"], timeout=5)
    assert importing.session.post(importing.links["start"], timeout=5).status_code == 200


def test_an_asynchronous_mapping_is_polled_until_finished(importing: Importing) -> None:
    got = importing.session.put(
        importing.links["mapping"], json=document(), params={"async": "true"}, timeout=5
    )
    link = f"{importing.links['mapping']}/progress/{got.json()['resourceId']}"
    first, second = (importing.session.get(link, timeout=5).json() for _ in range(2))
    assert first["progressStatus"] == "IN_PROGRESS"
    assert (second["progressStatus"], second["result"]) == ("FINISHED", "OK")


def test_an_import_creates_updates_and_recognises_what_is_the_same(importing: Importing) -> None:
    importing.put(document())
    first = importing.run({"persons": [ANN, BOB]}, {"groups": GROUPS})
    again = importing.run({"persons": [ANN, {**BOB, "displayName": "Bobby"}], "groups": GROUPS})
    assert (first["Person"]["objectsCreated"], first["Group"]["objectsCreated"]) == (2, 2)
    assert (again["Person"]["objectsUpdated"], again["Person"]["objectsIdentical"]) == (1, 1)
    assert importing.world.labels('objectType = Person AND "Entra ID" = b-1') == ["Bobby"]


def test_references_find_objects_of_the_same_execution_and_a_list_finds_each(
    importing: Importing,
) -> None:
    importing.put(document())
    importing.run({"persons": [BOB, ANN], "groups": GROUPS})
    world = importing.world
    assert world.labels('"Manager"."Entra ID" = a-1') == ["Bob"]
    (bob,) = world.aql('"Entra ID" = b-1').json()["values"]
    rows = [row["objectAttributeValues"] for row in bob["attributes"]]
    groups = next(row for row in rows if len(row) == 2)
    assert {value["referencedObject"]["label"] for value in groups} == {"Ops", "Dev"}


def test_a_locator_is_replaced_as_one_quoted_value(importing: Importing) -> None:
    importing.put(document())
    hostile = 'x" OR "Entra ID" = "a-1'
    importing.run({"persons": [ANN, {**BOB, "manager": hostile}], "groups": []})
    assert importing.world.labels('"Manager" IS NOT EMPTY') == []


def test_empty_values_are_ignored_unless_the_source_is_set_to_clear(importing: Importing) -> None:
    importing.put(document())
    importing.run({"persons": [ANN, BOB]})
    importing.run({"persons": [{**ANN, "mail": None}, {**BOB, "manager": ""}]})
    world = importing.world
    assert world.labels('"Email" IS NOT EMPTY') == ["Ann"]
    assert world.labels('"Manager" IS NOT EMPTY') == ["Bob"]
    importing.source.empty_values = "clear"
    importing.run({"persons": [{**ANN, "mail": None}, {**BOB, "manager": ""}]})
    assert world.labels('"Email" IS NOT EMPTY OR "Manager" IS NOT EMPTY') == []


def test_missing_objects_are_ignored_removed_or_updated(importing: Importing) -> None:
    importing.put(document())
    importing.run({"persons": [ANN, BOB]})
    kept = importing.run({"persons": [ANN]})
    importing.source.missing_objects = "update"
    importing.source.missing_update = ("Status", "Left")
    marked = importing.run({"persons": [ANN]})
    assert importing.world.labels('"Status" = Left') == ["Bob"]
    importing.source.missing_objects = "remove"
    removed = importing.run({"persons": [ANN]})
    assert kept["Person"]["objectsMissingDeleted"] == 0
    assert marked["Person"]["objectsMissingUpdated"] == 1
    assert removed["Person"]["objectsMissingDeleted"] == 1
    assert importing.world.labels("objectType = Person") == ["Ann"]


def test_duplicates_empty_ids_and_empty_labels_are_counted_and_skipped(
    importing: Importing,
) -> None:
    importing.put(document())
    rows = [ANN, ANN, {"displayName": "No id"}, {"id": "c-1", "displayName": ""}]
    person = importing.run({"persons": rows})["Person"]
    assert person["entriesInSource"] == 4
    assert person["duplicateEnries"] == 1
    assert person["emptyExternalIdEntries"] == 1
    assert person["emptyLabelEntries"] == 1
    assert person["objectsCreated"] == 1


def test_a_value_that_does_not_fit_is_left_out_and_named(importing: Importing) -> None:
    importing.put(document())
    person = importing.run({"persons": [{**ANN, "mail": "no address", "status": "Gone"}]})["Person"]
    assert person["objectsCreated"] == 1
    assert len(person["errorMessages"]) == 2
    assert importing.world.labels('"Email" IS EMPTY AND objectType = Person') == ["Ann"]


def test_a_chunk_sent_twice_counts_once_and_nothing_is_written_before_completed(
    importing: Importing,
) -> None:
    importing.put(document())
    links = importing.start()
    chunk = {"data": {"persons": [ANN]}, "clientGeneratedId": "one"}
    for _ in range(2):
        assert importing.session.post(links["submitResults"], json=chunk, timeout=5).ok
    assert importing.world.labels("objectType = Person") == []
    importing.session.post(links["submitResults"], json={"completed": True}, timeout=5)
    assert importing.result(links)["Person"]["duplicateEnries"] == 0


def test_data_after_completed_or_cancelled_is_400(importing: Importing) -> None:
    importing.put(document())
    links = importing.start()
    importing.session.post(links["submitResults"], json={"completed": True}, timeout=5)
    late = importing.session.post(links["submitResults"], json={"data": {}}, timeout=5)
    importing.result(links)
    second = importing.start()
    importing.session.delete(second["cancel"], timeout=5)
    after = importing.session.post(second["submitResults"], json={"data": {}}, timeout=5)
    status = importing.session.get(second["getExecutionStatus"], timeout=5).json()
    assert (late.status_code, after.status_code) == (400, 400)
    assert status == {"status": "CANCELLED"}


def test_a_payload_over_the_limit_is_413(importing: Importing) -> None:
    importing.put(document())
    links = importing.start()
    big = {"data": {"persons": [{"id": "x", "displayName": "x" * 1_600_000}]}}
    got = importing.session.post(links["submitResults"], json=big, timeout=10)
    assert got.status_code == 413


def test_a_failed_source_is_told_once_and_frees_the_import(importing: Importing) -> None:
    importing.put(document())
    links = importing.start()
    failed = f"{links['cancel']}/history/failed"
    too_long = {"failureReason": "x" * 1025}
    assert importing.session.post(failed, json=too_long, timeout=5).status_code == 400
    told = importing.session.post(failed, json={"failureReason": "Graph is down"}, timeout=5)
    assert told.status_code == 204
    assert importing.session.get(importing.links["getStatus"], timeout=5).json() == {
        "status": "IDLE"
    }


def test_processing_takes_as_long_as_it_is_told_and_says_so(importing: Importing) -> None:
    importing.put(document())
    importing.source.processing_seconds = 0.3
    links = importing.start()
    importing.session.post(links["submitResults"], json={"completed": True}, timeout=5)
    status = importing.session.get(links["getExecutionStatus"], timeout=5).json()
    latest = importing.session.get(f"{importing.links['start']}/status", timeout=5).json()
    assert status == {"status": "PROCESSING"}
    assert latest["status"] == "PROCESSING"
    importing.result(links)


def test_links_of_an_execution_have_the_older_path_and_work(importing: Importing) -> None:
    importing.put(document())
    links = importing.start()
    assert "/jsm/insight/" in links["submitResults"]
    progress = {"steps": {"total": 3, "current": 1, "description": "Reading"}}
    assert importing.session.put(links["submitProgress"], json=progress, timeout=5).ok


def test_a_fault_on_one_chunk_lets_the_next_try_pass(importing: Importing) -> None:
    importing.put(document())
    links = importing.start()
    importing.world.cloud.fail_next("POST", ".*/data", Fault.too_many())
    sent = {"data": {"persons": [ANN]}, "completed": True}
    first = importing.session.post(links["submitResults"], json=sent, timeout=5)
    second = importing.session.post(links["submitResults"], json=sent, timeout=5)
    assert (first.status_code, second.status_code) == (429, 200)
    assert importing.result(links)["Person"]["objectsCreated"] == 1


def test_a_user_attribute_made_by_rest_survives_an_import(importing: Importing) -> None:
    importing.put(document())
    importing.run({"persons": [ANN]})
    world = importing.world
    (ann,) = world.aql('"Entra ID" = a-1').json()["values"]
    type_id = ann["objectType"]["id"]
    made = world.call("POST", f"objecttypeattribute/{type_id}", {"name": "Jira account", "type": 2})
    value = {"objectAttributeValues": [{"value": world.cast.administrator}]}
    row = {"objectTypeAttributeId": made.json()["id"], **value}
    sent = {"objectTypeId": type_id, "attributes": [row]}
    assert world.call("PUT", f"object/{ann['id']}", sent).status_code == 200
    importing.run({"persons": [{**ANN, "displayName": "Anna"}]})
    assert world.labels(f'"Jira account" = "{world.cast.administrator}"') == ["Anna"]


def test_ten_thousand_persons_and_fifteen_thousand_devices_in_a_few_seconds(
    importing: Importing,
) -> None:
    importing.put(document())
    persons = [
        {"id": f"p-{n}", "displayName": f"Person {n}", "mail": f"p{n}@example.com",
         "status": "Active", "manager": f"p-{n // 10}"}
        for n in range(10_000)
    ]  # fmt: skip
    devices = [
        {"id": f"d-{n}", "displayName": f"Device {n}", "owner": f"p-{n % 10_000}"}
        for n in range(15_000)
    ]
    begun = time.perf_counter()
    result = importing.run(
        *({"persons": persons[at : at + 1000]} for at in range(0, 10_000, 1000)),
        *({"devices": devices[at : at + 1000]} for at in range(0, 15_000, 1000)),
    )
    assert result["Device"]["objectsCreated"] == 15_000
    assert result["Device"]["objectsWithUpdatedReferences"] == 15_000
    assert importing.world.labels('"Assigned To"."Entra ID" = p-77') == [
        "Device 10077",
        "Device 77",
    ]
    assert time.perf_counter() - begun < 30  # a slow shared machine; a few seconds usually


def test_usage_counts_what_was_imported(importing: Importing) -> None:
    importing.put(document())
    importing.run({"persons": [ANN, BOB]})
    usage = importing.world.call("GET", "usage").json()
    assert usage["totalObjectsCount"] == 2


def test_the_import_links_are_on_the_services_own_host(world: World, importing: Importing) -> None:
    assert all(link.startswith(world.cloud.base_url) for link in importing.links.values())
    assert requests.get(importing.links["getStatus"], timeout=5).status_code == 401
