"""Atlassian Connect tokens: the query hash, and HS256 and RS256 tokens made and checked.

Written from the published rules, on its own, so that it does not repeat the app's mistakes.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import quote, unquote_plus

import jwt

CONTEXT_QSH = "context-qsh"
PAGE_SECONDS = 180
CONTEXT_SECONDS = 900
MOST_SECONDS = 3600  # how far ahead an app's `exp` may lie; the real limit is not published


class TokenRefused(Exception):
    """A token does not hold; the text is for a test's eyes, never for the wire."""


def query_hash(method: str, path: str, query: str) -> str:
    """The `qsh` of a call: its path below the base, still encoded, and its raw query."""
    joined = f"{method.upper()}&{_canonical_path(path)}&{_canonical_query(query)}"
    return hashlib.sha256(joined.encode()).hexdigest()


def _canonical_path(path: str) -> str:
    rooted = path.partition("#")[0].replace("&", "%26")
    rooted = rooted if rooted.startswith("/") else f"/{rooted}"
    return rooted.removesuffix("/") or "/"


def _canonical_query(query: str) -> str:
    held: dict[str, list[str]] = defaultdict(list)
    for pair in filter(None, query.partition("#")[0].split("&")):
        name, _, value = pair.partition("=")
        plain = unquote_plus(name)
        if plain != "jwt":
            held[plain].append(unquote_plus(value))
    rows = []
    for name, values in held.items():
        joined = ",".join(quote(value, safe="-._~") for value in sorted(values))
        rows.append((quote(name, safe="-._~"), joined))
    return "&".join(f"{name}={value}" for name, value in sorted(rows))


@dataclass(frozen=True)
class Signer:
    """What a site signs with for one app."""

    client_key: str
    secret: str

    def page(self, account_id: str, method: str, address: str, now: int) -> str:
        """A token for one page of the app: `address` is its path and query below the base."""
        path, _, query = address.partition("?")
        claims = {"qsh": query_hash(method, path, query), "exp": now + PAGE_SECONDS}
        return self._signed({**claims, "sub": account_id}, now)

    def context(self, account_id: str, now: int) -> str:
        """A token as the page's own script gets it, bound to no address."""
        claims = {"qsh": CONTEXT_QSH, "exp": now + CONTEXT_SECONDS, "sub": account_id}
        return self._signed({**claims, "context": {"user": {"accountId": account_id}}}, now)

    def webhook(self, method: str, path: str, now: int) -> str:
        """A token of the site itself, of no user."""
        return self._signed({"qsh": query_hash(method, path, ""), "exp": now + PAGE_SECONDS}, now)

    def _signed(self, claims: dict[str, object], now: int) -> str:
        whole = {"iss": self.client_key, "iat": now, **claims}
        return jwt.encode(whole, self.secret, algorithm="HS256")


def check_app_token(token: str, signer: Signer, app_key: str, call: tuple[str, str, str]) -> None:
    """Check an app's token for one call (method, path below the base, raw query).

    Raises TokenRefused.
    """
    try:
        claims = jwt.decode(
            token,
            signer.secret,
            algorithms=["HS256"],
            options={"require": ["iss", "iat", "exp", "qsh"], "verify_aud": False},
        )
    except jwt.PyJWTError as problem:
        raise TokenRefused(f"the token does not hold: {problem}") from None
    if claims["iss"] != app_key:
        raise TokenRefused("iss is not the app's key")
    audience = claims.get("aud", signer.client_key)
    named = audience if isinstance(audience, list) else [audience]
    if signer.client_key not in named:
        raise TokenRefused("aud is not this site")
    if claims["exp"] - claims["iat"] > MOST_SECONDS:
        raise TokenRefused("the token lives too long")
    if claims["qsh"] != query_hash(*call):
        raise TokenRefused("qsh is not that of this call")
