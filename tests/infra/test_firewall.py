"""The firewall before the web door, and what it must not keep of a request."""

from __future__ import annotations

import json

import pytest

from infra.accepted import ACCEPTED
from infra.firewall import GROUPS
from tests.infra.conftest import Template
from tests.infra.policies import spelled

pytestmark = pytest.mark.infra


def test_a_firewall_stands_before_the_only_way_in(template: Template) -> None:
    before = template.one("WAFv2::WebACLAssociation")
    assert before["WebACLArn"] == {"Fn::GetAtt": ["Firewall", "Arn"]}
    assert '"/stages/", {"Ref": "Stage"}' in spelled(before["ResourceArn"])
    assert "APIG3" not in {each.rule for each in ACCEPTED}


def test_it_turns_known_attacks_away_and_limits_no_address(template: Template) -> None:
    acl = template.one("WAFv2::WebACL")
    assert acl["Scope"] == "REGIONAL"
    groups = [
        each["Statement"]["ManagedRuleGroupStatement"]["Name"]
        for each in acl["Rules"]
        if each["OverrideAction"] == {"None": {}}
    ]
    assert groups == list(GROUPS)
    assert "RateBasedStatement" not in json.dumps(acl)


def test_it_keeps_no_sample_and_no_log_of_a_request(template: Template) -> None:
    """Query strings hold Connect's tokens."""
    acl = template.one("WAFv2::WebACL")
    for each in (acl, *acl["Rules"]):
        assert each["VisibilityConfig"]["SampledRequestsEnabled"] is False
    assert not template.of("WAFv2::LoggingConfiguration")


def test_what_it_refuses_is_a_refusal_and_not_a_broken_request(template: Template) -> None:
    (answer,) = [
        each
        for each in template.of("ApiGateway::GatewayResponse").values()
        if each["ResponseType"] == "WAF_FILTERED"
    ]
    assert answer["StatusCode"] == "403"
