"""The web door: a regional REST API in front of the web function. It hands the raw path over.

Everything is passed on; the app guards each route itself. Nothing of a request is logged here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Final

from aws_cdk import CfnResource, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_

from infra.deployment import Deployment
from infra.gateway_answers import ANSWERS, Said, headers, template

STAGE: Final = "live"
# A second, for everybody together: above it AWS answers 429, so that a flood ends here.
STEADY: Final = 500
BURST: Final = 1000
_SECONDS: Final = 29
_Api = apigateway.CfnRestApi


def add_api(
    stack: Stack, deployment: Deployment, web: lambda_.CfnFunction
) -> tuple[apigateway.CfnRestApi, apigateway.CfnStage]:
    """The API, deployed to its one stage."""
    api = _Api(
        stack,
        "Api",
        name=deployment.name,
        endpoint_configuration=_Api.EndpointConfigurationProperty(types=["REGIONAL"]),
        disable_execute_api_endpoint=True,  # the custom domain is the only way in
        fail_on_warnings=True,
    )
    rest = apigateway.CfnResource(
        stack, "Rest", rest_api_id=api.ref, parent_id=api.attr_root_resource_id,
        path_part="{proxy+}",
    )  # fmt: skip
    where = {"Root": api.attr_root_resource_id, "Rest": rest.ref}
    parts: list[CfnResource] = [
        *(_method(stack, deployment, api, web, each, at) for each, at in where.items()),
        *(_answer(stack, api, kind, said) for kind, said in ANSWERS.items()),
    ]
    lambda_.CfnPermission(
        stack,
        "ApiMay",
        action="lambda:InvokeFunction",
        function_name=web.ref,
        principal="apigateway.amazonaws.com",
        source_arn=_invoke_arn(deployment, api),
    )
    return api, _stage(stack, api, parts)


def _method(
    stack: Stack,
    deployment: Deployment,
    api: apigateway.CfnRestApi,
    web: lambda_.CfnFunction,
    label: str,
    resource_id: str,
) -> apigateway.CfnMethod:
    functions = f"arn:{deployment.partition}:apigateway:{deployment.region}:lambda:path"
    return apigateway.CfnMethod(
        stack,
        f"Any{label}",
        rest_api_id=api.ref,
        resource_id=resource_id,
        http_method="ANY",
        authorization_type="NONE",
        integration=apigateway.CfnMethod.IntegrationProperty(
            type="AWS_PROXY",
            integration_http_method="POST",
            timeout_in_millis=_SECONDS * 1000,
            uri=f"{functions}/2015-03-31/functions/{web.attr_arn}/invocations",
        ),
    )


def _answer(
    stack: Stack, api: apigateway.CfnRestApi, kind: str, said: Said
) -> apigateway.CfnGatewayResponse:
    return apigateway.CfnGatewayResponse(
        stack,
        f"Says{kind.title().replace('_', '')}",
        rest_api_id=api.ref,
        response_type=kind,
        status_code=str(said.status),
        response_parameters=headers(said),
        response_templates={"application/json": template(said)},
    )


def _stage(
    stack: Stack, api: apigateway.CfnRestApi, parts: Sequence[CfnResource]
) -> apigateway.CfnStage:
    """A deployment is a copy, made once: what differs in the API needs one with another name."""
    told = json.dumps([_SECONDS, [(each, template(a), headers(a)) for each, a in ANSWERS.items()]])
    digest = hashlib.sha256(told.encode()).hexdigest()[:12]
    copy = apigateway.CfnDeployment(stack, f"Copy{digest}", rest_api_id=api.ref)
    for each in parts:
        copy.add_resource_dependency(each)
    return apigateway.CfnStage(
        stack,
        "Stage",
        rest_api_id=api.ref,
        stage_name=STAGE,
        deployment_id=copy.ref,
        method_settings=[
            apigateway.CfnStage.MethodSettingProperty(
                resource_path="/*",
                http_method="*",
                logging_level="OFF",
                data_trace_enabled=False,
                metrics_enabled=True,
                throttling_rate_limit=STEADY,
                throttling_burst_limit=BURST,
            )
        ],
    )


def _invoke_arn(deployment: Deployment, api: apigateway.CfnRestApi) -> str:
    where = f"{deployment.region}:{deployment.account}"
    return f"arn:{deployment.partition}:execute-api:{where}:{api.ref}/{STAGE}/*/*"
