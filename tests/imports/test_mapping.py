"""The mapping document: valid, complete, and kind to what is there already."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from app.imports.assets.adopting import in_the_way
from app.imports.assets.mapping import mapping_document
from app.imports.kinds.table import DEVICE, GROUP, KINDS, PERSON, Kind, selected
from app.imports.run.ground import Ground, find_type, type_ground
from app.imports.run.ports import ImportLinks
from app.inventory import Attribute, AttributeType, ObjectType

LINKS = ImportLinks("w-1", "source-1", "s", "s", "m")
OFFICIAL = Path(__file__).parents[3] / (
    "shared/samples/assets/assets_mapping_2023_10_19.schema.json"
)


def ground(*asked: Kind, **types: object) -> Ground:
    return Ground(LINKS, "6", "Company", asked or KINDS, types)  # type: ignore[arg-type]


def adopted(kind: Kind, name: str, *attributes: Attribute) -> object:
    return type_ground(kind, ObjectType("12", name, "6"), attributes)


def of_type(document: dict[str, object], name: str) -> dict[str, object]:
    types = document["schema"]["objectSchema"]["objectTypes"]  # type: ignore[index]
    return next(each for each in types if each["name"] == name)


def attribute(of: dict[str, object], name: str) -> dict[str, object]:
    return next(each for each in of["attributes"] if each["name"] == name)  # type: ignore[attr-defined]


def test_the_document_is_valid_against_the_official_schema() -> None:
    if not OFFICIAL.exists():
        return
    schema = json.loads(OFFICIAL.read_text())
    for each in (ground(), ground(PERSON), ground(DEVICE), ground(GROUP)):
        jsonschema.Draft201909Validator(schema).validate(mapping_document(each))


def test_external_ids_name_the_import_and_are_unique() -> None:
    types = mapping_document(ground())["schema"]["objectSchema"]["objectTypes"]
    ids = [t["externalId"] for t in types] + [
        a["externalId"] for t in types for a in t["attributes"]
    ]
    assert len(ids) == len(set(ids))
    assert "my-assets/source-1/person" in ids
    assert "my-assets/source-1/person/user-principal-name" in ids


def test_the_names_are_the_contract_s() -> None:
    document = mapping_document(ground())
    assert [a["name"] for a in of_type(document, "Device")["attributes"]] == [  # type: ignore[attr-defined]
        "Entra ID", "Name", "Serial number", "Manufacturer", "Model", "Operating system",
        "OS version", "Compliance", "Ownership", "Last seen", "Status", "Left on", "Assigned To",
    ]  # fmt: skip
    assert attribute(of_type(document, "Person"), "Status")["typeValues"] == [
        "Active", "Disabled", "Left",
    ]  # fmt: skip


def test_identity_is_the_entra_id_or_a_name_and_references_match_exactly() -> None:
    queries = {}
    for rule in mapping_document(ground())["mapping"]["objectTypeMappings"]:
        rows = rule["attributesMapping"]
        parts = [row["attributeName"] for row in rows if row.get("externalIdPart")]
        named = rule["objectTypeName"] in ("Department", "Location")
        assert parts == ["Name" if named else "Entra ID"]
        queries |= {
            row["attributeName"]: row["objectMappingIQL"]
            for row in rows
            if "objectMappingIQL" in row
        }
    assert queries == {
        "Manager": '"Entra ID" = ${managerId}',
        "Assigned To": '"Entra ID" = ${assignedToId}',
        "Department object": '"Name" = ${departmentName}',
        "Location object": '"Name" = ${locationName}',
    }


def test_an_existing_type_and_its_attributes_keep_name_type_and_label() -> None:
    person = adopted(
        PERSON, "PERSON",
        Attribute("1", "Name", "12", 0, label=False, default_type=0),
        Attribute("2", "e-mail", "12", 0, default_type=0),
        Attribute("3", "EMAIL", "12", 0, default_type=0),
        Attribute("4", "manager", "12", 1, maximum_cardinality=3),
    )  # fmt: skip
    held = of_type(mapping_document(ground(person=person)), "PERSON")
    assert attribute(held, "EMAIL")["type"] == "text"
    assert "label" not in attribute(held, "Name")
    assert attribute(held, "manager")["maximumCardinality"] == 3


def test_an_attribute_that_cannot_hold_the_values_is_named() -> None:
    device = adopted(DEVICE, "Device", Attribute("1", "Assigned To", "12", AttributeType.USER))
    assert in_the_way(ground(DEVICE, device=device)) == ["Device: Assigned To"]


def test_a_reference_to_a_type_that_is_not_imported_is_left_out() -> None:
    document = mapping_document(ground(DEVICE))
    names = [a["name"] for a in of_type(document, "Device")["attributes"]]  # type: ignore[attr-defined]
    assert "Assigned To" not in names


def test_a_type_that_is_only_pointed_to_is_named_but_not_filled() -> None:
    person = adopted(PERSON, "Person", Attribute("1", "Entra ID", "12", 0))
    document = mapping_document(ground(DEVICE, person=person))
    assert of_type(document, "Person")["externalId"] == "my-assets/source-1/person"
    assert [each["objectTypeName"] for each in document["mapping"]["objectTypeMappings"]] == [
        "Device"
    ]


def test_a_root_type_is_adopted_before_a_child_type() -> None:
    types = [ObjectType("1", "Person", "6", parent_id="9"), ObjectType("2", "person", "6")]
    found = find_type(PERSON, types)
    assert found is not None
    assert found.id == "2"


@pytest.mark.parametrize("kind", KINDS)
def test_select_names_what_the_table_needs_and_nothing_else(kind: Kind) -> None:
    names = selected(kind, "manager")
    assert len(names) == len(set(names))
    assert names[0] == "id"
    assert "serialNumber" not in names
