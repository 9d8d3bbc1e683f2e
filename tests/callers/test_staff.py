"""The tokens of the staff's provider: the good forms, and everything that must be refused."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.callers.staff import (
    LOGOUT_EVENT,
    Demand,
    Redeemed,
    SignedIn,
    SignedOut,
    signed_in,
    signed_out,
)
from app.errors import Refused, ServiceUnreachable
from app.words import Json
from tests.stand_ins.atlassian import AT, NOW
from tests.stand_ins.forge_tokens import rsa_key

CLIENT = "desk"
ISSUER = "https://login.vendor.example"
NONCE = "n" * 43
ACCESS = "an access token"
HALF_HASH = "FPlcM-1UXiivOYozpUrp7Q"  # of ACCESS, computed apart from the app
KEY_ID = "staff/key-1"
STRONG = "urn:vendor:two-factors"
DEMAND = Demand(ISSUER, CLIENT, (STRONG,), ("mfa", "hwk"))


class Keys:
    """The provider's keys; `asked` are the ids that were looked up."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def key(self, key_id: str) -> RSAPublicKey | None:
        self.asked.append(key_id)
        return rsa_key(1).public_key() if key_id == KEY_ID else None


def id_claims(**changes: Any) -> Json:
    """Of a good ID token; `...` takes a claim away."""
    made = {
        "iss": ISSUER, "sub": "vera", "aud": CLIENT, "iat": AT, "exp": AT + 300, "nonce": NONCE,
        "auth_time": AT, "acr": STRONG, "amr": ["pwd", "mfa"], "sid": "s1", "azp": CLIENT,
        "at_hash": HALF_HASH, "groups": ["everybody", "support"],
    }  # fmt: skip
    return _changed(made, changes)


def logout_claims(**changes: Any) -> Json:
    """Of a good logout token; `...` takes a claim away."""
    made = {"iss": ISSUER, "aud": CLIENT, "iat": AT, "exp": AT + 120, "jti": "j1", "sub": "vera",
            "events": {LOGOUT_EVENT: {}}}  # fmt: skip
    return _changed(made, changes)


def _changed(made: Json, changes: Json) -> Json:
    return {name: value for name, value in (made | changes).items() if value is not ...}


def token(claims: Json, number: int = 1, **header: Any) -> str:
    return jwt.encode(claims, rsa_key(number), "RS256", headers={"kid": KEY_ID} | header)


def enter(text: str, demand: Demand = DEMAND, access: str | None = ACCESS) -> SignedIn:
    return signed_in(Redeemed(text, access), Keys(), demand, NONCE, NOW)


def refused(text: str, demand: Demand = DEMAND) -> str:
    with pytest.raises(Refused) as caught:
        enter(text, demand)
    return caught.value.cause


def leave(**changes: Any) -> SignedOut:
    return signed_out(token(logout_claims(**changes)), Keys(), DEMAND, NOW)


def not_left(text: str) -> str:
    with pytest.raises(Refused) as caught:
        signed_out(text, Keys(), DEMAND, NOW)
    return caught.value.cause


def test_a_good_token_names_a_person_their_groups_and_the_providers_session() -> None:
    assert enter(token(id_claims())) == SignedIn(
        "vera", frozenset({"everybody", "support"}), "s1", AT
    )


def test_what_may_be_absent() -> None:
    bare = id_claims(sid=..., azp=..., at_hash=..., groups=...)
    assert enter(token(bare)) == SignedIn("vera", frozenset(), None, AT)
    assert enter(token(id_claims()), access=None).subject == "vera"
    assert enter(token(id_claims(aud=[CLIENT]))).subject == "vera"


def test_no_person_and_no_token_shows_in_a_repr() -> None:
    assert "vera" not in repr(enter(token(id_claims())))
    assert "vera" not in repr(leave())
    assert ACCESS not in repr(Redeemed("an id token", ACCESS))
    assert "id token" not in repr(Redeemed("an id token", ACCESS))


CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "another issuer": ({"iss": "https://login.evil.example"}, "claim iss"),
    "no issuer": ({"iss": ...}, "claim iss"),
    "another audience": ({"aud": "another client"}, "claim aud"),
    "a second audience": ({"aud": [CLIENT, "another client"], "azp": CLIENT}, "audience"),
    "no audience": ({"aud": ...}, "claim aud"),
    "another party": ({"azp": "another client"}, "claim azp"),
    "expired": ({"iat": AT - 600, "exp": AT - 1}, "expired or too long"),
    "expires now": ({"exp": AT}, "expired or too long"),
    "lives for days": ({"exp": AT + 2 * 24 * 3600}, "expired or too long"),
    "no end": ({"exp": ...}, "times missing"),
    "an end that is text": ({"exp": str(AT + 60)}, "times missing"),
    "from the future": ({"iat": AT + 60}, "issued in the future"),
    "no beginning": ({"iat": ...}, "times missing"),
    "not valid yet": ({"nbf": AT + 60}, "not valid yet"),
    "another nonce": ({"nonce": "x" * 43}, "claim nonce"),
    "no nonce": ({"nonce": ...}, "claim nonce"),
    "a nonce in a list": ({"nonce": ["x"]}, "claim nonce"),
    "signed in long ago": ({"auth_time": AT - 306}, "not a fresh sign-in"),
    "signed in tomorrow": ({"auth_time": AT + 3600}, "not a fresh sign-in"),
    "no time of the sign-in": ({"auth_time": ...}, "claim auth_time"),
    "a time that is no number": ({"auth_time": "now"}, "claim auth_time"),
    "a time that is true": ({"auth_time": True}, "claim auth_time"),
    "another access token's hash": ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "claim at_hash"),
    "a hash that is a list": ({"at_hash": [300]}, "claims"),
    "no subject": ({"sub": ...}, "claim sub"),
    "an empty subject": ({"sub": ""}, "shape of a claim"),
    "a subject that is a number": ({"sub": 7}, "claim sub"),
    "a session that is a list": ({"sid": ["a"]}, "shape of a claim"),
    "a logout token": (
        {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}},
        "not an ID token",
    ),
}


@pytest.mark.parametrize("lie", CLAIMS)
def test_a_token_that_says_the_wrong_thing_is_refused(lie: str) -> None:
    changes, cause = CLAIMS[lie]
    assert refused(token(id_claims(**changes))) == cause


@pytest.mark.parametrize("amr", [..., None, [], ["pwd"], "mfa", {"mfa": True}, [["mfa"]], [1]])
def test_a_provider_that_is_silent_about_the_factor_lets_nobody_in(amr: Any) -> None:
    assert refused(token(id_claims(amr=amr))) in ("no second factor", "claim amr")


@pytest.mark.parametrize("acr", [..., None, "", "urn:vendor:password", [STRONG], True])
def test_another_strength_than_the_one_asked_for_lets_nobody_in(acr: Any) -> None:
    assert refused(token(id_claims(acr=acr))) == "no second factor"


def test_what_is_asked_is_asked_alone_or_together() -> None:
    only_acr, only_amr = Demand(ISSUER, CLIENT, (STRONG,)), Demand(ISSUER, CLIENT, (), ("hwk",))
    assert enter(token(id_claims(amr=...)), only_acr).subject == "vera"
    assert enter(token(id_claims(acr=..., amr=["hwk"])), only_amr).subject == "vera"
    assert refused(token(id_claims()), only_amr) == "no second factor"


def test_a_demand_that_asks_for_no_factor_lets_nobody_in() -> None:
    assert refused(token(id_claims()), Demand(ISSUER, CLIENT)) == "no second factor asked"


@pytest.mark.parametrize(
    "groups", ["support", {"support": 1}, [["support"]], [1], ["support"] * 1001, None]
)
def test_groups_of_another_shape_are_refused(groups: Any) -> None:
    assert refused(token(id_claims(groups=groups))) == "claim groups"


def test_a_thousand_groups_are_read_and_an_overage_gives_none() -> None:
    """Entra ID leaves `groups` out where there are too many, and says where to ask instead."""
    assert len(enter(token(id_claims(groups=[str(n) for n in range(1000)]))).groups) == 1000
    overage = {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "x"}}}
    assert enter(token(id_claims(groups=..., **overage))).groups == frozenset()


def test_clocks_may_differ_by_five_seconds() -> None:
    ahead = {"iat": AT + 5, "nbf": AT + 5, "auth_time": AT + 5}
    assert enter(token(id_claims(**ahead))).issued_at == AT + 5
    assert enter(token(id_claims(auth_time=AT - 305))).subject == "vera"
    for changes in (
        {"iat": AT + 6},
        {"nbf": AT + 6},
        {"auth_time": AT + 6},
        {"auth_time": AT - 306},
    ):
        refused(token(id_claims(**changes)))


