"""The generated key policies as JSON: no wildcard, no hand-over to IAM, nothing said twice."""

from __future__ import annotations

import copy
import itertools
import json
from typing import Any, Final

import pytest

from app.vault.key_policies import LARGEST, Arns, Standing, function_roles, key_policy
from app.vault.parts import Lock, Role
from app.vault.place import CONTEXT_KEYS, Place
from app.vault.roles import LOCKS
from app.words import Json
from tests.stand_ins.key_policies import NotUnderstood, Request, allows
from tests.stand_ins.kms import role_arn
from tests.vault.world import APP_KEY, ARNS, G1, A

STANDINGS: Final[tuple[Standing, ...]] = ("current", "previous")
EACH: Final = list(itertools.product(LOCKS, STANDINGS))
CRYPTO: Final = ("Encrypt", "Decrypt", "GenerateDataKey", "ReEncrypt", "CreateGrant", "Sign", "Mac")


def statements(policy: Json, effect: str = "Allow") -> list[Json]:
    return [each for each in policy["Statement"] if each["Effect"] == effect]


@pytest.mark.parametrize(("lock", "standing"), EACH)
def test_no_statement_has_a_wildcard_a_root_or_an_unknown_principal(
    lock: Lock, standing: Standing
) -> None:
    known = {arn for arns in ARNS.values() for arn in arns}
    for each in key_policy(lock, ARNS, APP_KEY, standing)["Statement"]:
        assert set(each["Principal"]) == {"AWS"}
        assert set(each["Principal"]["AWS"]) <= known
        assert not any("*" in text for text in (*each["Action"], *each["Principal"]["AWS"]))
        assert "kms:*" not in each["Action"]


@pytest.mark.parametrize(("lock", "standing"), EACH)
def test_administrators_keep_the_key_and_never_use_it(lock: Lock, standing: Standing) -> None:
    policy = key_policy(lock, ARNS, APP_KEY, standing)
    theirs = [
        each for each in statements(policy) if role_arn("key-administrator") in principals(each)
    ]
    actions = {action for each in theirs for action in each["Action"]}
    assert {"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey"} <= actions
    assert not any(word in action for action in actions for word in CRYPTO)
    (never,) = statements(policy, "Deny")
    assert principals(never) == ARNS["key-administrator"]
    for action in never["Action"]:
        assert not allows(policy, Request(role_arn("key-administrator"), action, {}))


def test_a_later_statement_cannot_give_administrators_the_use_by_mistake() -> None:
    policy = key_policy("instance", ARNS, APP_KEY)
    more = {"Effect": "Allow", "Principal": {"AWS": role_arn("key-administrator")},
            "Action": "kms:*", "Resource": "*"}  # fmt: skip
    policy["Statement"].append(more)
    request = Request(role_arn("key-administrator"), "kms:Decrypt", context())
    assert not allows(policy, request)


@pytest.mark.parametrize(("lock", "standing"), EACH)
def test_every_use_names_the_app_its_parts_and_each_key_of_the_context(
    lock: Lock, standing: Standing
) -> None:
    for each in statements(key_policy(lock, ARNS, APP_KEY, standing)):
        if not any(word in action for action in each["Action"] for word in CRYPTO):
            continue
        condition = each["Condition"]
        assert condition["StringEquals"]["kms:EncryptionContext:app"] == APP_KEY
        assert condition["StringEquals"]["kms:EncryptionContext:part"]
        keys = condition["ForAllValues:StringEquals"]["kms:EncryptionContextKeys"]
        assert set(keys) == set(CONTEXT_KEYS) == set(Place("a", A, G1, "p", "1-a").context())
        assert condition["Null"] == {f"kms:EncryptionContext:{key}": "false" for key in keys}


@pytest.mark.parametrize(("lock", "standing"), EACH)
def test_cleanup_and_people_stand_in_no_policy(lock: Lock, standing: Standing) -> None:
    text = json.dumps(key_policy(lock, ARNS, APP_KEY, standing))
    assert role_arn("cleanup") not in text
    assert role_arn("vendor-person") not in text


def test_a_policy_stays_well_below_what_kms_takes_even_with_many_long_names() -> None:
    for lock, standing in EACH:
        assert len(json.dumps(key_policy(lock, ARNS, APP_KEY, standing))) < LARGEST // 3


def test_a_policy_that_kms_would_not_take_is_refused_here() -> None:
    many = [f"arn:aws:iam::111122223333:role/{'x' * 60}{number}" for number in range(100)]
    with pytest.raises(ValueError, match="bytes"):
        key_policy("instance", {**ARNS, "web": many}, APP_KEY)


