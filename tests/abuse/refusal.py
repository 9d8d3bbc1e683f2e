"""What "refused" means, once for every case: nothing happens, nothing is told, nothing differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import TestResponse

from tests.abuse.house import SECRET, SECRET_B, Effort, House

REFUSED = {
    "type": "about:blank",
    "title": "The token was not accepted",
    "status": 401,
    "detail": "",
    "problems": [],
}
LENGTH = str(len(json.dumps(REFUSED | {"request_id": "0" * 16})))
KNOWN, UNKNOWN = "client-a", "client-x"


@dataclass(frozen=True)
class Attack:
    """One request of an attacker."""

    method: str
    path: str
    authorization: str | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, house: House) -> TestResponse:
        headers = dict(self.headers)
        if self.authorization is not None:
            headers["Authorization"] = self.authorization
        return house.send(self.method, self.path, headers=headers, data=self.body)


def refused(
    house: House, attack: Attack, *, network: int | None = None, afresh: bool = False
) -> Effort:
    """Refused, and nothing changed or told. Gives what it cost.

    `afresh`: two seconds later, so that no look-up is answered from before. Not the default: in a
    long walk tokens would expire, and be refused for that alone.
    """
    house.clock.pass_(seconds=2 if afresh else 0)
    before, mark, start = house.rests(), house.log.tell(), house.effort()
    response = attack.send(house)
    assert_refusal(response, has_body=attack.method != "HEAD")
    assert house.rests() == before, "a refused call changed something"
    assert_nothing_told(house.log.getvalue()[mark:], attack)
    end = house.effort()
    cost = Effort(
        end.look_ups - start.look_ups,
        end.verifications - start.verifications,
        end.key_calls - start.key_calls,
        end.network - start.network,
    )
    if network is not None:
        assert cost.network == network
    return cost


def refused_alike(
    house: House, attack: Callable[[str], Attack], *, network: int | None = None
) -> None:
    """The same attack in a known and in an unknown instance's name costs and says the same."""
    costs = [
        refused(house, attack(issuer), network=network, afresh=True) for issuer in (KNOWN, UNKNOWN)
    ]
    assert costs[0] == costs[1], "known and unknown can be told apart"


def assert_refusal(response: TestResponse, *, has_body: bool = True) -> None:
    """The one answer, byte for byte but for the request id, and its headers."""
    assert response.status_code == 401
    headers = dict(response.headers)
    assert headers.pop("Content-Length") == LENGTH
    assert headers == REFUSAL_HEADERS
    if has_body:
        body = dict(response.get_json())
        assert len(body.pop("request_id")) == 16
        assert body == REFUSED
        assert str(len(response.get_data())) == LENGTH


REFUSAL_HEADERS = {
    "Content-Type": "application/problem+json",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-cache, no-store",
}


def assert_nothing_told(text: str, attack: Attack | None = None, *more: str) -> None:
    """No secret, no token, no piece of one."""
    canaries: list[Any] = [SECRET, SECRET_B, "eyJ", *more]
    if attack is not None and attack.authorization is not None:
        token = attack.authorization.partition(" ")[2]
        canaries += [part for part in token.split(".") if len(part) > 20]
    for canary in canaries:
        assert canary not in text
