"""A site's life with an app: signed installs, kept secrets, tokens of its pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import jwt
import pytest
import requests
from atlassian_jwt.url_utils import hash_url
from hypothesis import given
from hypothesis import strategies as st

from sandbox.http import Fault
from sandbox.site import InstallKeys, InstallRefused, Site
from sandbox.site.tokens import query_hash
from tests.sandbox.app_double import AppDouble

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "atlassian"


@pytest.fixture
def app() -> Iterator[AppDouble]:
    made = AppDouble()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def site() -> Iterator[Site]:
    times = iter(range(1_900_000_000, 2_000_000_000))
    made = Site(clock=lambda: next(times), wait=lambda _seconds: None)
    made.start()
    yield made
    made.stop()


def test_an_install_is_signed_with_a_key_that_the_key_server_gives(
    site: Site, app: AppDouble
) -> None:
    keys = InstallKeys([site.key])
    keys.start()
    site.install(app.base_url)
    event, token, body = app.heard[0]
    kid = jwt.get_unverified_header(token)["kid"]
    pem = requests.get(f"{keys.base_url}/{kid}", timeout=5).text
    claims = jwt.decode(
        token, pem, algorithms=["RS256"], audience=app.base_url, options={"verify_iat": False}
    )
    keys.stop()
    assert (event, claims["iss"]) == ("installed", body["clientKey"])
    assert claims["qsh"] == hashlib.sha256(b"POST&/installed&").hexdigest()
    assert claims["exp"] > claims["iat"]


def test_an_unknown_key_id_is_answered_with_403_and_html() -> None:
    keys = InstallKeys()
    keys.start()
    got = requests.get(f"{keys.base_url}/unknown", timeout=5)
    keys.stop()
    assert (got.status_code, got.headers["Content-Type"]) == (403, "text/html;charset=UTF-8")


def test_the_install_body_has_every_field_of_the_published_sample(
    site: Site, app: AppDouble
) -> None:
    site.install(app.base_url)
    path = SAMPLES / "lifecycle-samples.json"
    body = app.heard[0][2]
    assert {"key", "clientKey", "sharedSecret", "baseUrl", "cloudId", "eventType"} <= set(body)
    if path.exists():
        sample = json.loads(path.read_text())["connect_installed"]
        assert set(sample) - set(body) == {"installationId"}  # only Connect on Forge has it


def test_only_installed_carries_the_secret_and_the_others_are_signed_as_published(
    site: Site, app: AppDouble
) -> None:
    secret = site.install(app.base_url).signer.secret
    site.uninstall()
    events = {event: (token, body) for event, token, body in app.heard}
    assert [event for event, _, _ in app.heard] == [
        "installed",
        "enabled",
        "disabled",
        "uninstalled",
    ]
    assert [e for e, (_, body) in events.items() if "sharedSecret" in body] == ["installed"]
    algorithms = {e: jwt.get_unverified_header(token)["alg"] for e, (token, _) in events.items()}
    assert algorithms == {
        "installed": "RS256",
        "enabled": "HS256",
        "disabled": "HS256",
        "uninstalled": "RS256",
    }
    options = {"verify_iat": False}
    jwt.decode(events["enabled"][0], secret, algorithms=["HS256"], options=options)


@pytest.mark.parametrize("status", [201, 302, 400, 401, 500])
def test_an_install_that_is_not_answered_200_or_204_does_not_happen(
    site: Site, app: AppDouble, status: int
) -> None:
    app.status = status
    with pytest.raises(InstallRefused):
        site.install(app.base_url)
    assert site.installation is None


def test_a_refused_new_secret_leaves_the_old_one(site: Site, app: AppDouble) -> None:
    old = site.install(app.base_url).signer.secret
    app.fail_next("POST", "/installed", Fault.refuse(500))
    with pytest.raises(InstallRefused):
        site.reinstall()
    assert site.installed.signer.secret == old
    assert site.reinstall().signer.secret != old


def test_a_descriptor_with_another_base_url_is_refused(site: Site, app: AppDouble) -> None:
    with pytest.raises(InstallRefused):
        site.install(app.base_url.replace("127.0.0.1", "localhost"))


def test_two_lifecycle_events_never_share_a_second(app: AppDouble) -> None:
    now = [1_900_000_000.0]
    site = Site(clock=lambda: now[0], wait=lambda seconds: now.__setitem__(0, now[0] + seconds))
    site.start()
    site.install(app.base_url)
    site.reinstall()
    site.uninstall()
    site.stop()
    signed = [token for event, token, _ in app.heard if event in ("installed", "uninstalled")]
    options = {"verify_signature": False}
    times = [jwt.decode(token, options=options)["iat"] for token in signed]
    assert len(set(times)) == len(times) == 3


def test_an_app_that_does_not_answer_is_not_installed_and_may_miss_its_uninstall(
    site: Site, app: AppDouble
) -> None:
    app.fail_next("POST", "/installed", Fault.drop())
    with pytest.raises(InstallRefused):
        site.install(app.base_url)
    site.install(app.base_url)
    app.fail_next("POST", "/(dis|un).*", Fault.drop(), times=2)
    assert site.uninstall() is None
    assert site.installation is None


def test_a_silent_uninstall_tells_nobody_and_voids_the_secret(site: Site, app: AppDouble) -> None:
    site.install(app.base_url)
    app.heard.clear()
    assert site.uninstall(silently=True) is None
    assert app.heard == []
    assert site.installation is None


def test_a_page_address_carries_a_token_bound_to_it(site: Site, app: AppDouble) -> None:
    secret = site.install(app.base_url).signer.secret
    address = site.page_address(site.cast.employees[0], "mine")
    parts = urlsplit(address)
    relative = f"{parts.path}?{parts.query}"
    token = parts.query.rpartition("jwt=")[2]
    options = {"verify_iat": False}
    claims = jwt.decode(token, secret, algorithms=["HS256"], options=options)
    assert claims["qsh"] == hash_url("GET", relative)
    assert (claims["iss"], claims["sub"]) == (site.client_key, site.cast.employees[0])
    assert {"lic", "loc", "tz", "cp", "xdm_e", "xdm_c"} <= {
        pair.partition("=")[0] for pair in parts.query.split("&")
    }


def test_a_context_token_is_bound_to_no_address(site: Site, app: AppDouble) -> None:
    secret = site.install(app.base_url).signer.secret
    token = site.context_token(site.cast.customer)
    options = {"verify_iat": False}
    claims = jwt.decode(token, secret, algorithms=["HS256"], options=options)
    assert (claims["qsh"], claims["sub"]) == ("context-qsh", site.cast.customer)


@pytest.mark.parametrize(
    ("call", "digest"),
    [
        (("GET", "/path", ""), "799be84a7fa35570087163c0cd9af3abff7ac05c2c12ba0bb1d7eebc984b3ac2"),
        (("GET", "", ""), "c88caad15a1c1a900b8ac08aa9686f4e8184539bea1deda36e2f649430df3239"),
        (("get", "/", ""), "c88caad15a1c1a900b8ac08aa9686f4e8184539bea1deda36e2f649430df3239"),
    ],
)
def test_the_query_hash_is_that_of_the_published_vectors(
    call: tuple[str, str, str], digest: str
) -> None:
    assert query_hash(*call) == digest


_PART = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_characters="%&=#+?;/"), max_size=6
)


@given(
    st.lists(
        st.tuples(_PART.filter(bool), _PART.filter(bool)), max_size=4, unique_by=lambda p: p[0]
    )
)
def test_the_query_hash_is_that_of_an_independent_library(pairs: list[tuple[str, str]]) -> None:
    raw = requests.models.RequestEncodingMixin._encode_params(pairs)
    assert query_hash("GET", "/rest/x", str(raw)) == hash_url("GET", f"/rest/x?{raw}")
