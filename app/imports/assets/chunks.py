"""The bodies that carry entries to an execution: how large they may be, and their form. Pure."""

from __future__ import annotations

from typing import Final

import msgspec

# NC: what Assets takes. Advice of the facts (2.5): at most 500 objects and 1 MB.
CHUNK_OBJECTS: Final = 500
CHUNK_BYTES: Final = 1_000_000
FRAME_BYTES: Final = 1_000  # what surrounds the entries
Entry = tuple[str, bytes]  # selector and encoded entry
encode = msgspec.json.Encoder().encode


def chunk(client_id: str, entries: list[Entry]) -> bytes:
    """The body of one chunk: entries by selector, an id of its own, not the end."""
    by_selector: dict[str, list[bytes]] = {}
    for selector, encoded in entries:
        by_selector.setdefault(selector, []).append(encoded)
    lists = b",".join(
        encode(selector) + b":[" + b",".join(encoded) + b"]"
        for selector, encoded in by_selector.items()
    )
    return b'{"data":{%b},"clientGeneratedId":%b,"completed":false}' % (lists, encode(client_id))
