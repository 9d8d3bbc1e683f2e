"""Abuse of install and uninstall (cases A): against the whole app, over HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.callers.query_hash import query_hash
from tests.abuse.house import SECRET, SECRET_B, House, build
from tests.abuse.internet import KEYS
from tests.abuse.refusal import KNOWN, UNKNOWN, Attack, assert_refusal, refused, refused_alike
from tests.stand_ins.atlassian import (
    APP,
    AT,
    KEY_ID,
    SIGNING_KEY,
    claims,
    context_token,
    install_body,
    lifecycle_token,
    page_token,
    uninstall_body,
)
from tests.stand_ins.wire import Reply

INSTALLED, UNINSTALLED = "/connect/installed", "/connect/uninstalled"
LATER = AT + 1
PEM = SIGNING_KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


def install(token: str, body: bytes | None = None) -> Attack:
    return Attack("POST", INSTALLED, f"JWT {token}", install_body() if body is None else body)


def signed(**changed: Any) -> Callable[[str], Attack]:
    """An install whose token was signed with Atlassian's key but says something else."""
    return lambda issuer: install(
        lifecycle_token(**{"iss": issuer, "iat": LATER} | changed), install_body(clientKey=issuer)
    )


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def with_header(issuer: str, header: dict[str, Any]) -> str:
    """A good token whose header says something else; the signature is the good one's."""
    good = lifecycle_token(iss=issuer, iat=LATER).split(".")
    return ".".join([encoded(header), *good[1:]])


def pem(key: Any) -> bytes:
    made: bytes = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return made


@pytest.mark.parametrize("path", [INSTALLED, UNINSTALLED])
def test_A1_no_token_or_something_else_in_its_place_is_refused(house: House, path: str) -> None:
    good = lifecycle_token(path, iat=LATER)
    authorizations = [
        None, "", "JWT", "JWT ", "JWT  ", "Bearer x", f"Bearer {good}", f"jwt {good}", good,
        f"JWT  {good}", f"JWT {good}.x", f"JWT {good},{good}", f"Basic {good}", "JWT a.b.c",
        f"JWT {'x' * 9000}",
    ]  # fmt: skip
    for each in authorizations:
        refused(house, Attack("POST", path, each, install_body()), network=0)
    for where in (f"{path}?jwt={good}", f"{path}?jwt="):
        refused(house, Attack("POST", where, None, install_body()), network=0)
        refused(house, Attack("POST", where, f"JWT {good}", install_body()), network=0)


@pytest.mark.parametrize("header", [{}, {"kid": KEY_ID}])
def test_A2_the_stored_shared_secret_signs_no_lifecycle_token(
    house: House, header: dict[str, str]
) -> None:
    def attack(issuer: str) -> Attack:
        made = claims(iss=issuer, aud=[APP], qsh=query_hash("POST", INSTALLED, ""), iat=LATER)
        return install(jwt.encode(made, SECRET, "HS256", headers=header), install_body())

    refused_alike(house, attack, network=0)


def test_A3_a_token_without_a_key_id_is_refused_without_a_request(house: House) -> None:
    refused_alike(house, signed(header={}), network=0)


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS512", "PS256", ["RS256"], None])
def test_A4_no_other_algorithm_is_taken(house: House, algorithm: object) -> None:
    header = {"alg": algorithm, "kid": KEY_ID, "typ": "JWT"}
    refused_alike(house, lambda issuer: install(with_header(issuer, header)), network=0)

    def unsigned(issuer: str) -> Attack:
        body = lifecycle_token(iss=issuer, iat=LATER).split(".")[1]
        return install(f"{encoded(header)}.{body}.")

    refused_alike(house, unsigned, network=0)

    def keyed_with_the_public_key(issuer: str, says: object = "HS256") -> Attack:
        body = lifecycle_token(iss=issuer, iat=LATER).split(".")[1]
        head = encoded({"alg": says, "kid": KEY_ID})
        mac = hmac.digest(PEM, f"{head}.{body}".encode(), hashlib.sha256)
        return install(f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}")

    refused_alike(house, keyed_with_the_public_key, network=0)
    refused_alike(house, lambda issuer: keyed_with_the_public_key(issuer, "RS256"))

    def really_rs512(issuer: str) -> Attack:
        made = claims(iss=issuer, aud=[APP], qsh=query_hash("POST", INSTALLED, ""), iat=LATER)
        return install(jwt.encode(made, SIGNING_KEY, "RS512", headers={"kid": KEY_ID}))

    refused_alike(house, really_rs512, network=0)


