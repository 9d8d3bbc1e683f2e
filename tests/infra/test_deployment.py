"""A deployment's file: what it may say, and what is refused before anything is made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.settings import SettingsFault
from infra.deployment import Deployment, DeploymentFault, read_deployment
from infra.people import ROWS
from tests.infra.conftest import EXAMPLE


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def from_example(**changed: Any) -> Deployment:
        told = json.loads(EXAMPLE.read_text()) | changed
        file = tmp_path / "deployment.json"
        file.write_text(json.dumps(told))
        return read_deployment(file)

    return from_example


def test_the_region_is_a_parameter_and_stands_in_every_name_of_the_account(read: Any) -> None:
    here, there = read(), read(region="us-east-1")
    for role in ROWS:
        assert here.role_arn(role) != there.role_arn(role)
    assert here.receipts_bucket != there.receipts_bucket
    assert there.app.aws_region == "us-east-1"


@pytest.mark.parametrize(
    "changed",
    [{"account": "1"}, {"account": "arn:aws:iam::111122223333:root"}, {"region": "europe"},
     {"more": 1}, {"settings": {"INSTANCES_TABLE": "another"}},
     {"operators": ["arn:aws:iam::111122223333:root"]}, {"desk_hosts": ["*"]},
     {"settings": {"APP_BASE_URL": "https://elsewhere.example.com"}}],
)  # fmt: skip
def test_what_cannot_be_is_refused(read: Any, changed: dict[str, Any]) -> None:
    with pytest.raises(DeploymentFault):
        read(**changed)


KEY = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"


def test_a_deployment_may_move_to_other_keys_of_its_own_account_and_region(read: Any) -> None:
    """Step 3 of docs/runbooks/rotate-keys.md."""
    moved = read(settings={"SETTINGS_KEY_ID": KEY})
    assert moved.app.settings_key_id == KEY
    assert moved.keys_put_in_use == (KEY,)
    assert read().keys_put_in_use == ()


@pytest.mark.parametrize(
    "key",
    [KEY.replace("eu-central-1", "us-east-1"), KEY.replace("111122223333", "444455556666"),
     "alias/another", "arn:aws:kms:eu-central-1:111122223333:alias/another"],
)  # fmt: skip
def test_a_key_of_another_region_or_account_or_an_alias_that_could_move_is_refused(
    read: Any, key: str
) -> None:
    with pytest.raises(DeploymentFault, match="INSTANCE_KEY_ID"):
        read(settings={"INSTANCE_KEY_ID": key})


def test_a_missing_word_is_named(tmp_path: Path) -> None:
    file = tmp_path / "deployment.json"
    file.write_text('{"account": "111122223333"}')
    with pytest.raises(DeploymentFault, match="region"):
        read_deployment(file)


@pytest.mark.parametrize(
    "settings", [{"GRAPH_URL": "http://graph.example.com"}, {"LOG_LEVEL": "LOUD"}]
)
def test_what_the_functions_would_refuse_is_refused_before(
    read: Any, settings: dict[str, str]
) -> None:
    with pytest.raises(SettingsFault, match=next(iter(settings))):
        read(settings=settings)
