"""Short forms of documents that hold no secret: a whole set of settings is to leave room in Jira.

A sealed length tells a little of what is inside, and the length of something compressed tells
more: so nothing that holds a secret is shortened. Neither is what is long: the limit that people
meet there is one of what they entered, not of how well it compresses.
"""

from __future__ import annotations

import zlib
from typing import Final

MOST_BYTES: Final = 4096  # of a document that is shortened
_SHORTENED: Final = b"\x01"  # JSON begins with {
# What documents have in common, the commonest last. It is part of the form of what is stored:
# another text here opens nothing that was shortened with this one.
_IN_COMMON: Final = (
    b'"time_zone":"UTC"},"day":"mon","every":"hour","object_allowance":null,"link_accounts":{'
    b'"people_an_hour":2000},"restricted_people":[],"roles":["Application.Read.All","Device.Read'
    b'.All","DeviceManagementManagedDevices.Read.All","Directory.Read.All","Group.Read.All","Group'
    b'Member.Read.All","User.Read.All"],{"entra_import":true,"metrics":false},{"service_desk_id":"'
    b'","request_type_id":"","asset_field_id":null},{"import_source_id":null,"workspace_id":null,'
    b'"objects":{"users":true,"groups":true,"devices":true,"managed_devices":false,"departments":'
    b'false,"locations":false,"applications":false},"memberships":[],"filter":{"enabled_only":false,'
    b'"include_guests":false,"groups":[]},"leavers":"keep","brake":{"percent":10,"count":500},'
    b'"missing_objects":"unknown","schedule":{"every":"day","day":null,"at":"02:00","time_zone":'
    b'"Europe/Berlin"}},{"access":{"mode":"restrict","groups":[],"customers":true},"hidden_schemas"'
    b':[],"hidden_object_types":[],"columns":{},"owner_rules":[{"object_type":"*","attribute":'
    b'"Owner","match":"account"},{"object_type":"*","attribute":"Assigned To","match":"person"}]},'
    b'"given_for":{"tenant_id":"","client_id":"","cloud":"global"},"learned":{"workspace_id":"",'
    b'"import_source_id":""},{"rules":{"tenant_id":"","client_id":"","secret_expires_on":"2027-'
    b'"cloud":"global"},"changed_at":"2026-","secret":{"hint":"\xe2\x80\xa6","changed_at":"202'
)


def shortened(text: bytes) -> bytes:
    """The short form of a document's JSON, where it has one."""
    if len(text) > MOST_BYTES:
        return text
    deflating = zlib.compressobj(zlib.Z_BEST_COMPRESSION, wbits=-15, zdict=_IN_COMMON)
    return _SHORTENED + deflating.compress(text) + deflating.flush()


def at_length(kept: bytes) -> bytes:
    """The JSON again, of either form. Raises ValueError."""
    if not kept.startswith(_SHORTENED):
        return kept
    inflating = zlib.decompressobj(wbits=-15, zdict=_IN_COMMON)
    try:
        text = inflating.decompress(kept[len(_SHORTENED) :], MOST_BYTES + 1)
    except zlib.error:
        raise ValueError("not deflated") from None
    if not inflating.eof or inflating.unused_data:
        raise ValueError("more or less than one document")
    return text
