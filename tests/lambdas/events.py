"""Events as AWS makes them, in the shape that captured ones have.

A REST API hands the path over as it stood on the wire, and each query value decoded once, `+` as a
space. Sources: Amazon API Gateway developer guide, "Input format of a Lambda function for proxy
integration"; captured events in aws/aws-cdk issue 19827 (the query) and in localstack/localstack
pull request 7728 and middleapi/standard-server pull request 93 (the path).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs


def rest_event(
    method: str,
    path: str,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
) -> dict[str, Any]:
    """What the REST API sends for a request whose raw path and raw query these are."""
    values = parse_qs(query, keep_blank_values=True) or None
    sent = {"Host": "app.example.com", "X-Forwarded-Proto": "https", **(headers or {})}
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": {name: each[-1] for name, each in values.items()}
        if values
        else None,
        "multiValueQueryStringParameters": values,
        "pathParameters": {"proxy": path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "accountId": "111122223333",
            "apiId": "a1b2c3d4e5",
            "domainName": "app.example.com",
            "httpMethod": method,
            "identity": {"sourceIp": "192.0.2.7", "userAgent": "test"},
            "path": path,
            "protocol": "HTTP/1.1",
            "requestId": "00000000-0000-0000-0000-000000000000",
            "resourcePath": "/{proxy+}",
            "stage": "live",
        },
        "body": body,
        "isBase64Encoded": False,
    }


def sqs_event(*bodies: str, group: str = "a") -> dict[str, Any]:
    """What Lambda's poller hands over of a FIFO queue."""
    return {
        "Records": [
            {
                "messageId": f"m-{number}",
                "receiptHandle": f"handle-{number}",
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": "1700000000000",
                    "SequenceNumber": str(number),
                    "MessageGroupId": group,
                    "SenderId": "111122223333",
                    "MessageDeduplicationId": str(number),
                    "ApproximateFirstReceiveTimestamp": "1700000000000",
                },
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-central-1:111122223333:my-assets-imports.fifo",
                "awsRegion": "eu-central-1",
            }
            for number, body in enumerate(bodies)
        ]
    }
