"""An instance's whole life on the running product, with the clock moved by `--now`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from sandbox.administrator import member, save_settings
from sandbox.app_process import AppProcess
from sandbox.directory import generate
from sandbox.world import World

pytestmark = pytest.mark.live
STAYS = {"instance_id", "door", "generation", "state", "erased_at", "receipt"}
HEAD = "receipts#head"


@dataclass
class Vendor:
    """A machine of the vendor's: commands, the table, and a folder of receipts."""

    world: World
    app: AppProcess
    folder: Path

    def run(self, *arguments: str, days: float | None = None) -> subprocess.CompletedProcess[str]:
        return self.as_one("sandbox", *arguments, days=days)

    def as_one(
        self, key: str, *arguments: str, days: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """One command with these credentials, so many days from now."""
        moment = datetime.now(UTC) + timedelta(days=days or 0)
        when = ["--now", moment.isoformat()] if days is not None else []
        here = AppProcess(self.world.environment() | {"AWS_ACCESS_KEY_ID": key}, self.app._log)
        return here.run(*arguments, *when)

    def cleanup(self, days: float, *arguments: str) -> dict[str, Any]:
        place = ["--receipts", str(self.folder)]
        ended = self.run("vendor", "cleanup", *place, *arguments, days=days)
        assert ended.returncode == 0, ended.stderr
        found: dict[str, Any] = json.loads(ended.stdout)
        return found

    def instance(self) -> dict[str, Any]:
        ended = self.run("vendor", "instances", "--json", "--reason", "TICKET-7")
        (look,) = [json.loads(line) for line in ended.stderr.splitlines()]
        assert (look["event"], look["kind"], look["reason"]) == (
            "vendor_look", "instances", "TICKET-7"
        )  # fmt: skip
        assert len(look["staff_id"]) == 32
        (found,) = json.loads(ended.stdout)["instances"]
        assert isinstance(found, dict)
        return found

    def items(self) -> dict[str, dict[str, Any]]:
        """Everything in the table, whatever it is."""
        client = boto3.client("dynamodb", endpoint_url=self.world.aws_url)
        found = client.scan(TableName=self.world.table)["Items"]
        return {item["instance_id"]["S"]: item for item in found}

    def receipts(self) -> set[Path]:
        return set(self.folder.glob("*.json"))

    def verified(self) -> int:
        key = self.folder.parent / "key.pem"
        page = requests.get(f"{self.world.app_base_url}/trust.json", timeout=10).json()
        key.write_text(page["receipts"]["public_key"])
        assert self.run("vendor", "receipt", "public-key").stdout == key.read_text()
        arguments = ("verify", str(self.folder), "--public-key", str(key))
        return self.run("vendor", "receipt", *arguments).returncode

    def staff(self, name: str) -> str:
        """The access key of a person of the vendor's."""
        iam = boto3.client("iam", endpoint_url=self.world.aws_url)
        user = f"{name}-of-{self.world.table}"  # one AWS for all worlds of a test process
        iam.create_user(UserName=user)
        return str(iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"])


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendor]:
    folder = tmp_path_factory.mktemp("life")
    world = World(generate(10, 7))
    world.start()
    with (folder / "log").open("w") as log:
        app = AppProcess(world.environment(), log)
        try:
            app.start()
            yield Vendor(world, app, folder / "receipts")
        finally:
            app.stop()
            world.stop()


def set_up(vendor: Vendor) -> None:
    vendor.world.door.install()
    with member(vendor.world, vendor.world.site.cast.administrator) as admin:
        save_settings(admin, vendor.world.credentials)
        headers = vendor.world.door.headers(vendor.world.site.cast.administrator)
        body = {"entra_import": False, "metrics": False}
        once = headers | {"Idempotency-Key": "once"}
        address = f"{vendor.world.app_base_url}/api/settings/consent"
        assert requests.put(address, json=body, headers=once, timeout=20).status_code == 200


def check_rights(vendor: Vendor, instance: str) -> None:
    """Of the administrator nothing is held, and of the site what its administrator may see."""
    world = vendor.world
    account = world.site.cast.administrator
    words = f"{account}\n{world.credentials.email}\n{world.site.people.users[account].display_name}"
    asked = vendor.app.run("vendor", "rights", "access", words=words)
    assert asked.returncode == 0
    answer = json.loads(asked.stdout)
    assert answer["outcome"] == "nothing_held"
    assert answer["search"]["stores"]["instance table"]["items"] == len(vendor.items())
    with member(world, account) as admin:
        held = admin.call("GET", "/api/site/held")["held"]
    assert (held["instance_id"], held["base_url"]) == (instance, world.site.base_url)


def test_from_the_installation_to_the_day_when_only_the_receipt_is_left(vendor: Vendor) -> None:
    set_up(vendor)
    earlier = vendor.receipts()  # the site may have had a life before
    life = vendor.instance()
    assert (life["state"], life["door"]) == ("installed", "connect")
    kept = vendor.world.door.stored()
    assert any(name.startswith("claim#") for name in vendor.items())
    check_rights(vendor, life["instance_id"])
    vendor.world.door.uninstall()
    left = vendor.items()[life["instance_id"]]
    assert left["part_keys"]["M"] == {}
    assert not {"connect_secret", "site_token", "run", "import_due_at"} & set(left)

    assert vendor.cleanup(29.9)["erased"] == []
    told = vendor.cleanup(30.1, "--dry-run")
    assert told["erased"] == [life["instance_id"]]
    assert vendor.items()[life["instance_id"]]["state"]["S"] == "uninstalled"
    assert vendor.cleanup(30.1)["erased"] == told["erased"]

    items = vendor.items()
    assert set(items) == {life["instance_id"], HEAD}
    assert set(items[life["instance_id"]]) == STAYS
    (file,) = vendor.receipts() - earlier
    assert file.name == f"{life['instance_id']}-{life['generation']}.json"
    assert vendor.world.site.base_url not in repr(items) + file.read_text()
    assert vendor.verified() == 0

    vendor.world.door.install()
    vendor.world.door.restore(kept)
    with member(vendor.world, vendor.world.site.cast.administrator) as admin:
        state = admin.call("GET", "/api/settings")
        assert not any(each["set"] for each in state.values())
        assert admin.ask("GET", "/api/my-assets").status_code == 409
    assert vendor.instance()["generation"] != life["generation"]

    vendor.world.door.uninstall()
    assert vendor.cleanup(30.2)["erased"] == [life["instance_id"]]
    assert vendor.cleanup(90.3)["tombstones_removed"] == [life["instance_id"]]
    assert set(vendor.items()) == {HEAD}
    assert len(vendor.receipts() - earlier) == 2
    assert vendor.verified() == 0


def test_a_site_that_vanished_is_purged_by_two_of_the_staff_and_not_by_one(vendor: Vendor) -> None:
    set_up(vendor)
    world = vendor.world
    world.site.uninstall(silently=True)
    for day in (1.1, 9.2):
        assert vendor.run("schedule", days=day).returncode == 0
    silent = vendor.instance()
    assert silent["state"] == "silent"
    assert vendor.cleanup(400)["erased"] == []
    anna, ben = vendor.staff("anna"), vendor.staff("ben")
    wish = ("vendor", "purge", silent["instance_id"], "--reason", "TICKET-7",
            "--receipts", str(vendor.folder))  # fmt: skip
    assert vendor.as_one(anna, *wish).returncode == 0
    again = vendor.as_one(anna, *wish)
    assert again.returncode == 1
    assert "same identity" in again.stderr
    assert vendor.instance()["state"] == "silent"
    second = vendor.as_one(ben, *wish, days=6)
    assert (second.returncode, json.loads(second.stdout)["outcome"]) == (0, "erased")
    assert set(vendor.items()[silent["instance_id"]]) == STAYS
    assert "anna" not in second.stderr + repr(vendor.items())
    assert vendor.verified() == 0


def test_the_clock_is_moved_in_the_sandbox_only(vendor: Vendor) -> None:
    production = vendor.world.environment() | {
        "APP_ENVIRONMENT": "production", "APP_BASE_URL": "https://app.example.com",
    }  # fmt: skip
    plain = {name: value for name, value in production.items() if not value.startswith("http://")}
    here = AppProcess(plain, vendor.app._log)
    for command in (["cleanup"], ["purge", "a", "--reason", "b"]):
        ended = here.run("vendor", *command, "--now", "2030-01-01T00:00:00Z")
        assert (ended.returncode, ended.stdout) == (2, "")
        assert "sandbox" in ended.stderr
