"""What is deployed, thing by thing: encrypted, bounded in time, watched, and without a way back."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from app.doors.answers import SERVERS_OWN
from app.kept import DEAD_LETTERS, EXPIRY_ATTRIBUTE, LOG_LINES, LOG_LINES_AT_MOST, MESSAGES
from app.logs import FIELDS
from app.outside.aws import bootstrap
from app.site_settings.expiry import WARNINGS
from app.vault.ports import CannotOpen
from infra import runtime
from infra.accepted import ACCEPTED
from infra.alarm_list import CROSS_INSTANCE, LOG_ALARMS, METRIC_ALARMS
from infra.deployment import Deployment
from infra.people import ROWS
from tests.infra.conftest import Template
from tests.infra.policies import spelled

pytestmark = pytest.mark.infra
ROOT: Final = Path(__file__).parents[2]
FOURTEEN_DAYS: Final = 14 * 24 * 3600


def test_the_table_is_encrypted_and_protected_and_has_no_way_back(template: Template) -> None:
    table = template.one("DynamoDB::Table")
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": False}
    for way in ("StreamSpecification", "KinesisStreamSpecification", "ImportSourceSpecification"):
        assert way not in table
    kept = template.resources["Instances"]
    assert kept["DeletionPolicy"] == kept["UpdateReplacePolicy"] == "Retain"
    for kind in template.resources.values():
        assert not kind["Type"].startswith(("AWS::Backup", "AWS::Kinesis"))


class Asked:
    """Takes down what `bootstrap` asks of DynamoDB."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}

    def create_table(self, **told: Any) -> None:
        self.told |= told

    def update_time_to_live(self, **told: Any) -> None:
        self.told |= told

    def get_waiter(self, _name: str) -> Asked:
        return self

    def wait(self, **_told: Any) -> None:
        """It is there."""


def test_the_table_is_the_one_that_bootstrap_makes(template: Template) -> None:
    asked, table = Asked(), template.one("DynamoDB::Table")
    bootstrap.create_table(asked, table["TableName"])  # type: ignore[arg-type]
    for name in ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode",
                 "TimeToLiveSpecification", "DeletionProtectionEnabled"):  # fmt: skip
        told = asked.told[name]
        if name == "AttributeDefinitions":
            assert sorted(map(str, table[name])) == sorted(map(str, told))
        else:
            assert table[name] == told, name
    assert table["TimeToLiveSpecification"]["AttributeName"] == EXPIRY_ATTRIBUTE
    assert asked.told["SSESpecification"] == {"Enabled": True}


def test_everything_that_keeps_anything_is_encrypted(template: Template) -> None:
    for queue in template.of("SQS::Queue").values():
        assert queue["SqsManagedSseEnabled"] is True
    for group in template.of("Logs::LogGroup").values():
        assert group["KmsKeyId"] == {"Fn::GetAtt": ["OperationsKey", "Arn"]}
    assert template.one("SNS::Topic")["KmsMasterKeyId"]
    (rule,) = template.one("S3::Bucket")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    for key in template.of("KMS::Key").values():
        assert key["KeyUsage"] == "SIGN_VERIFY" if key.get("KeySpec") == "ECC_NIST_P256" else True


def test_keys_rotate_are_kept_and_regretted_for_thirty_days(template: Template) -> None:
    for name in ("SettingsKey", "InstanceKey", "ReceiptsKey"):
        key, whole = template.of("KMS::Key")[name], template.resources[name]
        assert whole["DeletionPolicy"] == "Retain"
        assert key["PendingWindowInDays"] == 30
        assert key.get("EnableKeyRotation") is (None if name == "ReceiptsKey" else True)


def test_nothing_comes_over_plain_http(template: Template) -> None:
    assert template.one("ApiGateway::DomainName")["SecurityPolicy"] == "TLS_1_2"
    closed = {"aws:SecureTransport": "false"}
    kinds = ("SQS::QueuePolicy", "S3::BucketPolicy", "SNS::TopicPolicy")
    policies = [each for kind in kinds for each in template.of(kind).values()]
    assert len(policies) == 5
    for policy in policies:
        denials = [
            each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Deny"
        ]
        assert [each["Condition"] for each in denials] == [{"Bool": closed}]


