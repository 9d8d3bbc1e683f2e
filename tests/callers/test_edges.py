"""The very edge of each rule, and the cause that the log names: found by changing the code."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import jwt
import pytest

from app.callers.connect import HttpRequest, context_caller, lifecycle_caller, page_caller
from app.callers.forge import ForgeApp, forge_caller
from app.callers.query_hash import canonical_request, query_hash
from app.errors import Refused
from app.words import Secret
from tests.stand_ins.atlassian import APP, AT, KEY_ID, NOW, SECRET, SIGNING_KEY, OneKey, claims
from tests.stand_ins.forge_tokens import API, CLOUD, FORGE_APP, NULL, ForgeSigner

DAY = 24 * 3600


class OneSite:
    """Knows one client key; remembers of which it was asked to look again."""

    def __init__(self) -> None:
        self.again: list[str] = []

    def find(self, client_key: str) -> str | None:
        return client_key if client_key == "client-a" else None

    def secrets(self, client_key: str) -> Sequence[Secret]:
        return [Secret(SECRET)]

    def look_again(self, client_key: str) -> bool:
        self.again.append(client_key)
        return False


def call(sites: OneSite | None = None, header: dict[str, Any] | None = None, **changed: Any) -> Any:
    made = claims(**{"sub": "account-1", "qsh": "context-qsh"} | changed)
    token = jwt.api_jws.encode(json.dumps(made).encode(), SECRET.encode(), "HS256", header)
    wire = HttpRequest("GET", "/api/x", "", "", f"JWT {token}")
    return context_caller(wire, sites or OneSite(), NOW)


def cause(**changed: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(**changed)
    return caught.value.cause


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"exp": None}, "times missing"),
        ({"iat": None}, "times missing"),
        ({"iat": 0.5}, "times missing"),
        ({"exp": 1e11}, "times missing"),
        ({"exp": AT}, "expired or too long"),
        ({"exp": AT + DAY + 1}, "expired or too long"),
        ({"iat": AT + 6}, "issued in the future"),
        ({"nbf": AT + 6}, "not valid yet"),
        ({"iss": ""}, "issuer"),
        ({"iss": "a b"}, "issuer"),
        ({"sub": "x" * 256}, "shape of a claim"),
    ],
)
def test_the_log_names_the_rule_that_a_token_broke(changed: dict[str, Any], told: str) -> None:
    assert cause(**changed) == told


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": AT + DAY},
        {"iat": AT + 5},
        {"nbf": AT + 5},
        {"iat": 1},
        {"sub": "x" * 255},
        {"sub": "x"},
    ],
)
def test_a_token_at_the_very_edge_is_taken(changed: dict[str, Any]) -> None:
    assert call(**changed)[0].client_key == "client-a"


@pytest.mark.parametrize("part", ["bm8", "W10", "e30x"])
def test_a_token_whose_parts_are_no_objects_has_no_tokens_shape(part: str) -> None:
    wire = HttpRequest("GET", "/api/x", "", "", f"JWT {part}.{part}.x")
    with pytest.raises(Refused) as caught:
        context_caller(wire, OneSite(), NOW)
    assert caught.value.cause == "shape"


def test_who_is_looked_up_again_is_whom_the_token_names() -> None:
    sites = OneSite()
    with pytest.raises(Refused):
        call(sites, iss="client-x")
    assert sites.again == ["client-x"]


def test_a_key_id_may_have_a_hundred_characters_and_no_more() -> None:
    for length, asked in ((100, 1), (101, 0)):
        keys = OneKey()
        header = {"kid": "k" * length}
        made = claims(aud=APP, qsh="x")
        token = jwt.encode(made, SIGNING_KEY, "RS256", headers=header)
        wire = HttpRequest("POST", "/connect/installed", "", "", f"JWT {token}")
        with pytest.raises(Refused):
            lifecycle_caller(wire, keys, OneSite(), APP, NOW)
        assert (len(keys.asked), len(KEY_ID) < 100) == (asked, True)


def test_a_page_below_a_base_path_is_hashed_from_there() -> None:
    wire = HttpRequest("GET", "/base/my-assets", "", "/base", None, ())
    made = claims(sub="account-1", qsh=query_hash("GET", "/my-assets", ""))
    token = jwt.encode(made, SECRET, "HS256")
    signed = HttpRequest("GET", "/base/my-assets", "", "/base", f"JWT {token}")
    assert wire.computed_hash() == signed.computed_hash()
    assert page_caller(signed, OneSite(), NOW)[0].account_id == "account-1"


@pytest.mark.parametrize(
    ("path", "base", "canonical"),
    [
        ("/base/X/a", "/base/X", "GET&/a&"),
        ("/base/a", "/base//", "GET&/a&"),
        ("/base /a", "/base ", "GET&/a&"),
        ("XXXX/a", "", "GET&/XXXX/a&"),
        ("//", "", "GET&/&"),
    ],
)
def test_a_base_path_is_taken_as_it_is(path: str, base: str, canonical: str) -> None:
    assert canonical_request("GET", path, "", base) == canonical


def test_without_a_base_path_nothing_is_taken_away() -> None:
    assert canonical_request("GET", "XXXX/a", "") == "GET&/XXXX/a&"
    assert query_hash("GET", "XXXX/a", "") == query_hash("GET", "/XXXX/a", "")


def test_half_a_character_in_an_address_has_a_hash() -> None:
    assert len(query_hash("GET", "/\udcff", "a=\udcff")) == 64
    assert canonical_request("GET", "/", "\udcff=1") == "GET&/&%ED%B3%BF=1"


def fit(changes: dict[str, Any]) -> Any:
    signer = ForgeSigner()
    app = ForgeApp(FORGE_APP, "PRODUCTION", API)
    return forge_caller(f"Bearer {signer.token(changes=changes)}", signer, app, NOW)


def test_the_context_may_name_the_api_address_too() -> None:
    assert fit({"context.apiBaseUrl": f"{API}/ex/jira/{CLOUD}"}).cloud_id == CLOUD


def test_fifty_contexts_are_read_and_no_more() -> None:
    one = {"name": "jira", "cloudId": CLOUD}
    assert fit({"app.installation.contexts": [one] * 50}).cloud_id == CLOUD
    with pytest.raises(Refused):
        fit({"app.installation.contexts": [one] * 51})


@pytest.mark.parametrize("changes", [{"nbf": None}, {"nbf": NULL}])
def test_a_forge_token_without_a_beginning_lacks_a_time(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        fit(changes)
    assert caught.value.cause in ("times missing", "not valid yet")


def test_a_long_forge_key_id_is_refused_without_a_look() -> None:
    for length, asked in ((255, 1), (256, 0)):
        signer = ForgeSigner()
        token = signer.token(header={"kid": "k" * length})
        with pytest.raises(Refused):
            forge_caller(f"Bearer {token}", signer, ForgeApp(FORGE_APP, "PRODUCTION", API), NOW)
        assert len(signer.asked) == asked


def refusal_of(wire: HttpRequest, *, lifecycle: bool = False) -> str:
    keys, sites = OneKey(), OneSite()
    with pytest.raises(Refused) as caught:
        lifecycle_caller(wire, keys, sites, APP, NOW) if lifecycle else context_caller(
            wire, sites, NOW
        )
    return caught.value.cause


@pytest.mark.parametrize(
    ("authorization", "query_tokens", "told"),
    [
        (None, (), "no token"),
        ("JWT", (), "no token"),
        ("Bearer a.b.c", (), "no token"),
        ("JWT a b", (), "shape"),
        ("JWT a.b", (), "shape"),
        ("JWT a.b.c", ("a.b.c",), "token in the query"),
    ],
)
def test_the_log_says_where_no_good_token_was_found(
    authorization: str | None, query_tokens: tuple[str, ...], told: str
) -> None:
    wire = HttpRequest("POST", "/x", "", "", authorization, query_tokens)
    assert (refusal_of(wire), refusal_of(wire, lifecycle=True)) == (told, told)


def test_the_log_says_that_a_key_is_not_known() -> None:
    token = jwt.encode(claims(), SIGNING_KEY, "RS256", headers={"kid": "another"})
    wire = HttpRequest("POST", "/connect/installed", "", "", f"JWT {token}")
    assert refusal_of(wire, lifecycle=True) == "key unknown"


def test_padding_is_found_for_every_length_of_a_part() -> None:
    for text in ({}, {"a": 1}, {"a": 11}, {"a": 111}):
        part = base64.urlsafe_b64encode(json.dumps(text).encode()).decode().rstrip("=")
        with pytest.raises(Refused) as caught:
            context_caller(
                HttpRequest("GET", "/api/x", "", "", f"JWT {part}.{part}.x"), OneSite(), NOW
            )
        assert caught.value.cause == "issuer"
