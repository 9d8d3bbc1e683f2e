"""Forge invocation tokens: the good forms, and everything that must be refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from app.callers.forge import ForgeApp, ForgeCaller, forge_caller
from app.errors import Refused, ServiceUnreachable
from tests.stand_ins.atlassian import AT, NOW, SECRET, context_token, lifecycle_token
from tests.stand_ins.forge_tokens import (
    API,
    CLOUD,
    FORGE_APP,
    FORGE_KEY_ID,
    FORGE_SITE,
    INSTALLATION,
    NULL,
    OTHER_CLOUD,
    OTHER_INSTALLATION,
    ForgeSigner,
    claims,
)

OURS = ForgeApp(FORGE_APP, "PRODUCTION", API)
SIGNER = ForgeSigner()


def called(token: str, app: ForgeApp = OURS, now: Any = NOW) -> ForgeCaller:
    return forge_caller(f"Bearer {token}", ForgeSigner(), app, now)


def refusal(authorization: str | None, signer: ForgeSigner | None = None) -> str:
    with pytest.raises(Refused) as caught:
        forge_caller(authorization, signer or ForgeSigner(), OURS, NOW)
    return caught.value.cause


def refused(**changes: Any) -> str:
    """The cause for which a good page's token with these changes is refused."""
    return refusal(f"Bearer {SIGNER.token(**changes)}")


def test_a_pages_token_names_its_site_and_person() -> None:
    assert called(SIGNER.token()) == ForgeCaller(
        cloud_id=CLOUD,
        installation_id=INSTALLATION,
        account_id="account-1",  # type: ignore[arg-type]
        issued_at=AT,
        site_url=FORGE_SITE,
        from_page=True,
        module_keys=("my-assets", "my-assets"),
        licensed=True,
    )


def test_an_events_token_names_nobody_and_no_page() -> None:
    caller = called(SIGNER.event())
    assert (caller.account_id, caller.from_page, caller.site_url) == (None, False, None)
    assert (caller.cloud_id, caller.installation_id) == (CLOUD, INSTALLATION)


def test_a_functions_token_may_name_a_person_without_a_page() -> None:
    caller = called(SIGNER.function())
    assert (caller.account_id, caller.from_page) == ("account-1", False)


@pytest.mark.parametrize("mark", ["localId", "extension"])
def test_either_mark_of_a_page_is_enough(mark: str) -> None:
    assert called(SIGNER.event(changes={f"context.{mark}": {"a": 1}})).from_page


@pytest.mark.parametrize(("life", "now"), [(25, 24), (3600, 3000)])
def test_a_token_is_good_for_any_number_of_calls_until_it_expires(life: int, now: int) -> None:
    token = SIGNER.token(life=life)
    for _ in range(3):
        assert called(token, now=NOW + timedelta(seconds=now))
    with pytest.raises(Refused):
        called(token, now=NOW + timedelta(seconds=life))


@pytest.mark.parametrize(
    ("changes", "licensed"),
    [
        ({}, True),
        ({"app.license.active": False}, False),
        ({"app.license": None}, None),
        ({"app.license": NULL}, None),
        ({"app.license.active": None}, None),
        ({"app.license.active": "true"}, False),
        ({"app.license.active": 1}, False),
        ({"app.license": {"isActive": True}}, True),
        ({"app.license": {"isActive": False}}, False),
        ({"app.license": {"isActive": "true"}}, False),
        ({"app.license": {"isActive": True, "active": False}}, False),
        ({"app.license": {"isActive": False, "active": True}}, True),
        ({"app.license": {"isActive": True, "active": None}}, None),
    ],
)
def test_only_true_is_a_licence(changes: dict[str, Any], licensed: bool | None) -> None:
    assert called(SIGNER.token(changes=changes)).licensed is licensed


