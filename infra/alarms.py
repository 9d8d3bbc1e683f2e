"""The alarms, and where they are told: an encrypted topic. Each names the runbook to open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

from infra.alarm_list import LOG_ALARMS, METRIC_ALARMS, LogAlarm, MetricAlarm
from infra.deployment import Deployment
from infra.logs import Groups

_FIVE_MINUTES: Final = 300
Dimensions = Mapping[str, Mapping[str, str]]
Properties = dict[str, Any]  # of an alarm, by the names that CloudFormation has for them


@dataclass(frozen=True)
class Watching:
    """What every alarm of a stack is made with. `dimensions` by the names in the list."""

    stack: Stack
    deployment: Deployment
    topic: sns.CfnTopic
    groups: Groups
    dimensions: Dimensions


def add_topic(stack: Stack, deployment: Deployment, key: kms.CfnKey) -> sns.CfnTopic:
    topic = sns.CfnTopic(
        stack, "Alarms", topic_name=f"{deployment.name}-alarms", kms_master_key_id=key.attr_key_id
    )
    sns.CfnTopicPolicy(
        stack,
        "AlarmsPolicy",
        topics=[topic.ref],
        policy_document={
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "CloudWatchTells",
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": topic.ref,
                    "Condition": {"StringEquals": {"aws:SourceAccount": deployment.account}},
                },
                {
                    "Sid": "OnlyOverTls",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "sns:Publish",
                    "Resource": topic.ref,
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
            ],
        },
    )
    if deployment.alarm_email is not None:
        sns.CfnSubscription(
            stack, "AlarmsByMail", topic_arn=topic.ref, protocol="email",
            endpoint=deployment.alarm_email,
        )  # fmt: skip
    return topic


def add_alarms(watching: Watching) -> None:
    for log_alarm in LOG_ALARMS:
        _count(watching, log_alarm)
        _alarm(watching, log_alarm.name, log_alarm.runbook, _lines(watching, log_alarm))
    for metric in METRIC_ALARMS:
        _alarm(watching, metric.name, metric.runbook, _given(watching, metric))


def pattern(alarm: LogAlarm) -> str:
    """CloudWatch's filter of JSON lines: values of one field are alternatives."""
    by_name: dict[str, list[str]] = {"event": [alarm.event]}
    for name, value in alarm.fields:
        by_name.setdefault(name, []).append(value)
    pieces = []
    for name, values in by_name.items():
        piece = " || ".join(f'($.{name} = "{value}")' for value in values)
        pieces.append(f"({piece})" if len(values) > 1 else piece)
    return "{ " + " && ".join(pieces) + " }"


def _count(watching: Watching, alarm: LogAlarm) -> None:
    for function in alarm.functions:
        logs.CfnMetricFilter(
            watching.stack,
            f"Counts{_titled(alarm.name)}In{function.title()}",
            log_group_name=watching.groups[function].ref,
            filter_pattern=pattern(alarm),
            metric_transformations=[
                logs.CfnMetricFilter.MetricTransformationProperty(
                    metric_namespace=watching.deployment.name,
                    metric_name=alarm.name,
                    metric_value="1",
                    default_value=0,
                )
            ],
        )


def _lines(watching: Watching, alarm: LogAlarm) -> Properties:
    return {
        "namespace": watching.deployment.name,
        "metric_name": alarm.name,
        "statistic": "Sum",
        "period": _FIVE_MINUTES,
        "threshold": alarm.at_least,
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "treat_missing_data": "notBreaching",
    }


def _given(watching: Watching, alarm: MetricAlarm) -> Properties:
    operator = "LessThanThreshold" if alarm.below else "GreaterThanOrEqualToThreshold"
    return {
        "namespace": alarm.namespace,
        "metric_name": alarm.metric,
        "statistic": alarm.statistic,
        "dimensions": [
            cloudwatch.CfnAlarm.DimensionProperty(name=name, value=value)
            for name, value in watching.dimensions[alarm.dimension].items()
        ],
        "period": alarm.minutes * 60,
        "threshold": alarm.at_least,
        "comparison_operator": operator,
        "treat_missing_data": "breaching" if alarm.below else "notBreaching",
    }


def _alarm(watching: Watching, name: str, runbook: str, counted: Properties) -> None:
    cloudwatch.CfnAlarm(
        watching.stack,
        f"Alarm{_titled(name)}",
        alarm_name=f"{watching.deployment.name}-{name}",
        alarm_description=f"What to do: {watching.deployment.runbooks}/{runbook}.md",
        alarm_actions=[watching.topic.ref],
        ok_actions=[watching.topic.ref],
        evaluation_periods=1,
        **counted,
    )


def _titled(name: str) -> str:
    return "".join(word.title() for word in name.split("-"))