def test_A5_a_body_of_another_instance_is_refused_and_changes_nothing(house: House) -> None:
    token = lifecycle_token(iss="client-a", iat=LATER)
    for other in ("client-b", UNKNOWN):
        taken = install_body(clientKey=other, sharedSecret="a-secret-of-the-attackers-own-0123")
        refused(house, install(token, taken))
    assert house.page(**house.of_b()).status_code == 200


def test_A6_the_client_key_that_was_checked_is_the_one_that_is_stored(house: House) -> None:
    token = lifecycle_token(iss="client-a", iat=LATER)
    twice = [
        install_body()[:-1] + b', "clientKey": "client-b"}',
        b'{"clientKey": "client-b", ' + install_body()[1:],
        install_body()[:-1] + b', "client\\u004bey": "client-b"}',
        install_body()[:-1] + b', "sharedSecret": "another-secret-0123456789"}',
    ]
    before = house.rests()
    for body in twice:
        assert house.event("installed", body, token).status_code == 400
    nested = {"clientKey": "client-b", "instance": {"clientKey": "client-a"}}
    refused(house, install(token, install_body(**nested)))
    spelled = install_body(clientKey=None, ClientKey="client-a", client_key="client-a")
    assert house.event("installed", spelled, token).status_code == 400
    assert house.rests() == before
    beside = install_body(ClientKey="client-b", nested={"clientKey": "client-b"})
    assert house.event("installed", beside, token).status_code == 204
    keys = sorted(each.client_key or "" for each in house.table.all())
    assert keys == ["client-a", "client-b"]
    assert house.page(**house.of_b()).status_code == 200


@pytest.mark.parametrize(
    "audience",
    [
        None,
        "",
        [],
        "https://other.example.com",
        "https://app.example.com.evil.net",
        "https://evil.net/?https://app.example.com",
        f"{APP}/evil",
        f"{APP}//",
        f"x{APP}",
        APP.upper(),
        APP.replace("https", "http"),
        [APP, "https://other.example.com"],
        ["https://other.example.com", APP],
        [APP, APP],
        [[APP]],
        {APP: 1},
        7,
    ],
)
def test_A7_a_token_for_another_audience_is_refused(house: House, audience: object) -> None:
    def attack(issuer: str) -> Attack:
        made = claims(iss=issuer, iat=LATER, qsh=query_hash("POST", INSTALLED, "")) | (
            {} if audience is None else {"aud": audience}
        )
        token = jwt.api_jws.encode(
            json.dumps(made).encode(), SIGNING_KEY, "RS256", headers={"kid": KEY_ID}
        )
        return install(token, install_body(clientKey=issuer))

    refused_alike(house, attack)


@pytest.mark.parametrize(
    "qsh",
    [
        "context-qsh",
        None,
        "",
        query_hash("POST", UNINSTALLED, ""),
        query_hash("GET", INSTALLED, ""),
        query_hash("POST", f"{INSTALLED}/", "") + "0",
        query_hash("POST", INSTALLED, "a=1"),
        query_hash("POST", INSTALLED, "").upper(),
    ],
)
def test_A8_a_token_for_another_request_is_refused(house: House, qsh: str | None) -> None:
    refused_alike(house, signed(qsh=qsh))
    token = lifecycle_token(INSTALLED, iat=LATER)
    refused(house, Attack("POST", UNINSTALLED, f"JWT {token}", uninstall_body()))
    refused(house, Attack("POST", f"{INSTALLED}?user_id=1", f"JWT {token}", install_body()))
    assert house.event("installed", install_body(), token).status_code == 204


@pytest.mark.parametrize(
    "times",
    [
        {"exp": None},
        {"iat": None},
        {"exp": AT},
        {"exp": AT - 86_400},
        {"exp": AT + 365 * 86_400},
        {"exp": "tomorrow"},
        {"iat": AT + 3600},
        {"iat": True},
        {"nbf": AT + 3600},
        {"nbf": "soon"},
    ],
)
def test_A9_a_token_outside_its_time_is_refused(house: House, times: dict[str, Any]) -> None:
    def attack(issuer: str) -> Attack:
        made = claims(iss=issuer, aud=[APP], qsh=query_hash("POST", INSTALLED, "")) | times
        kept = {name: value for name, value in made.items() if value is not None}
        token = jwt.api_jws.encode(
            json.dumps(kept).encode(), SIGNING_KEY, "RS256", headers={"kid": KEY_ID}
        )
        return install(token, install_body(clientKey=issuer))

    refused_alike(house, attack)


