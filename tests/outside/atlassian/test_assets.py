"""The Assets client: what it sends, which shapes it reads, what it refuses to believe."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.errors import (
    AppError,
    CredentialRefused,
    NotAllowed,
    NotThere,
    ServiceFailed,
    ServiceUnreachable,
    SlowDown,
)
from app.inventory import Value
from app.outside.atlassian.assets import MAX_PAGE, AssetsRest
from app.outside.http import Answer
from app.words import Json

API = "https://api.example.com"
BASE = f"{API}/jsm/assets/workspace/w-1/v1/"


class Wire:
    """Stands for the HTTP caller: gives prepared answers, keeps what was sent."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, str, Any]] = []

    def send(self, method: str, url: str, *, json_body: object = None, **more: Any) -> Answer:
        assert more["allowed_origin"] == API
        self.sent.append((method, url.removeprefix(BASE), json_body))
        return self.answers.pop(0)


class Nobody:
    def authorization(self, method: str, url: str) -> str:
        return "none"


def ok(body: object, **headers: str) -> Answer:
    return Answer(200, headers, json.dumps(body).encode())


def client(*answers: Answer) -> tuple[AssetsRest, Wire]:
    wire = Wire(*answers)
    return AssetsRest(wire, API, "w-1", Nobody()), wire  # type: ignore[arg-type]


def row(number: int = 88, **more: object) -> Json:
    return {
        "id": str(number),
        "label": "Sydney",
        "objectKey": f"ITSM-{number}",
        "objectType": {"id": "23", "name": "Office", "objectSchemaId": "6"},
        "created": "2021-02-16T20:04:41.527Z",
        "updated": "2021-02-16T22:04:41.527+02:00",
        "attributes": [],
    } | more


def values_of(*given: Json) -> tuple[Value, ...]:
    held = [{"objectTypeAttributeId": "7", "objectAttributeValues": list(given)}]
    rest, _ = client(ok({"values": [row(attributes=held)], "isLast": True}))
    return rest.search("x", 0, 10).objects[0].values["7"]


def test_a_search_puts_its_place_in_the_query_string() -> None:
    rest, wire = client(ok({"values": [row()], "isLast": True}))
    page = rest.search('"Owner" = "a"', 50, 25)
    assert wire.sent == [
        (
            "POST",
            "object/aql?startAt=50&maxResults=25&includeAttributes=true",
            {"qlQuery": '"Owner" = "a"'},
        )
    ]
    (asset,) = page.objects
    assert (asset.id, asset.key, asset.label, asset.object_type_id) == (
        "88",
        "ITSM-88",
        "Sydney",
        "23",
    )
    assert asset.updated_at == "2021-02-16T20:04:41.527Z"


def test_a_search_never_asks_for_a_page_that_assets_mistakes_for_the_last() -> None:
    rest, wire = client(ok({"values": [], "isLast": True}))
    rest.search("x", 0, 5000)
    assert f"maxResults={MAX_PAGE}&" in wire.sent[0][1]


@pytest.mark.parametrize(
    ("marks", "last"),
    [
        ({"isLast": True}, True),
        ({"isLast": False}, False),
        ({"isLast": "true"}, True),
        ({"isLast": "false"}, False),
        ({"last": True}, True),
        ({"last": "false"}, False),
        ({"isLast": True, "hasMoreResults": True}, False),
        ({"isLast": "false", "total": 2}, True),
        ({"isLast": False, "total": 3}, False),
        ({"total": 2}, True),
        ({"hasMoreResults": True}, False),
        ({"hasMoreResults": False, "maxResults": 2}, True),
        ({"total": 3}, False),
        ({"maxResults": 2}, False),
        ({"maxResults": 25}, True),
        ({}, True),
    ],
)
def test_every_way_of_saying_the_end_is_read(marks: Json, last: bool) -> None:
    rest, _ = client(ok({"startAt": 0, "values": [row(1), row(2)], **marks}))
    assert rest.search("x", 0, 25).last is last


