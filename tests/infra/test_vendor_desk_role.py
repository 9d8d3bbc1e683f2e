"""The vendor's desk on AWS: what its role may read, from the template, and who may take it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from app.goodbye.references import COLUMNS
from app.instances.reference import ATTRIBUTES
from app.outside.aws.listing import DynamoListing
from app.words import InstanceId
from infra.deployment import Deployment
from infra.people import DESK
from tests.infra.conftest import Template
from tests.infra.policies import listed, role_statements, spelled

pytestmark = pytest.mark.infra
ROOT: Final = Path(__file__).parents[2]
ROLE: Final = "VendorDeskRole"
SELECTS: Final = "SPECIFIC_ATTRIBUTES"


def table_statement(template: Template) -> Mapping[str, Any]:
    (found,) = [
        each
        for each in role_statements(template, ROLE)
        if any(action.startswith("dynamodb:") for action in listed(each["Action"]))
    ]
    return found


def lets_through(condition: Mapping[str, Any], named: set[str], select: str | None) -> bool:
    """What the table's condition says to a call that names these attributes. Reads no other."""
    holds = {
        "ForAllValues:StringEquals": lambda each: named <= set(each["dynamodb:Attributes"]),
        "Null": lambda each: (each["dynamodb:Attributes"] == "true") is (not named),
        "StringEqualsIfExists": lambda each: select in (None, each["dynamodb:Select"]),
    }
    return all(holds[operator](each) for operator, each in condition.items())


class Asked:
    """Takes down what the desk's own listing names."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, set[str], str | None]] = []

    def __getattr__(self, name: str) -> Any:
        def call(**asked: Any) -> dict[str, Any]:
            named = set(asked["ExpressionAttributeNames"].values())
            self.calls.append((name, named, asked.get("Select")))
            return {"Items": []}

        return call


def test_what_the_desk_asks_of_the_table_is_what_its_role_may() -> None:
    client = Asked()
    listing = DynamoListing(client, "references")  # type: ignore[arg-type]
    listing.read(InstanceId("a" * 32))
    list(listing.all())
    assert client.calls == [("get_item", set(COLUMNS), None), ("scan", set(COLUMNS), SELECTS)]


def test_its_role_reads_the_listed_columns_of_the_table(template: Template) -> None:
    statement = table_statement(template)
    assert statement["Action"] == ["dynamodb:GetItem", "dynamodb:Scan"]
    assert statement["Resource"] == {"Fn::GetAtt": ["Instances", "Arn"]}
    condition = statement["Condition"]
    assert condition["ForAllValues:StringEquals"]["dynamodb:Attributes"] == list(COLUMNS)
    assert lets_through(condition, set(COLUMNS), None)
    assert lets_through(condition, set(COLUMNS), SELECTS)


@pytest.mark.parametrize("more", sorted(ATTRIBUTES - set(COLUMNS)))
def test_its_role_reads_no_other_attribute(template: Template, more: str) -> None:
    condition = table_statement(template)["Condition"]
    assert not lets_through(condition, {more}, None)
    assert not lets_through(condition, {*COLUMNS, more}, SELECTS)


@pytest.mark.parametrize("select", [None, "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"])
def test_a_call_that_names_no_attribute_and_so_wants_all_is_refused(
    template: Template, select: str | None
) -> None:
    assert not lets_through(table_statement(template)["Condition"], set(), select)


def test_its_role_reads_receipts_and_knows_no_key_no_queue_and_no_log(
    template: Template, deployment: Deployment
) -> None:
    text = spelled(role_statements(template, ROLE))
    assert "kms" not in text
    assert "sqs" not in text
    assert "logs" not in text
    receipts = [
        (each["Action"], each["Resource"])
        for each in role_statements(template, ROLE)
        if each is not table_statement(template)
    ]
    bucket = {"Fn::GetAtt": ["Receipts", "Arn"]}
    assert receipts == [
        (["s3:GetObject"], {"Fn::Join": ["", [bucket, "/*"]]}),
        (["s3:ListBucket"], bucket),
    ]
    for name, key in template.of("KMS::Key").items():
        assert deployment.role_arn(DESK) not in spelled(key), name


def test_its_role_is_taken_on_by_the_named_machines_alone(
    template: Template, deployment: Deployment
) -> None:
    role = template.of("IAM::Role")[ROLE]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": list(deployment.desk_hosts)}
    assert (trust["Effect"], trust["Action"]) == ("Allow", ["sts:AssumeRole"])
    assert role["RoleName"] == deployment.role_name(DESK)


def test_a_deployment_that_names_no_machine_for_the_desk_has_no_role_for_it(
    deployment: Deployment,
) -> None:
    from aws_cdk import App, Stack

    from infra.roles import add_roles

    made = add_roles(Stack(App(), "One"), replace(deployment, desk_hosts=()))
    assert set(made) == set(add_roles(Stack(App(), "Two"), deployment)) - {DESK}


def test_the_runbook_names_the_role_and_has_no_policy_to_paste(deployment: Deployment) -> None:
    paper = (ROOT / "docs" / "runbooks" / "vendor-desk.md").read_text()
    assert deployment.role_name(DESK).replace(deployment.region, "REGION") in paper
    assert (
        deployment.receipts_bucket.replace(deployment.account, "ACCOUNT").replace(
            deployment.region, "REGION"
        )
        in paper
    )
    assert "Statement" not in paper