def test_the_custom_domain_of_one_region_is_the_only_way_in(
    template: Template, deployment: Deployment
) -> None:
    api, domain = template.one("ApiGateway::RestApi"), template.one("ApiGateway::DomainName")
    assert api["DisableExecuteApiEndpoint"] is True
    assert (
        api["EndpointConfiguration"] == domain["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    )
    assert domain["DomainName"] == deployment.domain
    assert "BasePath" not in template.one("ApiGateway::BasePathMapping")
    assert not template.of("Lambda::Url")
    assert not template.of("CloudFront::Distribution")
    assert not template.of("ApiGatewayV2::Api")  # it would decode the path


def test_the_gateway_hands_everything_on_and_logs_nothing_of_it(template: Template) -> None:
    for method in template.of("ApiGateway::Method").values():
        assert (method["HttpMethod"], method["Integration"]["Type"]) == ("ANY", "AWS_PROXY")
        assert "RequestParameters" not in method
    (setting,) = template.one("ApiGateway::Stage")["MethodSettings"]
    assert (setting["LoggingLevel"], setting["DataTraceEnabled"]) == ("OFF", False)
    assert "AccessLogSetting" not in template.one("ApiGateway::Stage")


def test_what_the_gateway_answers_itself_is_a_problem_with_the_apps_headers(
    template: Template,
) -> None:
    for answer in template.of("ApiGateway::GatewayResponse").values():
        headers = answer["ResponseParameters"]
        for name, value in SERVERS_OWN.items():
            told = headers[f"gatewayresponse.header.{name}"]
            assert told[0] == told[-1] == "'"
            assert told[1:-1].replace("\\'", "'") == value
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
        body = json.loads(answer["ResponseTemplates"]["application/json"])
        assert str(body["status"]) == answer["StatusCode"]
        assert set(body) == {"type", "title", "status", "detail", "request_id", "problems"}


def test_log_lines_and_messages_are_kept_as_long_as_is_declared(template: Template) -> None:
    groups = template.of("Logs::LogGroup")
    assert len(groups) == len(ROWS)
    for group in groups.values():
        assert group["RetentionInDays"] == LOG_LINES.days <= LOG_LINES_AT_MOST.days
    for name, queue in template.of("SQS::Queue").items():
        declared = DEAD_LETTERS if "Dead" in name else MESSAGES
        assert queue["MessageRetentionPeriod"] == declared.total_seconds() <= FOURTEEN_DAYS


def test_every_function_writes_to_a_log_group_that_is_declared_here(template: Template) -> None:
    groups = set(template.of("Logs::LogGroup"))
    for function in template.of("Lambda::Function").values():
        assert function["LoggingConfig"]["LogGroup"]["Ref"] in groups


def test_a_message_is_done_for_only_when_it_failed_a_thousand_times(template: Template) -> None:
    queues = template.of("SQS::Queue")
    redrive = queues["Imports"]["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == bootstrap.DEAD_LETTERS_AFTER
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": ["ImportsDead", "Arn"]}
    assert queues["Imports"]["FifoQueue"] is queues["ImportsDead"]["FifoQueue"] is True


def test_the_worker_takes_one_message_and_says_which_failed(template: Template) -> None:
    mapping = template.one("Lambda::EventSourceMapping")
    assert mapping["BatchSize"] == 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    function = template.of("Lambda::Function")["WorkerFunction"]
    assert template.of("SQS::Queue")["Imports"]["VisibilityTimeout"] >= function["Timeout"]


def test_a_flood_at_the_web_door_leaves_hands_for_imports_clocks_and_the_cleanup(
    template: Template,
) -> None:
    """All functions share what the account may run at once: 1,000, unless AWS gave more."""
    most = {
        name: each.get("ReservedConcurrentExecutions")
        for name, each in template.of("Lambda::Function").items()
    }
    web = most.pop("WebFunction")
    assert set(most.values()) == {None}
    imports = template.one("Lambda::EventSourceMapping")["ScalingConfig"]["MaximumConcurrency"]
    assert web + imports + len(template.of("Events::Rule")) <= 900  # AWS wants 100 to be left


def test_every_queue_of_dead_letters_has_an_alarm(template: Template) -> None:
    alarms = template.of("CloudWatch::Alarm").values()
    watched = {
        spelled(dimension["Value"])
        for alarm in alarms
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible" and alarm["Threshold"] == 1
        for dimension in alarm["Dimensions"]
    }
    dead = [name for name in template.of("SQS::Queue") if "Dead" in name]
    assert watched == {spelled({"Fn::GetAtt": [name, "QueueName"]}) for name in dead}
    assert len(dead) == 2
    for rule in template.of("Events::Rule").values():
        for target in rule["Targets"]:
            assert target["DeadLetterConfig"]["Arn"] == {"Fn::GetAtt": ["TicksDead", "Arn"]}


def test_every_alarm_tells_somebody_and_names_a_runbook_that_is_there(
    template: Template, deployment: Deployment
) -> None:
    alarms = template.of("CloudWatch::Alarm")
    assert len(alarms) == len(LOG_ALARMS) + len(METRIC_ALARMS)
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}], name
        words, _, address = alarm["AlarmDescription"].partition(": ")
        assert words == "What to do"
        file = address.removeprefix(deployment.runbooks + "/")
        assert (ROOT / "docs" / "runbooks" / file).is_file(), file


def test_every_runbook_is_an_alarms_or_is_named_elsewhere() -> None:
    named = {f"{each.runbook}.md" for each in (*LOG_ALARMS, *METRIC_ALARMS)}
    papers = "".join(path.read_text() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
    reasons = "".join(each.why for each in ACCEPTED)
    for file in (ROOT / "docs" / "runbooks").glob("*.md"):
        assert file.name in named or file.name in papers + reasons, file.name


LOGGING: Final = frozenset({"info", "warning", "error", "exception", "say", "tell"})


@dataclass
class Words:
    """What the source says: in log lines, as a kind in one, as a refusal's cause, as a constant."""

    events: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    causes: set[str] = field(default_factory=set)
    constants: set[str] = field(default_factory=set)

    def read(self, node: ast.AST) -> None:
        if isinstance(node, ast.AnnAssign | ast.Assign) and node.value is not None:
            self.constants |= texts(node.value)
        if not isinstance(node, ast.Call):
            return
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        first = texts(node.args[0]) if node.args else set()
        if name in LOGGING:
            self.events |= first
            self.kinds |= {text for each in node.keywords for text in texts(each.value)}
        elif name == "Refused":
            self.causes |= first


def texts(node: ast.AST) -> set[str]:
    return {
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def said() -> Words:
    words = Words()
    for folder in ("app", "lambdas"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                words.read(node)
    return words


def test_every_counted_line_is_one_that_the_app_logs() -> None:
    words = said()
    by_days = {f"{days}_days" for days in WARNINGS if days} | {"expired"}
    named = {CannotOpen.__name__}
    kinds = words.kinds | words.constants | by_days | named
    for alarm in LOG_ALARMS:
        assert alarm.event in words.events | words.constants, alarm.event
        for name, value in alarm.fields:
            assert name in FIELDS
            assert value in (words.causes if name == "cause" else kinds), value
    assert set(CROSS_INSTANCE) <= words.causes


def test_alarms_of_lines_count_in_the_groups_of_the_functions_that_log_them(
    template: Template, deployment: Deployment
) -> None:
    filters = template.of("Logs::MetricFilter").values()
    for alarm in LOG_ALARMS:
        own = [each for each in filters
               if each["MetricTransformations"][0]["MetricName"] == alarm.name]  # fmt: skip
        groups = {each["LogGroupName"]["Ref"] for each in own}
        assert groups == {f"{function.title()}Log" for function in alarm.functions}
        for each in own:
            (told,) = each["MetricTransformations"]
            assert told["MetricNamespace"] == deployment.name
            assert "Dimensions" not in told  # a dimension could name an instance
            assert f'$.event = "{alarm.event}"' in each["FilterPattern"]


def test_the_dashboard_names_metrics_only(template: Template) -> None:
    body = spelled(template.one("CloudWatch::Dashboard")["DashboardBody"])
    assert "log" not in body.lower()
    assert "instance_id" not in body


def test_the_receipts_are_closed_versioned_and_kept(template: Template) -> None:
    bucket, whole = template.one("S3::Bucket"), template.resources["Receipts"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert whole["DeletionPolicy"] == "Retain"
    assert "LifecycleConfiguration" not in bucket


def test_functions_run_on_what_the_package_is_built_for(template: Template) -> None:
    for name, function in template.of("Lambda::Function").items():
        assert function["Runtime"] == runtime.NAME
        assert function["Architectures"] == [runtime.ARCHITECTURE]
        door = name.removesuffix("Function").lower()
        assert function["Handler"] == f"lambdas.{door}.handler"
        assert (ROOT / "lambdas" / f"{door}.py").is_file()
        assert "VpcConfig" not in function


def test_the_clock_ticks_each_minute_and_a_failed_tick_is_not_repeated(template: Template) -> None:
    rules = {name: each["ScheduleExpression"] for name, each in template.of("Events::Rule").items()}
    assert rules == {"SchedulerClock": "rate(1 minute)", "CleanupClock": "rate(1 hour)"}
    for config in template.of("Lambda::EventInvokeConfig").values():
        assert config["MaximumRetryAttempts"] == 0


def test_cfn_lint_finds_nothing(template: Template) -> None:
    from cfnlint import ManualArgs, lint

    found = lint(template.file.read_text(), config=ManualArgs(regions=["eu-central-1"]))
    assert [f"{each.rule.id}: {each.message}" for each in found] == []