@pytest.mark.parametrize(
    ("header", "cause"),
    [({"kid": "unknown"}, "key unknown"), ({"kid": "a b"}, "key id"),
     ({"kid": "k" * 256}, "key id"), ({"kid": ""}, "key id"), ({"kid": "a\\b"}, "key id"),
     ({"typ": "logout+jwt"}, "not an ID token"), ({"crit": ["b64"], "b64": True}, "signature")],
)  # fmt: skip
def test_a_header_that_is_not_the_providers_is_refused(header: Json, cause: str) -> None:
    assert refused(token(id_claims(), **header)) == cause


def test_only_a_key_of_the_right_shape_is_looked_up() -> None:
    keys = Keys()
    for text in (token(id_claims(), kid="../x?y"), jwt.encode(id_claims(), "k" * 32, "HS256")):
        with pytest.raises(Refused):
            signed_in(Redeemed(text, None), keys, DEMAND, NONCE, NOW)
    assert keys.asked == []


def test_another_key_or_algorithm_is_refused() -> None:
    assert refused(token(id_claims(), number=2)) == "signature"
    assert refused(jwt.encode(id_claims(), None, "none", headers={"kid": KEY_ID})) == "algorithm"
    hmac = jwt.encode(id_claims(), "k" * 32, "HS256", headers={"kid": KEY_ID})
    assert refused(hmac) == "algorithm"
    assert (
        refused(jwt.encode(id_claims(), rsa_key(1), "RS512", headers={"kid": KEY_ID}))
        == "algorithm"
    )
    assert refused("no token") == "shape"


def test_keys_that_cannot_be_reached_are_no_refusal() -> None:
    class Down:
        def key(self, key_id: str) -> None:
            raise ServiceUnreachable(key_id)

    with pytest.raises(ServiceUnreachable):
        signed_in(Redeemed(token(id_claims()), None), Down(), DEMAND, NONCE, NOW)


def test_a_logout_token_names_a_person_a_session_or_both() -> None:
    assert leave() == SignedOut("vera", None, AT)
    assert leave(sid="s1") == SignedOut("vera", "s1", AT)
    assert leave(sid="s1", sub=...) == SignedOut(None, "s1", AT)


NO_LOGOUT: dict[str, tuple[dict[str, Any], str]] = {
    "another issuer": ({"iss": "https://login.evil.example"}, "issuer"),
    "no issuer": ({"iss": ...}, "issuer"),
    "another audience": ({"aud": "another"}, "audience"),
    "a second audience": ({"aud": [CLIENT, "another"]}, "audience"),
    "another party": ({"azp": "another"}, "claim azp"),
    "no event": ({"events": ...}, "not a logout token"),
    "an empty event": ({"events": {}}, "not a logout token"),
    "another event": ({"events": {"urn:other": {}}}, "not a logout token"),
    "an event that is a list": ({"events": [LOGOUT_EVENT]}, "not a logout token"),
    "an event that says yes": ({"events": {LOGOUT_EVENT: True}}, "not a logout token"),
    "a nonce": ({"nonce": "n"}, "not a logout token"),
    "no name of its own": ({"jti": ...}, "shape of a claim"),
    "nobody": ({"sub": ...}, "nobody named"),
    "a person that is a list": ({"sub": ["vera"]}, "shape of a claim"),
    "a session that is empty": ({"sid": ""}, "shape of a claim"),
    "expired": ({"exp": AT}, "expired or too long"),
    "no times": ({"iat": ...}, "times missing"),
}


@pytest.mark.parametrize("lie", NO_LOGOUT)
def test_what_is_no_logout_token_of_ours_is_refused(lie: str) -> None:
    changes, cause = NO_LOGOUT[lie]
    assert not_left(token(logout_claims(**changes))) == cause


def test_an_id_token_ends_nothing_and_a_logout_token_opens_nothing() -> None:
    assert not_left(token(id_claims())) == "not a logout token"
    assert not_left(token(logout_claims(), number=2)) == "signature"
    assert refused(token(logout_claims())) == "not an ID token"