@pytest.mark.parametrize("hosts", ["*.atlassian.net,*.jira.com", "*.jira-dev.com"])
def test_A10_a_staging_base_url_does_not_move_the_key_host(
    monkeypatch: pytest.MonkeyPatch, hosts: str
) -> None:
    house = build(monkeypatch, SITE_HOSTS=hosts)
    body = install_body(baseUrl="https://acme.jira-dev.com", clientKey="client-s")
    token = lifecycle_token(iss="client-s", iat=LATER)
    if "jira-dev" in hosts:
        assert house.event("installed", body, token).status_code == 204
    else:
        refused(house, install(token, body))
    assert house.internet.hosts_asked() == {KEYS}


@pytest.mark.parametrize(
    "key_id",
    [
        "../x", "a/b", "x?y", "x#y", "%2e%2e", "a\nb", "a\r\nHost: evil.net", "x" * 10_000, "ü",
        "", " ", "key-1 ", "@evil.net", "\\", ".", "..", "a:b", None, 7, ["key-1"], {"a": 1},
    ],
)  # fmt: skip
def test_A11_a_key_id_that_could_change_an_address_is_refused_without_a_request(
    house: House, key_id: object
) -> None:
    header = {"alg": "RS256", "kid": key_id}
    refused_alike(house, lambda issuer: install(with_header(issuer, header)), network=0)


def small_rsa_pem() -> bytes:
    """A public RSA key of 512 bits, written by hand: libraries no longer make one."""
    modulus = (1 << 511) + 187
    number = modulus.to_bytes(65, "big")
    inner = b"\x02\x41" + number + b"\x02\x03\x01\x00\x01"
    sequence = b"\x30" + bytes([len(inner)]) + inner
    bits = b"\x03" + bytes([len(sequence) + 1]) + b"\x00" + sequence
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    whole = algorithm + bits
    der = b"\x30" + bytes([len(whole)]) + whole
    text = base64.encodebytes(der).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}-----END PUBLIC KEY-----\n".encode()


