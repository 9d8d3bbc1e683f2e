"""The firewall before the web door: addresses known for attacks, and requests that are attacks.

No limit by address: calls come from Atlassian's, and whole companies come from one. No sample of a
request is kept: Connect's query strings hold tokens. The app's own guards rely on none of this.
"""

from __future__ import annotations

from typing import Final

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_wafv2 as wafv2

from infra.deployment import Deployment

# Groups of rules that AWS keeps (AWS WAF developer guide, "AWS Managed Rules rule groups list").
GROUPS: Final = ("AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesKnownBadInputsRuleSet")
_Acl = wafv2.CfnWebACL


def add_firewall(
    stack: Stack,
    deployment: Deployment,
    api: apigateway.CfnRestApi,
    stage: apigateway.CfnStage,
) -> None:
    """A sandbox has none: what it is deployed into knows no association with a stage."""
    if deployment.app.is_sandbox:
        why = "A sandbox is reached from its own machine only."
        found = Acknowledgment(id="AwsSolutions::AwsSolutions-APIG3", reason=why)
        Validations.of(stage).acknowledge(found)
        return
    acl = _Acl(
        stack,
        "Firewall",
        name=f"{deployment.name}-firewall",
        scope="REGIONAL",
        default_action=_Acl.DefaultActionProperty(allow={}),
        rules=[_managed(name, place) for place, name in enumerate(GROUPS)],
        visibility_config=_counted("firewall"),
    )
    where = f"arn:{deployment.partition}:apigateway:{deployment.region}::"
    wafv2.CfnWebACLAssociation(
        stack,
        "FirewallBeforeStage",
        resource_arn=f"{where}/restapis/{api.ref}/stages/{stage.ref}",
        web_acl_arn=acl.attr_arn,
    )


def _managed(name: str, place: int) -> wafv2.CfnWebACL.RuleProperty:
    group = _Acl.ManagedRuleGroupStatementProperty(vendor_name="AWS", name=name)
    return _Acl.RuleProperty(
        name=name,
        priority=place,
        override_action=_Acl.OverrideActionProperty(none={}),
        statement=_Acl.StatementProperty(managed_rule_group_statement=group),
        visibility_config=_counted(name),
    )


def _counted(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return _Acl.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
