"""Which schema-and-mapping documents are refused, why, and what a change may do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.assets.mapping_official import official_problems
from sandbox.assets.mapping_shape import shape_problems
from tests.sandbox.assets_world import Importing
from tests.sandbox.documents import attribute, document, mapped

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "assets"
Spoil = Callable[[dict[str, Any]], object]


def _types(doc: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = doc["schema"]["objectSchema"]["objectTypes"]
    return found


def _maps(doc: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = doc["mapping"]["objectTypeMappings"]
    return found


SHAPES: dict[str, Spoil] = {
    "no mapping": lambda d: d.pop("mapping"),
    "no description": lambda d: _types(d)[0].pop("description"),
    "no types": lambda d: _types(d).clear(),
    "user type": lambda d: _types(d)[0]["attributes"][2].update(type="user"),
    "empty icons": lambda d: d["schema"].update(iconSchema={"icons": []}),
    "no locators": lambda d: _maps(d)[0]["attributesMapping"][0].update(attributeLocators=[]),
    "status name": lambda d: d["schema"]["statusSchema"]["statuses"][0].update(name="a_b"),
    "type values": lambda d: _types(d)[0]["attributes"][1].update(typeValues=["Active"]),
    "repeated values": lambda d: _types(d)[0]["attributes"][3].update(typeValues=["Left", "Left"]),
    "text as flag": lambda d: _types(d)[0]["attributes"][0].update(unique="yes"),
    "no selector": lambda d: _maps(d)[1].pop("selector"),
    "version": lambda d: d.update({"$schema": "https://example.com/1999"}),
    "partly named": lambda d: _types(d)[1].pop("externalId"),
}


@pytest.mark.parametrize("what", SHAPES)
def test_a_document_of_another_shape_is_400(importing: Importing, what: str) -> None:
    doc = document()
    SHAPES[what](doc)
    got = importing.put(doc)
    assert got.status_code == 400
    assert got.json()["errorMessages"]


MEANINGS: dict[str, tuple[str, Spoil]] = {
    "type id twice": (
        "DUPLICATE_EXTERNAL_ID",
        lambda d: _types(d)[1].update(externalId="t/person"),
    ),
    "unknown type": (
        "UNKNOWN_EXTERNAL_ID_MAPPING",
        lambda d: _maps(d)[0].update(objectTypeExternalId="t/else"),
    ),
    "unknown attribute": (
        "UNKNOWN_EXTERNAL_ID_MAPPING",
        lambda d: _maps(d)[0]["attributesMapping"].append(mapped("person", "Jira account", "x")),
    ),
    "other name": ("EXTERNAL_ID_MISMATCH", lambda d: _maps(d)[1].update(objectTypeName="Team")),
    "no identifier": (
        "MISSING_EXTERNAL_ID_PART",
        lambda d: _maps(d)[1]["attributesMapping"].pop(0),
    ),
    "unknown status": (
        "UNKNOWN_STATUS",
        lambda d: _types(d)[0]["attributes"][3].update(typeValues=["Gone"]),
    ),
    "unknown target": (
        "UNKNOWN_REFERENCE",
        lambda d: _types(d)[2]["attributes"][3].update(referenceObjectTypeExternalId="t/x"),
    ),
    "foreign place": (
        "INVALID_OBJECT_MAPPING_IQL",
        lambda d: _maps(d)[2]["attributesMapping"][3].update(objectMappingIQL="Name = ${other}"),
    ),
    "broken query": (
        "INVALID_OBJECT_MAPPING_IQL",
        lambda d: _maps(d)[2]["attributesMapping"][3].update(objectMappingIQL="Name ="),
    ),
    "query on a text": (
        "INVALID_OBJECT_MAPPING_IQL",
        lambda d: _maps(d)[0]["attributesMapping"][1].update(objectMappingIQL="a = ${displayName}"),
    ),
    "two labels": (
        "EXTERNAL_ID_MISMATCH",
        lambda d: _types(d)[0]["attributes"][0].update(label=True),
    ),
}


@pytest.mark.parametrize("what", MEANINGS)
def test_a_document_that_contradicts_itself_is_400_with_a_code(
    importing: Importing, what: str
) -> None:
    code, spoil = MEANINGS[what]
    doc = document()
    spoil(doc)
    got = importing.put(doc)
    assert got.status_code == 400
    assert code in {row["code"] for row in got.json()["dataValidationErrors"]}


def test_every_problem_is_named_at_once(importing: Importing) -> None:
    doc = document()
    for what in ("unknown type", "unknown status", "unknown target"):
        MEANINGS[what][1](doc)
    codes = {row["code"] for row in importing.put(doc).json()["dataValidationErrors"]}
    assert {"UNKNOWN_EXTERNAL_ID_MAPPING", "UNKNOWN_STATUS", "UNKNOWN_REFERENCE"} <= codes


def test_an_external_id_is_unique_over_all_schemas_of_the_workspace(importing: Importing) -> None:
    importing.put(document())
    world = importing.world
    schema = world.space.add_schema("Second", "SEC")
    other = Importing(world, world.cloud.new_import_source(schema.id, "Again"))
    got = other.put(document())
    other.close()
    assert got.status_code == 400
    assert {row["code"] for row in got.json()["dataValidationErrors"]} == {"DUPLICATE_EXTERNAL_ID"}


def test_a_change_adds_types_and_attributes(importing: Importing) -> None:
    importing.put(document())
    doc = document()
    _types(doc)[0]["attributes"].append(attribute("person", "Job title"))
    _maps(doc)[0]["attributesMapping"].append(mapped("person", "Job title", "job"))
    assert importing.patch(doc).status_code == 204
    importing.run({"persons": [{"id": "1", "displayName": "Ann", "job": "Smith"}]})
    assert importing.world.labels('"Job title" = smith') == ["Ann"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: (_types(d)[1].update(name="Team"), _maps(d)[1].update(objectTypeName="Team")),
        lambda d: _types(d)[0]["attributes"][2].update(type="text"),
        lambda d: (
            _types(d)[0]["attributes"][2].update(name="Mail"),
            _maps(d)[0]["attributesMapping"][2].update(attributeName="Mail"),
        ),
    ],
)
def test_a_change_renames_and_retypes_nothing(importing: Importing, spoil: Spoil) -> None:
    importing.put(document())
    doc = document()
    spoil(doc)
    got = importing.patch(doc)
    assert got.status_code == 400
    assert "CHANGE_NOT_SUPPORTED" in {row["code"] for row in got.json()["dataValidationErrors"]}


def test_a_change_without_a_first_mapping_is_400(importing: Importing) -> None:
    assert importing.patch(document()).status_code == 400


def test_a_document_without_external_ids_is_given_some(importing: Importing) -> None:
    doc = json.loads(json.dumps(document()).replace('"externalId"', '"$drop"'))
    text = json.dumps(doc)
    for name in ("objectTypeExternalId", "attributeExternalId", "referenceObjectTypeExternalId"):
        text = text.replace(f'"{name}"', '"$drop"')
    doc = json.loads(text, object_pairs_hook=lambda p: {k: v for k, v in p if k != "$drop"})
    for row in _types(doc):
        for held in row["attributes"]:
            if held["type"] == "referenced_object":
                held["referenceObjectTypeName"] = "Group" if held["name"] == "Groups" else "Person"
    assert importing.put(doc).status_code == 204
    ids = [t.external_id for t in importing.world.space.types.values()]
    assert all(str(number).startswith("cmdb::externalId/") for number in ids)


def test_reading_the_document_back_has_the_empty_icons_that_are_then_refused(
    importing: Importing,
) -> None:
    importing.put(document())
    at = f"{importing.links['mapping'].removesuffix('mapping')}schema-and-mapping"
    back = importing.session.get(at, timeout=5).json()
    assert back["schema"]["iconSchema"] == {"icons": []}
    assert importing.patch(back).status_code == 400
    del back["schema"]["iconSchema"]
    assert importing.patch(back).status_code == 204


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a document."""
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return [at, *(p for key, inner in items for p in _places(inner, (*at, key)))]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.sampled_from([None, 1, "", "x y", [], {}, True, ["a"], {"a": 1}]))
def test_the_own_shape_check_agrees_with_the_vendors_schema(number: int, value: object) -> None:
    if not (SAMPLES / "assets_mapping_2023_10_19.schema.json").exists():
        return  # without the vendor's schema there is nothing to agree with
    doc = document()
    places = [place for place in _places(doc) if place]
    *path, last = places[number % len(places)]
    holder: Any = doc
    for key in path:
        holder = holder[key]
    holder[last] = value
    assert bool(shape_problems(doc)) == bool(official_problems(doc)), (path, last, value)