HTML = b"<html><body>Request blocked.</body></html>"
CDN: list[tuple[Reply | Exception, int]] = [
    (Reply(HTML, 403), 401),
    (Reply(HTML, 404), 401),
    (Reply(HTML, 200), 401),
    (Reply(b"", 200), 401),
    (Reply(b"", 204), 401),
    (Reply(b"", 302, {"Location": "https://evil.net/key"}), 401),
    (Reply(b"x" * 5_000_000, 200), 401),
    (Reply(b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", 200), 401),
    (Reply(b"\xff\xfe\x00", 200), 401),
    (Reply(pem(ec.generate_private_key(ec.SECP256R1())), 200), 401),
    (Reply(small_rsa_pem(), 200), 401),
    (Reply(pem(rsa.generate_private_key(65537, 1024)), 200), 401),
    (Reply(pem(rsa.generate_private_key(65537, 2048)), 200), 401),
    (Reply(HTML, 500), 503),
    (Reply(HTML, 429), 503),
    (requests.ConnectionError("no"), 503),
    (requests.Timeout("no"), 503),
]


@pytest.mark.parametrize(("reply", "status"), CDN)
def test_A12_whatever_the_key_host_answers_is_no_500_and_is_not_kept(
    empty: House, reply: Reply | Exception, status: int
) -> None:
    empty.keys.replies.append(reply)
    before = empty.rests()
    response = empty.install()
    assert response.status_code == status
    if status == 401:
        assert_refusal(response)
    assert empty.rests() == before
    assert empty.internet.hosts_asked() == {KEYS}
    another = isinstance(reply, Reply) and reply.content() == CDN[12][0].content()  # type: ignore[union-attr]
    # A well-formed key is a key, and kept for ever; a stranger's id is asked again in a minute.
    empty.clock.pass_(seconds=0 if status == 503 else 61)
    assert empty.install().status_code == (401 if another else 204)


def test_A13_a_flood_of_unknown_keys_is_bounded_and_keeps_no_uninstall_out(house: House) -> None:
    start = len(house.internet.sent)
    for number in range(200):
        token = lifecycle_token(iss="client-x", iat=LATER, header={"kid": f"made-up-{number}"})
        assert house.event("installed", install_body(), token).status_code in (401, 503)
    assert len(house.internet.sent) - start <= 30
    # A key that rotated meanwhile is still fetched for an instance that is known.
    house.keys.replies.append(Reply(PEM))
    gone = lifecycle_token(UNINSTALLED, iat=LATER, header={"kid": "rotated-key"})
    assert house.event("uninstalled", uninstall_body(), gone).status_code == 204
    assert house.page().status_code == 401


def test_A14_an_event_again_has_one_effect_and_an_older_one_has_none(house: House) -> None:
    house.clock.pass_(seconds=60)
    token, body = lifecycle_token(iat=AT + 10), install_body(displayUrl="https://new.example.com")
    start = house.writes()
    assert [house.event("installed", body, token).status_code for _ in range(4)] == [204] * 4
    assert house.writes() - start == 1
    other = install_body(sharedSecret="a-secret-of-the-attackers-own-0123")
    refused(house, install(token, other))
    before = house.rests()
    for older in (AT, AT + 9):
        late = lifecycle_token(iat=older)
        assert house.event("installed", other, late).status_code == 204
        gone = lifecycle_token(UNINSTALLED, iat=older)
        assert house.event("uninstalled", uninstall_body(), gone).status_code == 204
    assert house.rests() == before
    assert house.page().status_code == 200


def test_A15_the_token_of_one_instance_does_not_uninstall_another(house: House) -> None:
    token = lifecycle_token(UNINSTALLED, iss="client-a", iat=LATER)
    for other in ("client-b", UNKNOWN):
        body = uninstall_body(clientKey=other)
        refused(house, Attack("POST", UNINSTALLED, f"JWT {token}", body))
    assert house.page(**house.of_b()).status_code == 200


def test_A16_the_uninstall_of_an_unknown_instance_is_204_and_writes_nothing(house: House) -> None:
    before, writes = house.rests(), house.writes()
    assert house.uninstall(UNKNOWN, iat=LATER).status_code == 204
    assert (house.rests(), house.writes()) == (before, writes)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://acme.atlassian.net",
        "https://user@acme.atlassian.net",
        "https://user:word@acme.atlassian.net",
        "https://acme.atlassian.net:8443",
        "https://acme.atlassian.net:443",
        "https://10.0.0.1",
        "https://127.0.0.1",
        "https://[::1]",
        "https://2130706433",
        "https://localhost",
        "https://169.254.169.254/latest",
        "https://acme.atlassian.net.evil.com",
        "https://evilatlassian.net",
        "https://evil.com/acme.atlassian.net",
        "https://evil.com#.atlassian.net",
        "https://evil.com?.atlassian.net",
        "https://evil.com\\.atlassian.net",
        "https://acme.atlassian.net.",
        "https://acme.atlassian.net?x=1",
        "https://acme.atlassian.net#x",
        "https://acme.atlassian.net/../x",
        "https://acme.atlassian.net;evil.com",
        "https://acme.atlassian.net evil.com",
        "https://acme.atlassian.net\n",
        "https://\uff41cme.atlassian.net",
        "//acme.atlassian.net",
        "ftp://acme.atlassian.net",
        "javascript:alert(1)",
    ],
)
def test_A17_an_address_that_is_no_site_is_refused(house: House, base_url: str) -> None:
    refused_alike(
        house,
        lambda issuer: install(
            lifecycle_token(iss=issuer, iat=LATER),
            install_body(clientKey=issuer, baseUrl=base_url),
        ),
    )
    assert house.internet.stray == []


def test_A18_another_client_key_at_the_same_address_sees_nothing_of_the_old(house: House) -> None:
    saved = house.api("PUT", "/api/settings/consent", json={"entra_import": True, "metrics": True})
    assert saved.status_code == 200
    sealed = dict(house.site_a.properties)
    assert sealed
    fields = {"clientKey": "client-n", "sharedSecret": SECRET_B, "iat": LATER}
    assert house.install(**fields).status_code == 204
    assert len({each.instance_id for each in house.table.all()}) == 3
    house.site_a.secret = SECRET_B  # it is the new installation's site now
    shown = house.api("GET", "/api/settings", iss="client-n", secret=SECRET_B).get_json()
    assert {part: state["set"] for part, state in shown.items()} == dict.fromkeys(shown, False)
    refused(house, Attack("GET", "/api/settings", f"JWT {context_token(iss='client-n')}"))
    assert house.site_a.properties == sealed


def test_A19_a_new_secret_works_at_once_and_the_old_one_for_five_minutes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = build(monkeypatch, beside=house)
    assert beside.page().status_code == 200
    new = "the-new-s3cr3t-after-the-rotation-0123456789"
    house.clock.pass_(seconds=2)
    assert house.install(sharedSecret=new, iat=LATER).status_code == 204

    def both(secret: str) -> list[int]:
        at = int(house.clock().timestamp())
        made = {"secret": secret, "iat": at, "exp": at + 180}
        return [each.page(**made).status_code for each in (house, beside)]

    assert both(new) == [200, 200]
    house.clock.pass_(minutes=4, seconds=59)
    assert (both(new), both(SECRET)) == ([200, 200], [200, 200])
    house.clock.pass_(seconds=2)
    assert (both(new), both(SECRET)) == ([200, 200], [401, 401])


