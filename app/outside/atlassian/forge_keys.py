"""Atlassian's public keys of Forge invocation tokens.

Source: Forge, remote essentials: a JWKS of RSA keys at one address.
"""

from __future__ import annotations

from app.outside.http import HttpCaller
from app.outside.key_set import KeySetAddress
from app.words import Clock


class ForgeKeyAddress(KeySetAddress):
    """`app.callers.forge.ForgeKeys` over HTTP."""

    def __init__(self, http: HttpCaller, address: str, clock: Clock) -> None:
        super().__init__(http, address, clock, "Atlassian")