@pytest.mark.parametrize(
    "arn",
    [
        "*",
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::111122223333:role/*",
        "arn:aws:iam::*:role/web",
        "arn:aws:iam::111122223333:user/ada",
        "",
    ],
)
def test_what_is_not_one_role_is_no_principal(arn: str) -> None:
    with pytest.raises(ValueError, match="not the ARN of one IAM role"):
        key_policy("instance", {**ARNS, "web": [arn]}, APP_KEY)


def test_a_key_needs_an_administrator() -> None:
    for none in ({}, {**ARNS, "key-administrator": []}):
        with pytest.raises(ValueError, match="administrator"):
            key_policy("instance", none, APP_KEY)


@pytest.mark.parametrize("person", ["vendor-person", "key-administrator", "cleanup"])
def test_nobody_is_a_function_and_something_else_at_once(person: Role) -> None:
    with pytest.raises(ValueError, match="must not"):
        key_policy("instance", {**ARNS, person: [role_arn("web")]}, APP_KEY)


def test_one_process_may_hold_both_roles_of_the_app() -> None:
    both: Arns = {**ARNS, "worker": ARNS["web"]}
    request = Request(role_arn("web"), "kms:Decrypt", context("entra-secret"))
    assert allows(key_policy("instance", both, APP_KEY), request)


def test_a_role_without_an_identity_gets_no_statement() -> None:
    few: Arns = {"key-administrator": ARNS["key-administrator"], "web": ARNS["web"]}
    assert "Rewrap" not in json.dumps(key_policy("instance", few, APP_KEY, "previous"))


def test_the_roles_that_use_each_lock() -> None:
    functions = ["web", "worker", "scheduler"]
    assert list(function_roles("settings")) == [*functions, "rewrap-open"]
    assert list(function_roles("instance")) == [*functions, "rewrap-open", "rewrap-rest"]


# The reader of policies is part of the proof, so it is held to what AWS's documentation says.


def context(part: str = "consent") -> dict[str, str]:
    return dict(Place(APP_KEY, A, G1, part, "1-a").context())


def policy_of(**changed: Any) -> Json:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": role_arn("web")},
        "Action": "kms:Decrypt",
        "Resource": "*",
        **changed,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


WEB: Final = Request(role_arn("web"), "kms:Decrypt", {"part": "consent"})


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"Principal": "*"},
        {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
        {"Action": "kms:*"},
        {"Action": ["kms:Encrypt", "kms:dec*"]},
        {"Condition": {"StringEquals": {"kms:EncryptionContext:part": ["entra", "consent"]}}},
        {"Condition": {"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["part", "x"]}}},
        {"Condition": {"Null": {"kms:EncryptionContext:part": "false"}}},
        {"Condition": {"Null": {"kms:EncryptionContext:app": "true"}}},
    ],
)
def test_the_reader_lets_through_what_a_policy_allows_wildcards_too(changed: Json) -> None:
    assert allows(policy_of(**changed), WEB)


@pytest.mark.parametrize(
    "changed",
    [
        {"Effect": "Deny"},
        {"Principal": {"AWS": role_arn("worker")}},
        {"Action": "kms:Encrypt"},
        {"Condition": {"StringEquals": {"kms:EncryptionContext:part": "entra"}}},
        {"Condition": {"StringEquals": {"kms:EncryptionContext:app": "a"}}},
        {"Condition": {"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["app"]}}},
        {"Condition": {"Null": {"kms:EncryptionContext:part": "true"}}},
        {"Condition": {"Null": {"kms:EncryptionContext:app": "false"}}},
    ],
)
def test_the_reader_refuses_what_a_policy_does_not_allow(changed: Json) -> None:
    assert not allows(policy_of(**changed), WEB)


def test_for_all_values_alone_lets_an_empty_context_through() -> None:
    """Why the policies also say that each key must be there."""
    condition = {"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["part"]}}
    assert allows(policy_of(Condition=condition), Request(role_arn("web"), "kms:Decrypt", {}))


def test_a_deny_beats_every_allow() -> None:
    policy = policy_of()
    policy["Statement"].append({**policy["Statement"][0], "Effect": "Deny"})
    assert not allows(policy, WEB)


@pytest.mark.parametrize(
    "changed",
    [
        {"Condition": {"StringLike": {"kms:EncryptionContext:part": "c*"}}},
        {"Condition": {"StringEquals": {"kms:ViaService": "s3"}}},
        {"NotAction": "kms:Decrypt"},
        {"Resource": "arn:aws:kms:eu-central-1:111122223333:key/1"},
        {"Principal": {"Service": "lambda.amazonaws.com"}},
        {"Effect": "Maybe"},
    ],
)
def test_what_the_reader_does_not_know_is_a_fault_and_no_answer(changed: Json) -> None:
    with pytest.raises(NotUnderstood):
        allows(policy_of(**changed), WEB)


PLANTED: Final = {
    "a wider action": lambda each: each.update(Action=["kms:*"]),
    "a wider principal": lambda each: each.update(Principal={"AWS": ["*"]}),
    "no condition": lambda each: each.pop("Condition", None),
    "one key may be missing": lambda each: each.get("Condition", {}).pop("Null", None),
    "any part": lambda each: (
        each.get("Condition", {}).get("StringEquals", {}).pop("kms:EncryptionContext:part", None)
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_in_a_policy_really_opens_something(name: str) -> None:
    """The matrix of the role table would see it: the reader does not smooth it over."""
    planted = copy.deepcopy(key_policy("instance", ARNS, APP_KEY))
    for each in statements(planted):
        PLANTED[name](each)
    contexts = [context("entra-secret"), {"app": APP_KEY, "part": "consent"}, {}]
    actions = ("kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptTo")
    requests = [
        Request(role_arn(role), action, each)
        for role, action, each in itertools.product(("web", "cleanup"), actions, contexts)
    ]
    honest = key_policy("instance", ARNS, APP_KEY)
    assert any(allows(planted, each) and not allows(honest, each) for each in requests)


def principals(statement: Json) -> list[str]:
    found: list[str] = statement["Principal"]["AWS"]
    return found


@pytest.mark.parametrize("other", ["web", "worker", "rewrap-rest"])
def test_who_re_wraps_holds_no_other_role(other: Role) -> None:
    """Web and worker may be one process; a re-wrapping role beside another could rename keys."""
    both: Arns = {**ARNS, other: ARNS["rewrap-open"]}
    with pytest.raises(ValueError, match="rename"):
        key_policy("instance", both, APP_KEY)
