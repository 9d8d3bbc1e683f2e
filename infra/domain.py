"""The address: a certificate of this region, TLS 1.2 or newer, and the names that lead here."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53

from infra.deployment import Deployment


def add_domain(
    stack: Stack,
    deployment: Deployment,
    api: apigateway.CfnRestApi,
    stage: apigateway.CfnStage,
) -> None:
    """The domain, without a path of its own: what the gateway hands on is what was asked."""
    domain = apigateway.CfnDomainName(
        stack,
        "Domain",
        domain_name=deployment.domain,
        regional_certificate_arn=_certificate(stack, deployment).ref,
        endpoint_configuration=apigateway.CfnDomainName.EndpointConfigurationProperty(
            types=["REGIONAL"]
        ),
        security_policy="TLS_1_2",
    )
    mapping = apigateway.CfnBasePathMapping(
        stack, "DomainToApi", domain_name=domain.ref, rest_api_id=api.ref, stage=stage.ref
    )
    for kind in ("A", "AAAA"):
        record = route53.CfnRecordSet(
            stack,
            f"Name{kind}",
            hosted_zone_id=deployment.hosted_zone_id,
            name=deployment.domain,
            type=kind,
            alias_target=route53.CfnRecordSet.AliasTargetProperty(
                dns_name=domain.attr_regional_domain_name,
                hosted_zone_id=domain.attr_regional_hosted_zone_id,
            ),
        )
        record.add_resource_dependency(mapping)


def _certificate(stack: Stack, deployment: Deployment) -> acm.CfnCertificate:
    return acm.CfnCertificate(
        stack,
        "Certificate",
        domain_name=deployment.domain,
        validation_method="DNS",
        domain_validation_options=[
            acm.CfnCertificate.DomainValidationOptionProperty(
                domain_name=deployment.domain, hosted_zone_id=deployment.hosted_zone_id
            )
        ],
    )