@pytest.mark.parametrize(
    ("changes", "modules"),
    [
        ({"app.module.key": "tick", "context.moduleKey": "my-assets"}, ("tick", "my-assets")),
        ({"app.module": None, "context.moduleKey": "admin"}, ("admin",)),
        ({"app.module": NULL, "context.moduleKey": NULL}, ()),
        ({"app.module.key": "", "context.moduleKey": None}, ()),
    ],
)
def test_the_module_is_named_by_the_app_and_by_the_context(
    changes: dict[str, Any], modules: tuple[str, ...]
) -> None:
    assert called(SIGNER.token(changes=changes)).module_keys == modules


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"bearer {SIGNER.token()}",
        f"BEARER {SIGNER.token()}",
        f"Bearer  {SIGNER.token()}",
        f"Bearer {SIGNER.token()} ",
        f"Bearer {SIGNER.token()}.a",
        f"Token {SIGNER.token()}",
        SIGNER.token(),
        "Bearer a.b.c",
        "Bearer e30.e30.e30",
        "Bearer " + "x" * 9000,
    ],
)
def test_C1_no_token_or_no_tokens_shape_is_refused_without_a_request(
    authorization: str | None,
) -> None:
    keys = ForgeSigner()
    refusal(authorization, keys)
    assert keys.asked == []


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"iss": "forge/invocation-token/x"}, "issuer"),
        ({"iss": "client-a"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": None}, "audience"),
        ({"aud": FORGE_APP + "0"}, "audience"),
        ({"aud": [FORGE_APP, "another"]}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": [[FORGE_APP]]}, "audience"),
        ({"aud": FORGE_APP.upper()}, "audience"),
        ({"app": None}, "app"),
        ({"app.id": None}, "app"),
        ({"app.id": FORGE_APP.replace("8db3", "8db4")}, "app"),
        ({"app.id": FORGE_APP.rpartition("/")[2]}, "app"),
        ({"app.environment": None}, "environment"),
        ({"app.environment.type": None}, "environment"),
        ({"app.environment.type": "production"}, "environment"),
        ({"app.environment.type": "DEVELOPMENT"}, "environment"),
    ],
)
def test_C1_a_token_for_or_from_somebody_else_is_refused(
    changes: dict[str, Any], cause: str
) -> None:
    assert refused(changes=changes) == cause


def test_the_audience_may_be_a_list_of_one() -> None:
    assert called(SIGNER.token(changes={"aud": [FORGE_APP]}))


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"exp": AT},
        {"exp": AT - 1},
        {"exp": AT + 86_401},
        {"exp": "soon"},
        {"iat": None},
        {"iat": AT + 6},
        {"iat": -1},
        {"nbf": None},
        {"nbf": NULL},
        {"nbf": AT + 6},
        {"nbf": True},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 256},
        {"jti": "a\nb"},
    ],
)
def test_C1_a_token_outside_its_time_or_without_an_id_is_refused(changes: dict[str, Any]) -> None:
    token = jwt.api_jws.encode(
        json.dumps(claims(changes=changes)).encode(),
        SIGNER.signing_key,
        "RS256",
        headers={"kid": FORGE_KEY_ID},
    )
    refusal(f"Bearer {token}")


def test_a_clock_a_little_ahead_is_forgiven() -> None:
    assert called(SIGNER.token(changes={"iat": AT + 5, "nbf": AT + 5}))


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512", "ES256", ["RS256"], None, "rs256"])
def test_C1_the_algorithm_is_pinned(algorithm: object) -> None:
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": FORGE_KEY_ID}).encode())
    _, body, signature = SIGNER.token().split(".")
    keys = ForgeSigner()
    forged = ".".join([header.decode().rstrip("="), body, signature])
    assert refusal(f"Bearer {forged}", keys) == "algorithm"
    assert keys.asked == []


def test_C1_a_token_keyed_with_the_public_key_is_refused() -> None:
    pem = SIGNER.signing_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    header, body, _ = SIGNER.token().split(".")
    mac = hmac.digest(pem, f"{header}.{body}".encode(), hashlib.sha256)
    forged = base64.urlsafe_b64encode(mac).decode().rstrip("=")
    assert refusal(f"Bearer {header}.{body}.{forged}") == "signature"


def test_C1_a_token_signed_with_another_key_of_the_same_id_is_refused() -> None:
    stranger = ForgeSigner(number=2)
    assert refusal(f"Bearer {stranger.token()}") == "signature"


@pytest.mark.parametrize("part", [0, 1, 2])
def test_C1_a_token_changed_anywhere_is_refused(part: int) -> None:
    parts = SIGNER.token().split(".")
    parts[part] = parts[part][:-4] + ("AAAA" if parts[part][-4:] != "AAAA" else "BBBB")
    refusal("Bearer " + ".".join(parts))


@pytest.mark.parametrize(
    "key_id",
    ["", "/", "a//b", "/a", "a/", "a b", "a\nb", "ü", "x" * 256, "a?b", "a%2e", "a\\b", None, 7,
     ["a"], {}],
)  # fmt: skip
def test_C1_a_key_id_of_an_odd_shape_is_refused_without_a_request(key_id: object) -> None:
    header = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": key_id}).encode())
    _, body, signature = SIGNER.token().split(".")
    keys = ForgeSigner()
    forged = ".".join([header.decode().rstrip("="), body, signature])
    assert refusal(f"Bearer {forged}", keys) == "key id"
    assert keys.asked == []


def test_an_unknown_key_is_refused() -> None:
    assert refusal(f"Bearer {ForgeSigner(key_id='another').token()}") == "key unknown"


def test_unreachable_keys_are_no_refusal() -> None:
    class Down:
        def key(self, key_id: str) -> None:
            raise ServiceUnreachable

    with pytest.raises(ServiceUnreachable):
        forge_caller(f"Bearer {SIGNER.token()}", Down(), OURS, NOW)


