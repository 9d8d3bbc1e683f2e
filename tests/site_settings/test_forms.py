"""What cannot be right by its form: refused with every problem named, nothing of it repeated."""

from __future__ import annotations

import pytest

from app.errors import InputRefused, Problem
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import BODIES, body


def problems(administrator: Administrator, part: str, sent: object) -> list[Problem]:
    with pytest.raises(InputRefused) as refused:
        administrator.check(part, sent)  # type: ignore[arg-type]
    return list(refused.value.problems)


def fields(administrator: Administrator, part: str, sent: object) -> list[str]:
    return sorted(problem.field for problem in problems(administrator, part, sent))


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"{", b"[]", b"null", b'"text"', b"\xff", b'{"email": NaN}', b"[" * 100_000,
        b'{"email":"a@b.example",}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_refused(
    administrator: Administrator, sent: bytes
) -> None:
    assert fields(administrator, "assets-access", sent) == [""]


def test_a_body_that_is_nested_too_deeply_is_refused(administrator: Administrator) -> None:
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    for sent in ({"entra_import": deep}, {"entra_import": [[[[[[True]]]]]]}):
        assert problems(administrator, "consent", sent)


def test_a_name_that_stands_twice_is_refused(administrator: Administrator) -> None:
    sent = b'{"entra_import":true,"entra_import":false}'
    assert fields(administrator, "consent", sent) == ["entra_import"]


def test_a_text_that_no_file_can_hold_is_refused(administrator: Administrator) -> None:
    sent = b'{"service_desk_id":"\\ud800","request_type_id":"1"}'
    assert problems(administrator, "requests", sent)


def test_every_problem_is_named_at_once(administrator: Administrator) -> None:
    sent = {
        "container_token": 5,
        "objects": {"users": "yes", "printers": True},
        "leavers": "forget",
        "brake": {"percent": -1, "count": 1.5},
        "filter": {"groups": [""]},
        "missing_objects": "remove",
        "schedule": {"every": "month", "at": "25:00", "time_zone": "Mars/Olympus"},
        "surprise": 1,
    }
    assert fields(administrator, "import", sent) == [
        "brake.count",
        "brake.percent",
        "container_token",
        "filter.groups.0",
        "leavers",
        "leavers",
        "objects.printers",
        "objects.users",
        "schedule.at",
        "schedule.every",
        "schedule.time_zone",
        "surprise",
    ]


def test_unknown_fields_are_named_at_every_depth(administrator: Administrator) -> None:
    sent = {"access": {"moood": 1}, "owner_rules": [{"objct": 1}], "x": 1}
    assert {"access.moood", "owner_rules.0.objct", "x"} <= set(
        fields(administrator, "visibility", sent)
    )


def test_no_sentence_is_left_to_the_library(administrator: Administrator) -> None:
    sent = {"access": 5, "columns": [], "hidden_schemas": {}, "owner_rules": [7], "x": None}
    for problem in problems(administrator, "visibility", sent):
        assert problem.message.endswith(".")
        assert "Input" not in problem.message


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("assets-access", "email", "not an address"),
        ("assets-access", "email", "a:b@c.example"),
        ("assets-access", "email", "a@b.example\r\nX: y"),
        ("assets-access", "mode", "app"),
        ("assets-access", "api_token", ""),
        ("assets-access", "api_token", "with space"),
        ("assets-access", "api_token", "line\nbreak-of-a-header"),
        ("entra", "tenant_id", "../common"),
        ("entra", "tenant_id", "a/b"),
        ("entra", "tenant_id", "a?b"),
        ("entra", "tenant_id", "a%2fb"),
        ("entra", "tenant_id", ".."),
        ("entra", "tenant_id", "tenant\n"),
        ("entra", "tenant_id", "common"),
        ("entra", "tenant_id", "Organizations"),
        ("entra", "client_id", "a&b=c"),
        ("entra", "client_id", ""),
        ("entra", "cloud", "mars"),
        ("entra", "secret_expires_on", "2026-02-30"),
        ("entra", "secret_expires_on", "31.1.2027"),
        ("encryption-string", "encryption_string", "fifteen letters"),
        ("encryption-string", "encryption_string", "x" * 1025),
        ("import", "schedule", {"every": "day", "time_zone": "../../etc/passwd"}),
        ("import", "schedule", {"every": "day", "time_zone": "Europe"}),
        ("import", "schedule", {"every": "day", "time_zone": "Europe/Nowhere"}),
        ("import", "container_token", "tököööööööööööööön"),
        ("requests", "service_desk_id", 4),
        ("consent", "entra_import", "true"),
        ("consent", "entra_import", 1),
    ],
)
def test_a_value_that_cannot_be_right_is_refused(
    administrator: Administrator, part: str, field: str, value: object
) -> None:
    found = problems(administrator, part, body(part, **{field: value}))
    assert [problem.field.partition(".")[0] for problem in found] == [field]


def test_sixteen_characters_are_enough_for_an_encryption_string(
    administrator: Administrator,
) -> None:
    sixteen = {"encryption_string": "sixteen letters!"}
    assert administrator.check("encryption-string", sixteen)["ok"] is True


@pytest.mark.parametrize("leavers", ["keep", "mark", ...])
def test_removing_missing_objects_needs_leavers_to_be_deleted(
    administrator: Administrator, leavers: object
) -> None:
    sent = body("import", missing_objects="remove", leavers=leavers)
    assert fields(administrator, "import", sent) == ["leavers"]


def test_removing_missing_objects_goes_with_deleting_leavers(administrator: Administrator) -> None:
    sent = body("import", missing_objects="remove", leavers="delete")
    assert administrator.save("import", sent)["missing_objects"] == "remove"


def test_a_full_schedule_is_kept_as_given(administrator: Administrator) -> None:
    schedule = {"every": "week", "day": "fri", "at": "23:30", "time_zone": "Europe/Berlin"}
    assert administrator.save("import", body("import", schedule=schedule))["schedule"] == schedule


def test_a_long_unknown_name_is_cut(administrator: Administrator) -> None:
    (problem,) = problems(administrator, "consent", {**BODIES["consent"], "n" * 5000: 1})
    assert len(problem.field) < 200


def test_what_was_typed_is_never_repeated(administrator: Administrator) -> None:
    for part, field in [("entra", "cloud"), ("import", "leavers"), ("assets-access", "email")]:
        for problem in problems(administrator, part, body(part, **{field: "canary value"})):
            assert "canary" not in problem.message
