"""`cdk bootstrap` and `cdk deploy` of the real template, as an operator runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.deployed.ministack import ACCOUNT, REGION, ROOT, Ministack

CDK: Final = ROOT / "node_modules" / ".bin" / "cdk"
DOMAIN: Final = "my-assets.sandbox.example"


class NotDeployed(Exception):
    """The CLI's own last words."""


class Deploying:
    """`written` is where the assembly lies afterwards; `settings` what the functions read more."""

    def __init__(self, cloud: Ministack, settings: Mapping[str, str]) -> None:
        self._cloud = cloud
        self.written = cloud.folder / "cdk.out"
        self._file = cloud.folder / "deployment.json"
        zone = cloud.client("route53").create_hosted_zone(
            Name="sandbox.example", CallerReference="sandbox"
        )
        told = {
            "account": ACCOUNT,
            "region": REGION,
            "domain": DOMAIN,
            "hosted_zone_id": zone["HostedZone"]["Id"].rsplit("/", 1)[-1],
            "key_administrators": [f"arn:aws:iam::{ACCOUNT}:role/key-administrators"],
            "operators": [f"arn:aws:iam::{ACCOUNT}:role/operators"],
            "desk_hosts": [f"arn:aws:iam::{ACCOUNT}:role/vendor-desk-host"],
            "alarm_email": "alarms@sandbox.example",
            "runbooks": "https://sandbox.example/runbooks",
            "settings": dict(settings),
        }
        self._file.write_text(json.dumps(told))

    def bootstrap(self) -> None:
        self._cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}")

    def deploy(self) -> None:
        self._cdk("deploy", "--require-approval", "never")

    def resources(self) -> list[str]:
        """The type of each thing that CloudFormation made."""
        pages = self._cloud.client("cloudformation").get_paginator("list_stack_resources")
        return [
            each["ResourceType"]
            for page in pages.paginate(StackName="my-assets")
            for each in page["StackResourceSummaries"]
        ]

    def applied(self) -> dict[str, str]:
        """Settings of the template, as this cloud says it has them."""
        dynamodb, name = self._cloud.client("dynamodb"), "my-assets-instances"
        table = dynamodb.describe_table(TableName=name)["Table"]
        live = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        back = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        groups = self._cloud.client("logs").describe_log_groups(logGroupNamePrefix="/my-assets/")
        kept = sorted({str(each.get("retentionInDays")) for each in groups["logGroups"]})
        recovery = back["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
        return {
            "table: encryption": str(table.get("SSEDescription", {}).get("Status", "not said")),
            "table: deletion protection": str(table.get("DeletionProtectionEnabled")),
            "table: time to live": str(live["TimeToLiveStatus"]),
            "table: point-in-time recovery": str(recovery),
            "table: stream": str(table.get("StreamSpecification", "none")),
            "log groups: days": ", ".join(kept),
        }

    def _cdk(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(CDK), *arguments, "--app", f"{sys.executable} -m infra.app",
             "--output", str(self.written), "-c", f"deployment={self._file}"],
            cwd=ROOT,
            env=self._environment(self._cloud.folder),
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )  # fmt: skip
        said = done.stdout + done.stderr
        if done.returncode != 0:
            raise NotDeployed(said[-4000:])
        return said

    def _environment(self, home: Path) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "AWS_ENDPOINT_URL": self._cloud.url,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "CDK_DISABLE_CLI_TELEMETRY": "1",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        }