def test_an_empty_page_is_the_end_whatever_it_says() -> None:
    rest, _ = client(ok({"values": [], "isLast": False, "total": 9}))
    assert rest.search("x", 0, 25).last


def test_a_user_value_is_identified_by_its_key_and_shown_by_its_name() -> None:
    user = {"key": "557058:1", "displayName": "Ted", "emailAddress": "t@example.com"}
    given = {"displayValue": "Ted", "searchValue": "557058:9", "user": user}
    assert values_of(given) == (Value("user", "Ted", "557058:1"),)
    without_key = {"displayValue": "Ted", "searchValue": "557058:9", "user": {}}
    assert values_of(without_key) == (Value("user", "Ted", "557058:9"),)


def test_a_reference_has_no_value_of_its_own() -> None:
    target = {
        "id": "12",
        "label": "Australia",
        "objectKey": "ITSM-12",
        "objectType": {"id": "9", "objectSchemaId": 6},
    }
    given = {"displayValue": "Australia", "searchValue": "ITSM-12", "referencedObject": target}
    assert values_of(given) == (Value("reference", "Australia", "ITSM-12", "12", "9", "6"),)
    bare = {"displayValue": "Australia", "searchValue": "ITSM-12", "referencedObject": {}}
    assert values_of(bare) == (Value("reference", "Australia", "ITSM-12"),)


def test_status_group_and_plain_values_are_read() -> None:
    status = {"displayValue": "Active", "status": {"id": "1", "name": "Active", "category": 1}}
    group = {"displayValue": "staff", "group": {"name": "staff", "avatarUrl": ""}}
    plain = {"value": "2021-01-01", "displayValue": "1 Jan 2021", "searchValue": "x"}
    number, yes = {"value": 5, "displayValue": "5"}, {"value": True}
    assert values_of(status, group, plain, number, yes) == (
        Value("status", "Active", "1"),
        Value("group", "staff", "staff"),
        Value("text", "1 Jan 2021", "2021-01-01"),
        Value("text", "5", "5"),
        Value("text", "true", "true"),
    )


def test_an_attribute_without_values_is_absent() -> None:
    held = [{"objectTypeAttributeId": "7", "objectAttributeValues": []}]
    rest, _ = client(ok({"values": [row(attributes=held)], "isLast": True}))
    assert rest.search("x", 0, 10).objects[0].values == {}


def test_the_attributes_that_come_with_a_page_are_kept() -> None:
    sent = {"id": 135, "name": "Owner", "type": 2, "hidden": True, "objectType": {"id": "23"}}
    rest, _ = client(ok({"values": [row()], "isLast": True, "objectTypeAttributes": [sent]}))
    kept = rest.search("x", 0, 10).attributes["135"]
    assert (kept.name, kept.type, kept.hidden, kept.object_type_id) == ("Owner", 2, True, "23")


@pytest.mark.parametrize(
    "broken",
    [
        [],
        {"values": None},
        {"values": ["x"]},
        {"values": [row() | {"id": None}]},
        {"values": [row() | {"objectKey": ""}]},
        {"values": [row() | {"objectType": None}]},
        {"values": [row(attributes=[{"objectAttributeValues": [{"value": "x"}]}])]},
    ],
)
def test_an_answer_without_what_a_decision_rests_on_is_not_believed(broken: object) -> None:
    rest, _ = client(ok(broken))
    with pytest.raises(ServiceFailed):
        rest.search("x", 0, 10)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(400, {}, b'{"errorMessages":["AQL"]}'), ServiceFailed),
        (Answer(401, {}, b""), CredentialRefused),
        (Answer(403, {}, b""), NotAllowed),
        (Answer(404, {}, b""), NotThere),
        (Answer(500, {}, b""), ServiceFailed),
        (Answer(503, {}, b""), ServiceUnreachable),
        (Answer(200, {}, b"<html>"), ServiceFailed),
        (
            Answer(200, {"x-seraph-loginreason": "AUTHENTICATED_FAILED"}, b'{"values":[]}'),
            CredentialRefused,
        ),
        (
            Answer(200, {"x-seraph-loginreason": "AUTHENTICATION_DENIED"}, b'{"values":[]}'),
            CredentialRefused,
        ),
    ],
)
def test_each_refusal_is_told_as_what_it_is(answer: Answer, error: type[AppError]) -> None:
    rest, _ = client(answer)
    with pytest.raises(error):
        rest.search("x", 0, 10)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        (
            {
                "retry-after": "Wed, 06 May 2026 07:09:09 GMT",
                "date": "Wed, 06 May 2026 07:08:09 GMT",
            },
            60.0,
        ),
        (
            {
                "x-ratelimit-reset": "2026-05-06T07:08:39Z",
                "date": "Wed, 06 May 2026 07:08:09 GMT",
            },
            30.0,
        ),
        ({}, None),
    ],
)
def test_a_429_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    rest, _ = client(Answer(429, headers, b""))
    with pytest.raises(SlowDown) as slow:
        rest.count("x")
    assert slow.value.retry_after == seconds


