"""What happens by the clock: a tick of the scheduler each minute, the cleanup each hour."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_

from infra.deployment import Deployment
from infra.functions import Functions
from infra.people import CLOCKS
from infra.queues import Queues


def add_clocks(stack: Stack, deployment: Deployment, functions: Functions, queues: Queues) -> None:
    """A tick that fails is not repeated, the next one comes; one that nobody took is kept."""
    for name, rate in CLOCKS.items():
        function = functions[name]
        rule = events.CfnRule(
            stack,
            f"{name.title()}Clock",
            name=deployment.rule_name(name),
            schedule_expression=rate,
            targets=[
                events.CfnRule.TargetProperty(
                    id=name,
                    arn=function.attr_arn,
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(
                        arn=queues.ticks_dead.attr_arn
                    ),
                    retry_policy=events.CfnRule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=60, maximum_retry_attempts=1
                    ),
                )
            ],
        )
        lambda_.CfnPermission(
            stack,
            f"{name.title()}ClockMay",
            action="lambda:InvokeFunction",
            function_name=function.ref,
            principal="events.amazonaws.com",
            source_arn=rule.attr_arn,
        )
        lambda_.CfnEventInvokeConfig(
            stack,
            f"{name.title()}Tries",
            function_name=function.ref,
            qualifier="$LATEST",
            maximum_retry_attempts=0,
            maximum_event_age_in_seconds=60,
        )