@pytest.mark.parametrize(
    "address",
    [
        "https://api.stg.atlassian.com/ex/jira/" + CLOUD,
        "http://api.atlassian.com/ex/jira/" + CLOUD,
        "https://api.atlassian.com.evil.net/ex/jira/" + CLOUD,
        "https://evil.net/ex/jira/" + CLOUD,
        "https://x@api.atlassian.com/ex/jira/" + CLOUD,
        "https://api.atlassian.com:444/ex/jira/" + CLOUD,
        "https://evil.net?https://api.atlassian.com/ex/jira/" + CLOUD,
        "https://api.atlassian.com/ex/jira/../" + CLOUD,
        f"https://api.atlassian.com/ex/jira/{CLOUD}/rest",
        f"https://api.atlassian.com/ex/jira/{CLOUD}?x",
        f"https://api.atlassian.com/ex/jira/{CLOUD}\n",
        f"https://api.atlassian.com/x/ex/jira/{CLOUD}",
        "https://api.atlassian.com/ex/jira/",
        "https://api.atlassian.com/ex/" + CLOUD,
        "",
        7,
        [],
    ],
)
@pytest.mark.parametrize("place", ["app.apiBaseUrl", "app.installation.contexts.0.apiBaseUrl"])
def test_C2_an_address_away_from_atlassians_api_is_refused(place: str, address: object) -> None:
    assert refused(changes={place: address}) == "api address"


def test_C2_an_address_in_the_token_moves_no_look_up_of_keys() -> None:
    keys = ForgeSigner()
    token = SIGNER.token(changes={"app.apiBaseUrl": "https://api.stg.atlassian.com/ex/jira/x"})
    refusal(f"Bearer {token}", keys)
    assert keys.asked == [FORGE_KEY_ID]


@pytest.mark.parametrize(
    ("api_url", "base"),
    [
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://127.0.0.1:9000/api", "http://127.0.0.1:9000/api"),
        ("http://127.0.0.1:9000/api", "http://127.0.0.1:9000"),
        ("http://127.0.0.1:9000", API),
    ],
)
def test_the_api_is_where_the_environment_says_or_atlassians(api_url: str, base: str) -> None:
    here = ForgeApp(FORGE_APP, "PRODUCTION", api_url)
    assert called(SIGNER.token(api_url=base), here).cloud_id == CLOUD


@pytest.mark.parametrize(
    "label", ["../", "evil.com/", "x" * 51, "", "A", "a.b", "a\n", "ü", 7, ["a"], {}, False]
)
def test_C3_an_odd_label_is_refused_without_a_request(label: object) -> None:
    keys = ForgeSigner()
    assert refusal(f"Bearer {SIGNER.token(changes={'icLabel': label})}", keys) == "label"
    assert keys.asked == []


@pytest.mark.parametrize("label", ["orange", "x" * 50, "a_b-1", NULL])
def test_C3_a_well_shaped_label_picks_nothing(label: object) -> None:
    keys = ForgeSigner()
    assert forge_caller(f"Bearer {SIGNER.token(changes={'icLabel': label})}", keys, OURS, NOW)
    assert keys.asked == [FORGE_KEY_ID]


_OTHER_ADDRESS = f"{API}/ex/jira/{OTHER_CLOUD}"


@pytest.mark.parametrize(
    "changes",
    [
        {"context.cloudId": OTHER_CLOUD},
        {"app.apiBaseUrl": _OTHER_ADDRESS},
        {"app.installation.contexts.0.cloudId": OTHER_CLOUD},
        {"app.installation.contexts.0.apiBaseUrl": _OTHER_ADDRESS},
        {"app.installation.contexts": [{"name": "jira", "cloudId": CLOUD},
                                       {"name": "jira", "cloudId": OTHER_CLOUD}]},
        {"app.installation.contexts.0.name": "jira-servicedesk", "context.cloudId": OTHER_CLOUD},
    ],
)  # fmt: skip
def test_C4_claims_that_name_two_sites_are_refused(changes: dict[str, Any]) -> None:
    assert refused(changes=changes) == "claims disagree about the site"


@pytest.mark.parametrize("cloud_id", ["../x", "a/b", "", "x" * 65, "a\n", "ü", 7, [CLOUD]])
def test_C4_a_cloud_id_that_could_change_an_address_is_refused(cloud_id: object) -> None:
    assert refused(changes={"context.cloudId": cloud_id}) == "cloud id"


@pytest.mark.parametrize("installation", [OTHER_INSTALLATION, 7, "", []])
def test_C4_claims_that_name_two_installations_are_refused(installation: object) -> None:
    assert refused(changes={"app.installation.id": installation}) == "installation"


