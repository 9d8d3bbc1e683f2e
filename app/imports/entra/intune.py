"""What Intune knows of devices, joined to Entra ID by the device id, at about 150 bytes a device.

Of several records of one device the one that was in touch last counts. A serial number joins
nothing: it is shown, unless it says nothing.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from typing import Final

import msgspec

from app.imports.kinds.entries import key_of
from app.imports.kinds.records import DeviceRow, ManagedRow, Pointer
from app.imports.kinds.serials import SHARED_BY, real_serial
from app.imports.kinds.turns import as_moment
from app.imports.planning.memberships import short_key

NOBODY: Final = frozenset({"", "00000000-0000-0000-0000-000000000000"})
NEVER: Final = "0001-"  # the year of a moment that never was
OWNERSHIPS: Final = {"company": "Company", "personal": "Personal"}  # as Entra ID writes them


class Managed(msgspec.Struct, array_like=True):
    """What counts of one record; empty where Intune says nothing. `user` is None if it does not
    say who uses the device, and empty if it says that nobody does."""

    id: str
    serial: str
    manufacturer: str
    model: str
    os_version: str
    compliance: str
    ownership: str
    last_seen: str
    user: str | None


_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(Managed).decode


class Intune:
    """Filled record by record, then `close`d, then asked."""

    def __init__(self) -> None:
        self._records = bytearray()
        self._keys = array("Q")
        self._starts = array("Q")
        self._asked = bytearray()
        self._shared = frozenset[str]()
        self._homeless = 0

    def add(self, row: ManagedRow) -> None:
        joins = (row.joins or "").strip().casefold()
        if joins in NOBODY:
            self._homeless += 1
            return
        self._keys.append(short_key(key_of(joins)))
        self._starts.append(len(self._records))
        record = _encode(_reduced(row))
        self._records += len(record).to_bytes(4, "little") + record

    def close(self) -> None:
        """Puts the records in order, one a device, and finds serial numbers that many share."""
        last: dict[int, int] = {}
        for place, key in enumerate(self._keys):
            if key not in last or self._rank(place) > self._rank(last[key]):
                last[key] = place
        kept = sorted(last)
        self._starts = array("Q", (self._starts[last[key]] for key in kept))
        self._keys = array("Q", kept)
        self._asked = bytearray(len(kept))
        serials = Counter(self._record(start).serial.casefold() for start in self._starts)
        self._shared = frozenset(each for each, count in serials.items() if count >= SHARED_BY)

    def of(self, device_id: str | None) -> Managed | None:
        """What Intune says of a device of Entra ID; None: it does not manage it."""
        wanted = short_key(key_of(device_id or ""))
        place = bisect_left(self._keys, wanted)
        if place >= len(self._keys) or self._keys[place] != wanted:
            return None
        self._asked[place] = 1
        found = self._record(self._starts[place])
        if found.serial.casefold() in self._shared:
            found.serial = ""
        return found

    def unmatched(self) -> int:
        """Of how many managed devices Entra ID has no device, so far."""
        return self._homeless + self._asked.count(0)

    def _rank(self, place: int) -> tuple[str, str]:
        found = self._record(self._starts[place])
        return found.last_seen, found.id

    def _record(self, start: int) -> Managed:
        size = int.from_bytes(self._records[start : start + 4], "little")
        return _decode(self._records[start + 4 : start + 4 + size])


def laid_over(row: DeviceRow, managed: Managed) -> DeviceRow:
    """The device as Intune sees it, and as Entra ID does where Intune says nothing.

    The primary user is who uses the device now; the registered owner is who once put it into Entra
    ID, and stays that when it is handed on. So the first counts, also when it is nobody.
    """
    row.serial_number = managed.serial
    row.manufacturer = managed.manufacturer or row.manufacturer
    row.model = managed.model or row.model
    row.operating_system_version = managed.os_version or row.operating_system_version
    row.is_compliant = managed.compliance or row.is_compliant
    row.device_ownership = managed.ownership or row.device_ownership
    row.approximate_last_sign_in_date_time = (
        managed.last_seen or row.approximate_last_sign_in_date_time
    )
    if managed.user is not None:
        row.owners = [Pointer(id=managed.user)] if managed.user else []
    return row


def _reduced(row: ManagedRow) -> Managed:
    compliance = row.compliance_state or ""
    seen = (row.last_sync_date_time or "").strip()
    user = row.user_id.strip() if row.user_id is not None else None
    return Managed(
        row.id,
        real_serial(row.serial_number),
        (row.manufacturer or "").strip(),
        (row.model or "").strip(),
        (row.os_version or "").strip(),
        "" if compliance.casefold() == "unknown" else compliance,
        OWNERSHIPS.get((row.managed_device_owner_type or "").casefold(), ""),
        "" if seen.startswith(NEVER) else as_moment(seen),
        "" if user in NOBODY else user,
    )