def test_schemas_are_read_page_by_page_each_once() -> None:
    def page(*ids: int, last: bool) -> Answer:
        rows = [{"id": one, "name": f"S{one}", "objectSchemaKey": f"K{one}"} for one in ids]
        return ok({"values": rows, "isLast": last})

    rest, wire = client(page(1, 2, last=False), page(2, 3, last=True))
    assert [one.id for one in rest.schemas()] == ["1", "2", "3"]
    assert [path.partition("&")[0] for _, path, _ in wire.sent] == [
        "objectschema/list?startAt=0",
        "objectschema/list?startAt=2",
    ]


def test_a_list_of_schemas_without_an_end_is_given_up() -> None:
    endless = [
        ok({"values": [{"id": "1", "name": "S", "objectSchemaKey": "K"}], "isLast": False})
        for _ in range(200)
    ]
    rest, _ = client(*endless)
    with pytest.raises(ServiceFailed):
        rest.schemas()


def test_types_keep_their_parents() -> None:
    given = [
        {"id": "1", "name": "Device", "objectSchemaId": "6", "abstractObjectType": True},
        {"id": "2", "name": "Laptop", "objectSchemaId": "6", "parentObjectTypeId": 1},
    ]
    rest, wire = client(ok(given))
    device, laptop = rest.object_types("6")
    assert (device.parent_id, device.abstract, laptop.parent_id) == (None, True, "1")
    assert wire.sent[0][:2] == ("GET", "objectschema/6/objecttypes/flat")


def test_attributes_belong_to_the_type_that_was_asked() -> None:
    given = {
        "id": "5",
        "name": "Assigned To",
        "type": 1,
        "referenceObjectTypeId": "9",
        "maximumCardinality": -1,
        "editable": False,
        "objectType": {"id": "1"},
    }
    rest, _ = client(ok([given]))
    (found,) = rest.attributes("2")
    assert (found.object_type_id, found.reference_type_id) == ("2", "9")
    assert (found.maximum_cardinality, found.editable, found.hidden) == (-1, False, False)


@pytest.mark.parametrize(
    ("said", "hidden"),
    [(False, False), (None, False), ("false", False), (True, True), ("true", True), (1, True)],
)
def test_an_attribute_that_may_be_hidden_is_hidden(said: object, hidden: bool) -> None:
    rest, _ = client(ok([{"id": "5", "name": "PIN", "type": 0, "hidden": said}]))
    assert rest.attributes("2")[0].hidden is hidden


def test_an_update_names_only_what_changes_and_an_empty_list_clears() -> None:
    rest, wire = client(ok(row()))
    rest.update("88", "23", {"7": ["a", "b"], "8": []})
    assert wire.sent == [
        (
            "PUT",
            "object/88",
            {
                "objectTypeId": "23",
                "attributes": [
                    {
                        "objectTypeAttributeId": "7",
                        "objectAttributeValues": [{"value": "a"}, {"value": "b"}],
                    },
                    {"objectTypeAttributeId": "8", "objectAttributeValues": []},
                ],
            },
        )
    ]