@pytest.mark.parametrize(
    "installation",
    [None, "", 7, "0a3a7799-53ae-4a5b-9e7e-03338980abb5", INSTALLATION + "/x", INSTALLATION + "\n",
     "ari:cloud:ecosystem::app/0a3a7799", "x" * 300],
)  # fmt: skip
def test_C4_a_token_without_a_good_installation_is_refused(installation: object) -> None:
    refused(changes={"app.installationId": installation, "app.installation.id": None})


def test_a_token_that_names_no_site_is_refused() -> None:
    bare = {"context": None, "app.apiBaseUrl": None, "app.installation.contexts": None}
    assert refused(changes=bare) == "no site"


@pytest.mark.parametrize(
    "changes",
    [
        {"context": None, "app.apiBaseUrl": None},
        {"context": None, "app.installation": None},
        {"app.apiBaseUrl": None, "app.installation": None},
        {"context.cloudId": CLOUD.upper()},
        {"app.apiBaseUrl": f"{API}/ex/confluence/{CLOUD}/"},
        {"app.installation.contexts.0.cloudId": None},
        {"app.installation.contexts": [{"name": "bitbucket", "apiBaseUrl": "https://api.bitbucket.org",
                                        "workspaceId": "b7ea02c9"}, "odd", {"name": 7}]},
    ],
)  # fmt: skip
def test_one_claim_is_enough_to_name_the_site(changes: dict[str, Any]) -> None:
    assert called(SIGNER.token(changes=changes)).cloud_id == CLOUD


@pytest.mark.parametrize(
    "changes",
    [
        {"app": "x"},
        {"app": []},
        {"context": "x"},
        {"context": []},
        {"app.environment": "PRODUCTION"},
        {"app.installation": INSTALLATION},
        {"app.installation.contexts": "jira"},
        {"app.installation.contexts": [{"name": "jira", "cloudId": CLOUD}] * 51},
        {"app.module": "x"},
        {"app.module.key": ["x"]},
        {"app.license": True},
        {"context.siteUrl": 7},
        {"context.siteUrl": "x" * 256},
        {"context.moduleKey": 7, "app.module": None},
    ],
)
def test_claims_of_another_shape_are_refused(changes: dict[str, Any]) -> None:
    assert refused(changes=changes) == "shape of a claim"


@pytest.mark.parametrize("principal", ["", 7, "x" * 256, ["a"], {}, "a\nb", "\ud800", False])
def test_C5_a_principal_that_is_no_account_is_refused(principal: object) -> None:
    assert refused(changes={"principal": principal}) == "shape of a claim"


def test_C5_whoever_is_unidentified_is_nobody() -> None:
    assert refused(principal="unidentified") == "nobody named"


@pytest.mark.parametrize("principal", [None, NULL])
def test_C5_nobody_in_session_is_nobody(principal: object) -> None:
    assert called(SIGNER.token(changes={"principal": principal})).account_id is None


@pytest.mark.parametrize("scheme", ["Bearer", "JWT"])
def test_C7_connect_tokens_are_refused(scheme: str) -> None:
    for token in (context_token(), lifecycle_token(), context_token(SECRET, iss=FORGE_APP)):
        refusal(f"{scheme} {token}")


def test_C7_a_connect_install_token_with_a_key_of_ours_is_refused() -> None:
    token = SIGNER.sign({"iss": "client-a", "aud": FORGE_APP, "iat": AT, "exp": AT + 60})
    refusal(f"Bearer {token}")


@given(st.text(max_size=300))
def test_no_header_is_too_odd_to_be_refused(text: str) -> None:
    refusal(text)
    refusal(f"Bearer {text}")


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
objects = st.dictionaries(st.text(max_size=8), plain, max_size=3)
json_values = plain | objects | st.lists(plain | objects, max_size=3)
PLACES = [
    "aud", "iss", "iat", "nbf", "exp", "jti", "principal", "icLabel", "context", "context.cloudId",
    "context.siteUrl", "context.moduleKey", "context.localId", "app", "app.id", "app.license",
    "app.license.active", "app.installationId", "app.apiBaseUrl", "app.environment", "app.module",
    "app.environment.type", "app.installation", "app.installation.id", "app.installation.contexts",
    "app.installation.contexts.0", "app.installation.contexts.0.name", "app.module.key",
    "app.installation.contexts.0.cloudId", "app.installation.contexts.0.apiBaseUrl",
]  # fmt: skip


@given(st.sampled_from(PLACES), json_values)
def test_no_signed_claim_is_too_odd_to_be_refused_or_believed(place: str, value: object) -> None:
    payload = json.dumps(claims(changes={place: NULL if value is None else value})).encode()
    token = jwt.api_jws.encode(payload, SIGNER.signing_key, "RS256", headers={"kid": FORGE_KEY_ID})
    try:
        caller = called(token)
    except Refused:
        return
    assert (caller.cloud_id, caller.installation_id) == (CLOUD, INSTALLATION)
