"""Who may do what, from the template: no wildcard without a reason, nobody with too much."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, Final

import pytest

from app.vault.key_policies import LARGEST
from app.vault.parts import DOCUMENTS, Lock, Role
from app.vault.place import Place
from app.vault.roles import LOCKS, OPERATIONS, ROLES, Operation, granted
from app.words import Generation, InstanceId
from infra.deployment import Deployment
from infra.people import REWRAP, ROWS, FunctionName, principals
from tests.infra.conftest import Template
from tests.infra.policies import listed, role_statements, spelled, statements
from tests.stand_ins.key_policies import Request, allows

pytestmark = pytest.mark.infra

# A wildcard that stands in the template, and why it may.
REASONS: Final[Mapping[tuple[str, str], str]] = {
    ("ImportsPolicy", "sqs:*"): "a denial: nothing at all without TLS",
    ("ImportsDeadPolicy", "sqs:*"): "a denial: nothing at all without TLS",
    ("TicksDeadPolicy", "sqs:*"): "a denial: nothing at all without TLS",
    ("ReceiptsPolicy", "s3:*"): "a denial: nothing at all without TLS",
    ("ReceiptsPolicy", "/*"): "the same denial, for each file of the bucket",
    ("CleanupPowers", "/*"): "each receipt has a name that is known only when it is made",
    ("VendorDeskPowers", "/*"): "any receipt may be asked for, and none is written",
}
KEYS: Final = ("SettingsKey", "InstanceKey", "ReceiptsKey", "OperationsKey")
ACTIONS: Final[Mapping[Operation, str]] = {
    "make": "kms:GenerateDataKey",
    "open": "kms:Decrypt",
    "rewrap": "kms:ReEncryptTo",
}
LOCK_KEYS: Final[Mapping[Lock, str]] = {"settings": "SettingsKey", "instance": "InstanceKey"}


def wildcards(statement: Mapping[str, Any]) -> set[str]:
    found = {each for each in listed(statement.get("Action", [])) if "*" in each}
    for each in listed(statement.get("Resource", [])):
        text = spelled(each)
        if each == "*":
            found.add("*")
        elif '"/*"' in text or text.endswith('/*"'):
            found.add("/*")
        elif "*" in text:
            found.add(text)
    return found


def test_no_action_and_no_resource_is_a_wildcard_without_a_written_reason(
    template: Template,
) -> None:
    found = {
        (name, each)
        for name, statement in statements(template)
        for each in wildcards(statement)
        if not (name in KEYS and each == "*")  # in a key policy `*` is that key
    }
    assert found == set(REASONS)


def test_a_wildcard_in_an_action_is_only_ever_denied(template: Template) -> None:
    for name, statement in statements(template):
        if any("*" in each for each in listed(statement["Action"])):
            assert statement["Effect"] == "Deny", name


def test_whoever_is_named_by_a_star_is_denied(template: Template) -> None:
    for name, statement in statements(template):
        if statement.get("Principal") == "*":
            assert statement["Effect"] == "Deny", name


def test_no_iam_policy_allows_anything_of_kms(template: Template) -> None:
    for role in template.of("IAM::Role"):
        for statement in role_statements(template, role):
            if statement["Effect"] == "Allow":
                actions = listed(statement["Action"])
                assert not any(each.startswith("kms:") for each in actions), role


def test_a_service_of_aws_that_may_do_something_may_do_it_for_this_deployment_only(
    template: Template, deployment: Deployment
) -> None:
    """Else the same service could be made to do it by somebody else (confused deputy)."""
    account = {"StringEquals": {"aws:SourceAccount": deployment.account}}
    groups = f"arn:aws:logs:{deployment.region}:{deployment.account}:log-group:/my-assets/*"
    rules = [
        f"arn:aws:events:{deployment.region}:{deployment.account}:rule/{each['Name']}"
        for each in template.of("Events::Rule").values()
    ]
    found = {
        (name, statement["Principal"]["Service"]): statement.get("Condition")
        for name, statement in statements(template)
        if isinstance(statement.get("Principal"), dict) and "Service" in statement["Principal"]
        if statement["Principal"]["Service"]
        != "lambda.amazonaws.com"  # a role is passed, not asked
    }
    assert found == {
        ("TicksDeadPolicy", "events.amazonaws.com"): {
            "ArnEquals": {"aws:SourceArn": sorted(rules)}
        },
        ("AlarmsPolicy", "cloudwatch.amazonaws.com"): account,
        ("OperationsKey", "cloudwatch.amazonaws.com"): account,
        ("OperationsKey", "sns.amazonaws.com"): account,
        ("OperationsKey", f"logs.{deployment.region}.amazonaws.com"): {
            "ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}
        },
    }
    for permission in template.of("Lambda::Permission").values():
        assert permission["SourceArn"]


def test_no_policy_of_somebody_else_is_attached_and_none_stands_in_a_role(
    template: Template,
) -> None:
    for name, role in template.of("IAM::Role").items():
        assert set(role) <= {"AssumeRolePolicyDocument", "Description", "RoleName"}, name
    assert not template.of("IAM::ManagedPolicy")


def test_each_function_has_a_role_of_its_own(template: Template) -> None:
    roles = [spelled(each["Role"]) for each in template.of("Lambda::Function").values()]
    assert len(set(roles)) == len(roles) == len(ROWS)


def test_a_function_is_made_after_its_powers(template: Template) -> None:
    """Lambda refuses to join a queue and a function whose role may not receive from it yet."""
    for name in ROWS:
        function = template.resources[f"{name.title()}Function"]
        assert function["DependsOn"] == [f"{name.title()}Powers"]


# What each role may do beside its keys: written here a second time, by hand.
_LOG: Final = {"logs:CreateLogStream", "logs:PutLogEvents"}
_TABLE: Final = {"dynamodb:GetItem", "dynamodb:UpdateItem"}
_CLAIMS: Final = {"dynamodb:PutItem", "dynamodb:DeleteItem"}
MAY: Final[Mapping[str, set[str]]] = {
    "WebRole": {*_LOG, *_TABLE, *_CLAIMS, "dynamodb:Query", "sqs:SendMessage"},
    "WorkerRole": {*_LOG, *_TABLE, "sqs:ReceiveMessage", "sqs:DeleteMessage",
                   "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"},
    "SchedulerRole": {*_LOG, *_TABLE, *_CLAIMS, "dynamodb:Scan", "dynamodb:Query",
                      "sqs:SendMessage"},
    "CleanupRole": {*_LOG, *_TABLE, *_CLAIMS, "dynamodb:Scan", "s3:GetObject", "s3:PutObject",
                    "s3:ListBucket"},
    "RewrapOpenRole": {*_TABLE, "dynamodb:Scan", "sqs:SendMessage"},
    "RewrapRestRole": {*_TABLE, "dynamodb:Scan"},
    "VendorDeskRole": {"dynamodb:GetItem", "dynamodb:Scan", "s3:GetObject", "s3:ListBucket"},
}  # fmt: skip


def test_each_role_may_do_exactly_what_stands_here(template: Template) -> None:
    assert set(template.of("IAM::Role")) == set(MAY)
    for role, actions in MAY.items():
        allowed = [each for each in role_statements(template, role) if each["Effect"] == "Allow"]
        assert {action for each in allowed for action in listed(each["Action"])} == actions, role


@pytest.mark.parametrize("role", ["CleanupRole", "VendorDeskRole"])
def test_who_reads_receipts_is_told_which_are_not_there(template: Template, role: str) -> None:
    """S3 answers a missing file with 404 to who may list, and with 403 to who may not."""
    (listing,) = [each for each in role_statements(template, role)
                  if "s3:ListBucket" in listed(each["Action"])]  # fmt: skip
    assert listing["Resource"] == {"Fn::GetAtt": ["Receipts", "Arn"]}


@pytest.mark.parametrize("name", REWRAP)
def test_who_re_wraps_may_wrap_into_no_key_but_ours(template: Template, name: str) -> None:
    role = "".join(word.title() for word in name.split("-")) + "Role"
    (denied,) = [each for each in role_statements(template, role) if each["Effect"] == "Deny"]
    assert listed(denied["Action"]) == ["kms:ReEncryptTo"]
    assert denied["NotResource"] == [{"Fn::GetAtt": [LOCK_KEYS[lock], "Arn"]} for lock in LOCKS]
    assert "Condition" not in denied


@pytest.mark.parametrize("name", REWRAP)
def test_people_take_on_a_re_wrapping_role_with_a_second_factor_only(
    template: Template, deployment: Deployment, name: str
) -> None:
    role = template.of("IAM::Role")["".join(word.title() for word in name.split("-")) + "Role"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert listed(trust["Principal"]["AWS"]) == list(deployment.operators)
    assert trust["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def key_policies(template: Template) -> Mapping[Lock, Any]:
    return {lock: template.of("KMS::Key")[name]["KeyPolicy"] for lock, name in LOCK_KEYS.items()}


def context(app_key: str, document: str) -> dict[str, str]:
    place = Place(app_key, InstanceId("a" * 32), Generation("g1"), document, "1-a")
    return dict(place.context())


@pytest.mark.parametrize("role", ROLES)
def test_every_cell_of_the_role_table_is_allowed_or_refused_by_the_deployed_key_policies(
    template: Template, deployment: Deployment, role: Role
) -> None:
    arns, policies = principals(deployment), key_policies(template)
    app_key = deployment.app.app_key
    whose = arns.get(role) or [deployment.role_arn(role)]
    for arn, lock, document, operation in itertools.product(whose, LOCKS, DOCUMENTS, OPERATIONS):
        request = Request(arn, ACTIONS[operation], context(app_key, document))
        wanted = document in granted(role, operation, lock)
        assert allows(policies[lock], request) is wanted, (arn, lock, document, operation)


@pytest.mark.parametrize("function", ROWS)
def test_no_function_has_more_than_its_row(
    template: Template, deployment: Deployment, function: FunctionName
) -> None:
    """Asked with the ARN that the function really runs as, of everything any row may do."""
    role = template.of("IAM::Role")[f"{function.title()}Role"]
    arn = f"arn:aws:iam::{deployment.account}:role/{role['RoleName']}"
    policies, app_key = key_policies(template), deployment.app.app_key
    for lock, document, operation in itertools.product(LOCKS, DOCUMENTS, OPERATIONS):
        request = Request(arn, ACTIONS[operation], context(app_key, document))
        if allows(policies[lock], request):
            assert document in granted(ROWS[function], operation, lock)
    runs_as = template.of("Lambda::Function")[f"{function.title()}Function"]["Role"]
    assert runs_as == {"Fn::GetAtt": [f"{function.title()}Role", "Arn"]}


def test_only_the_cleanup_signs_receipts_and_only_as_they_are_signed(
    template: Template, deployment: Deployment
) -> None:
    policy = template.of("KMS::Key")["ReceiptsKey"]["KeyPolicy"]
    signing = [
        each
        for each in policy["Statement"]
        if each["Effect"] == "Allow" and "kms:Sign" in listed(each["Action"])
    ]
    assert [listed(each["Principal"]["AWS"]) for each in signing] == [
        [deployment.role_arn("cleanup")]
    ]
    assert signing[0]["Condition"] == {"StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256"}}


def test_a_key_is_made_after_the_roles_that_its_policy_names(template: Template) -> None:
    roles = set(template.of("IAM::Role"))
    for name in ("SettingsKey", "InstanceKey", "ReceiptsKey"):
        assert set(template.resources[name]["DependsOn"]) == roles


def test_a_key_policy_fits_and_names_who_makes_it(
    template: Template, deployment: Deployment
) -> None:
    """KMS refuses a policy under which its maker, CloudFormation, could not change it again."""
    maker = deployment.administrators[0]
    assert maker.endswith(f"cdk-hnb659fds-cfn-exec-role-{deployment.account}-{deployment.region}")
    for key in template.of("KMS::Key").values():
        text = spelled(key["KeyPolicy"])
        assert len(text) < LARGEST
        assert maker in text
