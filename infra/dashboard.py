"""The dashboard: counts, ages and times by function. No log line, no instance, no person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch

from app.words import Json
from infra.alarm_list import LOG_ALARMS
from infra.deployment import Deployment
from infra.people import ROWS

Dimensions = Mapping[str, Mapping[str, str]]
_WIDTH, _HEIGHT = 12, 6


def add_dashboard(stack: Stack, deployment: Deployment, dimensions: Dimensions) -> None:
    """One page: what comes in, what waits, how long it takes, what went wrong."""
    rows = [
        ("Requests", "Sum", [_of("AWS/ApiGateway", each, dimensions["api"])
                             for each in ("Count", "4XXError", "5XXError")]),
        ("Milliseconds, 99 of 100 are quicker", "p99", _each_function("Duration", dimensions)),
        ("Errors of functions", "Sum", _each_function("Errors", dimensions)),
        ("Waiting imports", "Maximum", [
            _of("AWS/SQS", "ApproximateNumberOfMessagesVisible", dimensions["imports"]),
            _of("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", dimensions["imports"])]),
        ("Age of the oldest message, seconds", "Maximum",
         [_of("AWS/SQS", "ApproximateAgeOfOldestMessage", dimensions["imports"])]),
        ("Noted by the app", "Sum", [[deployment.name, each.name] for each in LOG_ALARMS]),
    ]  # fmt: skip
    widgets = [_widget(deployment, place, *row) for place, row in enumerate(rows)]
    cloudwatch.CfnDashboard(
        stack,
        "Dashboard",
        dashboard_name=deployment.name,
        dashboard_body=stack.to_json_string({"widgets": widgets}),
    )


def _each_function(metric: str, dimensions: Dimensions) -> list[list[str]]:
    return [_of("AWS/Lambda", metric, dimensions[each]) for each in ROWS]


def _of(namespace: str, metric: str, dimensions: Mapping[str, str]) -> list[str]:
    return [namespace, metric, *(word for pair in dimensions.items() for word in pair)]


def _widget(
    deployment: Deployment, place: int, title: str, statistic: str, metrics: Sequence[list[str]]
) -> Json:
    return {
        "type": "metric",
        "x": place % 2 * _WIDTH,
        "y": place // 2 * _HEIGHT,
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": {
            "title": title,
            "region": deployment.region,
            "stat": statistic,
            "period": 300,
            "metrics": list(metrics),
        },
    }
