"""One deployment in one region: everything joined, in the order in which things need each other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App, CfnOutput, Environment, Stack

from app.outside.aws.dynamodb import BY_DUE_TIME, BY_INSTALLATION
from infra.alarms import Watching, add_alarms, add_topic
from infra.checks import add_checks
from infra.clocks import add_clocks
from infra.dashboard import add_dashboard
from infra.deployment import Deployment
from infra.domain import add_domain
from infra.firewall import add_firewall
from infra.functions import Functions, add_functions
from infra.keys import add_keys
from infra.logs import add_log_groups
from infra.operations_key import add_operations_key
from infra.people import ROWS
from infra.queues import Queues, add_queues
from infra.receipts import add_receipts
from infra.roles import Things, add_powers, add_roles
from infra.table import add_table
from infra.web import STAGE, add_api
from infra.worker import add_worker


def make_stack(app: App, deployment: Deployment, package: Path) -> Stack:
    """The stack. `package` is what `make package` made."""
    stack = Stack(
        app,
        "MyAssets",
        stack_name=deployment.name,
        env=Environment(account=deployment.account, region=deployment.region),
        termination_protection=not deployment.app.is_sandbox,
    )
    roles = add_roles(stack, deployment)
    keys = add_keys(stack, deployment, list(roles.values()))
    operations_key = add_operations_key(stack, deployment)
    groups = add_log_groups(stack, deployment, operations_key)
    table = add_table(stack, deployment.app.table)
    queues = add_queues(stack, deployment)
    receipts = add_receipts(stack, deployment)
    functions = add_functions(stack, deployment, package, roles, groups, queues.imports.ref)
    things = Things(
        {
            "table": table.attr_arn,
            "installations": f"{table.attr_arn}/index/{BY_INSTALLATION}",
            "due times": f"{table.attr_arn}/index/{BY_DUE_TIME}",
            "import queue": queues.imports.attr_arn,
            "receipts": f"{receipts.attr_arn}/*",
            "list of receipts": receipts.attr_arn,
        },
        {name: groups[name].attr_arn for name in ROWS},
        [*(key.attr_arn for key in keys.locks), *deployment.keys_put_in_use],
    )
    powers = add_powers(stack, roles, things)
    for name, function in functions.items():
        # Lambda refuses to join a queue and a function whose role may not receive from it yet.
        function.add_resource_dependency(powers[name])
    add_worker(stack, functions, queues)
    add_clocks(stack, deployment, functions, queues)
    api, stage = add_api(stack, deployment, functions["web"])
    add_firewall(stack, deployment, api, stage)
    add_domain(stack, deployment, api, stage)
    dimensions = _dimensions(deployment, functions, queues, table.ref)
    topic = add_topic(stack, deployment, operations_key)
    add_alarms(Watching(stack, deployment, topic, groups, dimensions))
    add_dashboard(stack, deployment, dimensions)
    CfnOutput(stack, "ApiId", value=api.ref)
    add_checks(app, stack)
    return stack


def _dimensions(
    deployment: Deployment, functions: Functions, queues: Queues, table: str
) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {
        each: {"FunctionName": function.ref} for each, function in functions.items()
    }
    found["imports"] = {"QueueName": queues.imports.attr_queue_name}
    for name, queue in queues.dead.items():
        found[f"dead {name}"] = {"QueueName": queue.attr_queue_name}
    found["api"] = {"ApiName": deployment.name, "Stage": STAGE}
    found["table"] = {"TableName": table}
    return found