@pytest.mark.parametrize("name", ["sample_mapping-configuration", "example_entra_mapping"])
def test_published_documents_are_taken(importing: Importing, name: str) -> None:
    path = SAMPLES / f"{name}.json"
    if path.exists():
        assert importing.put(json.loads(path.read_text())).status_code == 204


def test_the_published_submission_is_imported(importing: Importing) -> None:
    if not SAMPLES.exists():
        return
    mapping = json.loads((SAMPLES / "sample_mapping-configuration.json").read_text())
    sent = json.loads((SAMPLES / "sample_data-submission.json").read_text())
    importing.put(mapping)
    for counter in ("objectsCreated", "objectsIdentical"):
        links = importing.start()
        assert importing.session.post(links["submitResults"], json=sent, timeout=5).ok
        importing.session.post(links["submitResults"], json={"completed": True}, timeout=5)
        assert importing.result(links)["Product"][counter] == 2


def _keys(value: Any) -> Any:
    """The names inside an answer, without its values."""
    return {k: _keys(v) for k, v in value.items()} if isinstance(value, dict) else None


def test_answers_have_the_names_of_the_published_examples(importing: Importing) -> None:
    path = SAMPLES / "assets-imports-examples.json"
    if not path.exists():
        return
    examples = json.loads(path.read_text())
    info = importing.session.get(
        f"{importing.world.cloud.base_url}/jsm/assets/v1/imports/info", timeout=5
    )
    assert _keys(info.json()) == _keys(examples["GET /jsm/assets/v1/imports/info"]["200"])
    importing.put(document())
    started = importing.session.post(importing.links["start"], timeout=5).json()
    assert _keys(started) == _keys(examples["POST executions"]["200"])
    clash = importing.session.post(importing.links["start"], timeout=5).json()
    assert _keys(clash) == _keys(examples["POST executions"]["409"])
    example = examples["GET executions/{id}/status"]["200"]["progressResult"]
    importing.session.post(started["links"]["submitResults"], json={"completed": True}, timeout=5)
    importing.result(started["links"])
    status = importing.session.get(started["links"]["getExecutionStatus"], timeout=5).json()
    result = status["progressResult"]
    assert set(example) - set(result) <= {"id"}
    named = next(iter(example["objectTypeResultMap"].values()))
    mine = next(iter(result["objectTypeResultMap"].values()))
    assert {n for n in set(named) - set(mine) if not n.endswith("TimeInMs")} == set()
