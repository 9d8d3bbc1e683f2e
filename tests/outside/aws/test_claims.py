"""Claims, specified once: on the stand-in and on the real engine."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import boto3
import pytest

from app.instances.claims import Claim, Claims
from app.outside.aws.bootstrap import create_table
from app.outside.aws.claims import DynamoClaims
from tests.stand_ins.claims import InMemoryClaims

NOW = 1_800_000_000
FIRST = Claim("claim#a", "digest-1", NOW + 300)


@pytest.fixture(params=["stand-in", pytest.param("engine", marks=pytest.mark.aws)])
def claims(request: pytest.FixtureRequest) -> Iterator[Claims]:
    if request.param == "stand-in":
        yield InMemoryClaims()
        return
    client = boto3.client("dynamodb", endpoint_url=request.getfixturevalue("dynamodb_url"))
    name = f"t-{uuid.uuid4().hex}"
    create_table(client, name, protected=False)
    yield DynamoClaims(client, name)
    client.delete_table(TableName=name)


def test_the_first_claim_stands_and_the_second_meets_it(claims: Claims) -> None:
    assert claims.put(FIRST, NOW) is None
    assert claims.put(Claim("claim#a", "digest-2", NOW + 300), NOW) == FIRST


def test_an_expired_claim_counts_as_none(claims: Claims) -> None:
    claims.put(FIRST, NOW)
    assert claims.put(Claim("claim#a", "digest-2", NOW + 900), NOW + 300) is None


def test_a_finished_claim_tells_status_and_id(claims: Claims) -> None:
    claims.put(FIRST, NOW)
    finished = Claim("claim#a", "digest-1", NOW + 86_400, 202, "run-1")
    claims.finish(finished)
    assert claims.put(FIRST, NOW) == finished


def test_a_dropped_claim_is_gone(claims: Claims) -> None:
    claims.put(FIRST, NOW)
    claims.drop("claim#a")
    claims.drop("claim#a")
    assert claims.put(FIRST, NOW) is None


def test_of_many_at_once_one_is_first(claims: Claims) -> None:
    with ThreadPoolExecutor(8) as pool:
        firsts = list(pool.map(lambda _: claims.put(FIRST, NOW), range(24)))
    assert firsts.count(None) == 1


@pytest.mark.aws
def test_expired_ones_are_swept_and_only_those(dynamodb_url: str) -> None:
    client = boto3.client("dynamodb", endpoint_url=dynamodb_url)
    name = f"t-{uuid.uuid4().hex}"
    create_table(client, name, protected=False)
    claims = DynamoClaims(client, name)
    for number in range(5):
        claims.put(Claim(f"claim#{number}", "d", NOW + 300 + number), NOW)
    at = datetime.fromtimestamp(NOW + 302, UTC)
    assert claims.expired(at) == 3
    assert claims.sweep(at) == 3
    left = {item["instance_id"]["S"] for item in client.scan(TableName=name)["Items"]}
    assert left == {"claim#3", "claim#4"}
    assert (claims.expired(at), claims.sweep(at)) == (0, 0)
    client.delete_table(TableName=name)
