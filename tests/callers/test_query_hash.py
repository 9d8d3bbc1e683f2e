"""The query hash: fixed vectors, and Atlassian's own library as a second opinion."""

from __future__ import annotations

import hashlib
from urllib.parse import quote, quote_plus

import pytest
from atlassian_jwt.url_utils import hash_url
from hypothesis import given
from hypothesis import strategies as st

from app.callers.query_hash import canonical_request, hashes_match, query_hash

# From Atlassian's documentation of the query string hash.
DOCUMENTED = [
    ("GET", "/path", "", "799be84a7fa35570087163c0cd9af3abff7ac05c2c12ba0bb1d7eebc984b3ac2"),
    ("GET", "", "", "c88caad15a1c1a900b8ac08aa9686f4e8184539bea1deda36e2f649430df3239"),
    ("GET", "/", "", "c88caad15a1c1a900b8ac08aa9686f4e8184539bea1deda36e2f649430df3239"),
]


@pytest.mark.parametrize(("method", "path", "query", "expected"), DOCUMENTED)
def test_the_documented_hashes_come_out(method: str, path: str, query: str, expected: str) -> None:
    assert query_hash(method, path, query) == expected


@pytest.mark.parametrize(
    ("path", "query", "base", "canonical"),
    [
        ("/a&b", "", "", "GET&/a%26b&"),
        ("/a%2Fb", "", "", "GET&/a%2Fb&"),
        ("/a%252Fb", "", "", "GET&/a%252Fb&"),
        ("/a/", "", "", "GET&/a&"),
        ("a", "", "", "GET&/a&"),
        ("/base/a", "", "/base", "GET&/a&"),
        ("/base", "", "/base", "GET&/&"),
        ("/based", "", "/base", "GET&/based&"),
        ("/a", "b=1+2&a=%20", "", "GET&/a&a=%20&b=1%202"),
        ("/a", "jwt=x.y.z&a=1", "", "GET&/a&a=1"),
        ("/a", "j%77t=x&a=1", "", "GET&/a&a=1"),
        ("/a", "flag", "", "GET&/a&flag="),
        ("/a", "a=&a=2&a=1", "", "GET&/a&a=,1,2"),
        ("/a", "a=1,2", "", "GET&/a&a=1%2C2"),
        ("/a", "a=*~-._", "", "GET&/a&a=%2A~-._"),
        ("/a", "a=%c3%bc", "", "GET&/a&a=%C3%BC"),
        ("/a", "ü=1&a%20b=2", "", "GET&/a&%C3%BC=1&a%20b=2"),
        ("/a", "&&a=1&", "", "GET&/a&a=1"),
    ],
)
def test_odd_addresses_have_one_canonical_form(
    path: str, query: str, base: str, canonical: str
) -> None:
    assert canonical_request("get", path, query, base) == canonical


any_text = st.text(max_size=8)
# A path as it may stand on the wire. `;` is left out: the library takes it for the start of
# parameters, which Atlassian's rules do not know.
on_the_wire = st.text("abcXYZ019-._~!$&'()*+,=:@", max_size=8) | any_text.map(
    lambda text: quote(text, safe="")
)
paths = st.lists(on_the_wire.filter(bool), max_size=4).map(
    lambda parts: "/" + "/".join(["rest", *parts])
)
encodings = st.sampled_from(
    [
        quote_plus,
        lambda text: quote(text, safe=""),
        lambda text: quote(text, safe="/:?@!$'()*,"),
        lambda text: quote(text, safe="").lower() if text.isascii() and text.islower() else text,
    ]
)
names = any_text | st.sampled_from(["a", "jwt", "JWT", "a b", "repeated", "%", "~"])


@st.composite
def queries(draw: st.DrawFn) -> str:
    """A query of any names and values, each encoded in one of the ways that are in use."""
    pairs = []
    for _ in range(draw(st.integers(0, 5))):
        name, value = (
            draw(encodings)(draw(each)) for each in (names, any_text | st.just("a,b c+d"))
        )
        if any(odd in name + value for odd in "&=#+% \t\r\n;"):
            name, value = quote(name, safe=""), quote(value, safe="")
        pairs.append(name if draw(st.booleans()) and not value else f"{name}={value}")
    return "&".join(pairs)


@given(st.sampled_from(["GET", "post", "PUT", "DELETE"]), paths, queries(),
       st.sampled_from(["", "/jira", "/a/b", "/rest", "/jira/"]))  # fmt: skip
def test_B5_it_agrees_with_atlassians_library_on_any_address_behind_any_prefix(
    method: str, path: str, query: str, base: str
) -> None:
    ours = query_hash(method, base.rstrip("/") + path, query, base)
    assert ours == hash_url(method, f"{path}?{query}" if query else path)


@given(paths, queries())
def test_B5_a_slash_at_the_end_and_the_place_of_a_token_change_nothing(
    path: str, query: str
) -> None:
    plain = canonical_request("GET", path, query)
    assert canonical_request("GET", path + "/", query) == plain
    assert canonical_request("GET", path, f"jwt=a.b.c&{query}") == plain
    assert canonical_request("GET", path, f"{query}&jwt=a.b.c&jwt=d") == plain


@given(paths, queries())
def test_B5_the_order_of_a_query_changes_nothing(path: str, query: str) -> None:
    turned = "&".join(reversed(query.split("&")))
    assert canonical_request("GET", path, turned) == canonical_request("GET", path, query)


@given(st.text(st.characters(exclude_categories=())), st.text(st.characters(exclude_categories=())))
def test_no_text_is_too_odd_to_hash_or_to_compare(path: str, query: str) -> None:
    hashed = query_hash("GET", path, query, "/base")
    assert hashes_match(hashed, hashed)
    assert hashes_match(query, hashed) is (query == hashed)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_no_address_is_too_odd_to_hash(path: bytes, query: bytes) -> None:
    hashed = query_hash("GET", path.decode("latin-1"), query.decode("latin-1"))
    assert len(hashed) == len(hashlib.sha256().hexdigest())


@pytest.mark.parametrize("claimed", [None, 7, "", "x" * 10_000, "ü" * 64, ["a"], "context-qsh"])
def test_anything_but_the_hash_does_not_match(claimed: object) -> None:
    assert not hashes_match(claimed, query_hash("GET", "/", ""))


def test_the_hash_matches_itself() -> None:
    assert hashes_match(query_hash("GET", "/", ""), query_hash("GET", "/", ""))