def test_a_delete_needs_no_body_in_the_answer() -> None:
    rest, wire = client(Answer(200, {}, b""))
    rest.delete("88")
    assert wire.sent == [("DELETE", "object/88", None)]


def test_what_is_not_there_is_none() -> None:
    rest, _ = client(*[Answer(404, {}, b"")] * 3)
    assert (rest.object("1"), rest.schema("1"), rest.import_source("1")) == (None, None, None)


def test_an_object_by_itself_names_its_attributes_in_another_way() -> None:
    held = [{"objectTypeAttribute": {"id": "7"}, "objectAttributeValues": [{"value": "x"}]}]
    rest, _ = client(ok(row(attributes=held)))
    found = rest.object("88")
    assert found is not None
    assert found.values["7"] == (Value("text", "x", "x"),)


@pytest.mark.parametrize("given", ["", "..", "1/2", "1?x=1", "%2e", "1\n", "x" * 65])
def test_what_cannot_be_an_id_makes_no_call(given: str) -> None:
    rest, wire = client()
    assert rest.object(given) is None
    with pytest.raises(NotThere):
        rest.delete(given)
    assert wire.sent == []


def test_counts_statuses_usage_sources_and_new_attributes_are_read() -> None:
    made = {"id": "70", "name": "Jira account", "type": 2}
    rest, wire = client(
        ok({"totalCount": 5}),
        ok([{"id": "1", "name": "Active", "category": 1}]),
        ok(
            {
                "totalObjectsCount": 9,
                "perSchemaUsageInfo": [{"schemaId": 6, "schemaName": "S", "objectCount": 9}],
            }
        ),
        ok({"id": "i", "name": "Entra", "objectSchemaId": "6", "defaultHandleEmptyValues": "I"}),
        ok(made),
    )
    assert rest.count("x") == 5
    assert [one.name for one in rest.status_types("6")] == ["Active"]
    usage = rest.usage()
    assert (usage.by_schema, usage.names) == ({"6": 9}, {"6": "S"})
    source = rest.import_source("i")
    assert source is not None
    assert source.handles_empty == "I"
    assert rest.create_attribute("23", {"name": "Jira account", "type": 2}).id == "70"
    assert [path for _, path, _ in wire.sent] == [
        "object/aql/totalcount",
        "config/statustype?objectSchemaId=6",
        "usage",
        "importsource/i",
        "objecttypeattribute/23",
    ]


@pytest.mark.parametrize("answer", [{}, {"totalCount": "5"}, {"totalCount": -1}, []])
def test_a_count_that_is_no_count_is_not_believed(answer: object) -> None:
    rest, _ = client(ok(answer))
    with pytest.raises(ServiceFailed):
        rest.count("x")


@pytest.mark.parametrize(
    ("entries", "mapped"),
    [
        (None, None),
        ("odd", None),
        ([], set()),
        ([{"objectType": {"id": 12}}, {"objectType": {"id": "13"}}], {"12", "13"}),
        ([{"objectType": None}, {"id": "7"}], set()),
    ],
)
def test_an_import_source_says_which_types_it_fills_or_that_it_does_not_say(
    entries: object, mapped: set[str] | None
) -> None:
    body = {"id": "i", "objectSchemaId": "6", "importSourceOTEntries": entries}
    source = client(ok(body))[0].import_source("i")
    assert source is not None
    assert source.mapped == mapped


@pytest.mark.parametrize(("given", "managed"), [(True, True), ("false", False), (None, None)])
def test_a_schema_says_whether_the_account_manages_it(given: object, managed: bool | None) -> None:
    body = {"id": "6", "name": "People", "objectSchemaKey": "P", "canManage": given}
    found = client(ok(body))[0].schema("6")
    assert found is not None
    assert found.managed is managed
