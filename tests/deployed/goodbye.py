"""The end of the main job: what rests, what an uninstall forgets, what the cleanup erases."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from typing import Any, Final

import requests
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from app.instances.reference import ATTRIBUTES
from sandbox.world import World
from tests.deployed.ministack import Ministack
from tests.deployed.seeing import Step, must

TABLE: Final = "my-assets-instances"


class Goodbye:
    """`steps` in their order."""

    def __init__(self, world: World, cloud: Ministack) -> None:
        self._world = world
        self._cloud = cloud

    def steps(self) -> Iterator[Step]:
        yield "the cleanup function runs, and nothing is due", self._cleanup
        yield "only declared attributes rest in the table", self._table
        yield "uninstalling forgets every key", self._uninstall
        yield "thirty days later the cleanup function erases it, with a receipt", self._erase

    def _cleanup(self) -> str:
        given = self._cloud.client("lambda").invoke(FunctionName="my-assets-cleanup", Payload=b"{}")
        body = given["Payload"].read().decode()
        must("FunctionError" not in given, body)
        return body

    def _table(self) -> str:
        items = self._cloud.client("dynamodb").scan(TableName=TABLE)["Items"]
        kept = [each for each in items if not each["instance_id"]["S"].startswith("claim#")]
        more = {name for each in kept for name in each} - ATTRIBUTES
        must(len(kept) == 1, f"{len(kept)} references")
        must(not more, str(more))
        return f"{len(kept)} reference, {len(items) - len(kept)} claims"

    def _uninstall(self) -> str:
        cast = self._world.site.cast
        headers = self._world.door.headers(cast.administrator)
        self._world.door.uninstall()
        given = requests.get(
            f"{self._world.app_base_url}/api/settings", headers=headers, timeout=60
        )
        must(given.status_code == 401, str(given.status_code))
        (item,) = [each for each in self._cloud.client("dynamodb").scan(TableName=TABLE)["Items"]
                   if not each["instance_id"]["S"].startswith("claim#")]  # fmt: skip
        must(item["state"]["S"] == "uninstalled", str(item["state"]))
        must(not item["part_keys"]["M"] and "connect_secret" not in item, "keys are left")
        return "401 at once; no key in the reference"

    def _erase(self) -> str:
        """The days go by in the table: a function has no other clock than AWS's."""
        dynamodb, long_ago = self._cloud.client("dynamodb"), "2020-01-01T00:00:00Z"
        (item,) = [each for each in dynamodb.scan(TableName=TABLE)["Items"]
                   if not each["instance_id"]["S"].startswith("claim#")]  # fmt: skip
        dynamodb.update_item(
            TableName=TABLE,
            Key={"instance_id": item["instance_id"]},
            UpdateExpression="SET erase_due_at = :past",
            ExpressionAttributeValues={":past": {"S": long_ago}},
        )
        self._cleanup()
        left = dynamodb.get_item(TableName=TABLE, Key={"instance_id": item["instance_id"]})["Item"]
        must(set(left) == {"instance_id", "door", "generation", "state", "erased_at", "receipt"},
              str(sorted(left)))  # fmt: skip
        return f"a tombstone of {len(left)} attributes; receipt {self._receipt()}"

    def _receipt(self) -> str:
        """The one file of the bucket, checked as an auditor would. Its name without the id."""
        s3, kms = self._cloud.client("s3"), self._cloud.client("kms")
        (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"]
                     if each["Name"].startswith("my-assets-receipts-")]  # fmt: skip
        (name,) = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]]
        receipt = json.loads(s3.get_object(Bucket=bucket, Key=name)["Body"].read())
        key: Any = load_der_public_key(
            kms.get_public_key(KeyId="alias/my-assets-receipts")["PublicKey"]
        )
        payload, signature = receipt["payload"].encode(), b64decode(receipt["signature"])
        key.verify(signature, payload, ECDSA(SHA256()))
        return f"…{name[-16:]}, its signature holds"
