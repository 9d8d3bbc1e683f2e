"""Reads a directory from a file in Graph's own JSON, however incomplete its objects are.

The file is `{"users":[…],"groups":[…],"devices":[…],"managedDevices":[…]}`; each list may be
missing. `manager`, `registeredOwners` and `members` may be ids or objects with an id. An object
without an id gets one made from its content; names that start with `@` or `_` are left out.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sandbox.directory.devices import DEVICE_COLUMNS, MANAGED_COLUMNS
from sandbox.directory.directory import Directory
from sandbox.directory.groups import GROUP_COLUMNS
from sandbox.directory.people import USER_COLUMNS
from sandbox.directory.table import Table

_RELATIONS = frozenset({"manager", "registeredOwners", "members"})
_KINDS = (
    ("users", "user", USER_COLUMNS),
    ("groups", "group", GROUP_COLUMNS),
    ("devices", "device", DEVICE_COLUMNS),
    ("managedDevices", "managedDevice", MANAGED_COLUMNS),
)


def load(path: str | Path) -> Directory:
    """The directory in a file. Raises ValueError for what is not JSON, TypeError for JSON of
    another shape."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError("a directory file is a JSON object of lists")
    found = {name: [_with_id(one) for one in content.get(name, [])] for name, _, _ in _KINDS}
    tables = {name: _table(kind, columns, found[name]) for name, kind, columns in _KINDS}
    directory = Directory(
        users=tables["users"],
        deleted_users=Table("user", tables["users"].columns),
        groups=tables["groups"],
        devices=tables["devices"],
        managed=tables["managedDevices"],
    )
    _relate(directory, found)
    return directory


def _with_id(one: Mapping[str, Any]) -> dict[str, Any]:
    given = one.get("id") or one.get("objectId")
    text = json.dumps(one, sort_keys=True, ensure_ascii=False)
    return {**one, "id": str(given or uuid.uuid5(uuid.NAMESPACE_URL, text)).lower()}


def _table(kind: str, columns: tuple[str, ...], objects: list[dict[str, Any]]) -> Table:
    extra = {name for one in objects for name in one if _is_property(name)} - set(columns)
    table = Table(kind, (*columns, *sorted(extra)))
    for one in objects:
        table.add(one)
    return table


def _is_property(name: str) -> bool:
    return name[0] not in "@_" and name not in _RELATIONS


def _relate(directory: Directory, found: Mapping[str, list[dict[str, Any]]]) -> None:
    for person in found["users"]:
        for manager in _ids([person["manager"]] if person.get("manager") else []):
            directory.managers[person["id"]] = manager
    for device in found["devices"]:
        directory.owners[device["id"]] = tuple(_ids(device.get("registeredOwners", [])))
    for group in found["groups"]:
        directory.members[group["id"]] = dict.fromkeys(_ids(group.get("members", [])), True)


def _ids(given: Iterable[Any]) -> list[str]:
    return [str(one["id"] if isinstance(one, Mapping) else one).lower() for one in given]