BODIES: list[tuple[bytes, int]] = [
    (b"", 400),
    (b"null", 400),
    (b"[]", 400),
    (b'"text"', 400),
    (b"{", 400),
    (b"\xff\xfe", 400),
    (b"[" * 60_000, 400),
    (b'{"a":' * 10_000, 400),
    (b" " * 2_000_000, 413),
    (b"{" + b" " * 70_000 + b"}", 413),
    *((install_body(clientKey=key), 400) for key in (7, "", "x" * 2048, "a b", "a\0b", ["x"], {})),
    (install_body(clientKey=None), 400),
    *((install_body(sharedSecret=secret), 400) for secret in (7, "", "short", "a\0" * 20, ["x"])),
    (install_body(sharedSecret="x" * 3000), 400),
    (install_body(sharedSecret=None), 400),
    (install_body(baseUrl=7), 400),
    (install_body(baseUrl=None), 400),
    (install_body(baseUrl="https://" + "x" * 2048 + ".atlassian.net"), 400),
    (install_body(cloudId="a\0b"), 400),
    (install_body(cloudId=7), 400),
    (install_body(installationId="x" * 2048), 400),
    (install_body(installationId={"a": 1}), 400),
    (b'{"clientKey": 1e999}', 400),
]


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_A20_an_odd_body_behind_a_good_token_is_a_clear_error(
    house: House, body: bytes, status: int
) -> None:
    before = house.rests()
    response = house.event("installed", body, lifecycle_token(iat=LATER))
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert house.rests() == before
    refused(house, install("a.b.c", body))
    assert '"event": "bug"' not in house.log.getvalue()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", [INSTALLED, UNINSTALLED])
def test_A21_a_lifecycle_address_takes_post_only(house: House, method: str, path: str) -> None:
    before = house.rests()
    response = house.send(method, path, lifecycle_token(path, iat=LATER), data=install_body())
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert house.rests() == before


def in_a_browser(house: House, attack: Attack) -> tuple[object, ...]:
    """What a browser is shown, but for the request's id, and what it cost."""
    house.clock.pass_(seconds=2)
    start = house.effort()
    answer = house.send(attack.method, attack.path, headers={"Accept": "text/html"})
    end = house.effort()
    cost = (end.look_ups - start.look_ups, end.verifications - start.verifications)
    assert (answer.status_code, answer.mimetype) == (401, "text/html")
    assert end.network == start.network
    return re.sub(r"[0-9a-f]{16}", "", answer.get_data(as_text=True)), dict(answer.headers), cost


def test_A22_a_known_and_an_unknown_instance_get_the_same_bytes_for_the_same_work(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "a-secret-that-nobody-has-0123456789"

    def lifecycle(issuer: str) -> Attack:
        return install(lifecycle_token(iss=issuer, qsh="x"), install_body(clientKey=issuer))

    def page(issuer: str) -> Attack:
        return Attack("GET", f"/my-assets?jwt={page_token('/my-assets', '', wrong, iss=issuer)}")

    def context(issuer: str) -> Attack:
        return Attack("GET", "/api/my-assets", f"JWT {context_token(wrong, iss=issuer)}")

    def another_ones(issuer: str) -> Attack:
        return Attack("GET", "/api/settings", f"JWT {context_token(SECRET_B, iss=issuer)}")

    for attack in (lifecycle, page, context, another_ones):
        refused_alike(house, attack)
        assert refused(house, attack(UNKNOWN), afresh=True).look_ups == 1
    # In a browser a refused page is a page: the same one for both, for the same work.
    shown = [in_a_browser(house, page(issuer)) for issuer in (KNOWN, UNKNOWN)]
    assert shown[0] == shown[1]
    # An unknown issuer's token is verified too, against a secret that is nobody's.
    assert refused(house, context(UNKNOWN)).verifications == 1
    # The one difference, and its bound: a process that has not opened a known instance's secret
    # within five minutes opens it once, whoever asks.
    cold = build(monkeypatch, beside=house)
    opened = house.kms.calls["Decrypt"]
    refused(cold, context(KNOWN))
    assert house.kms.calls["Decrypt"] - opened == 2
    refused_alike(cold, context)
