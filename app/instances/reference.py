"""The instance reference and its closed list of attributes: all that rests with the vendor.

A write that names any other attribute is refused by `check_attributes`, whoever asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from app.words import Door, Generation, InstanceId

InstanceState = Literal["installed", "uninstalled", "silent", "erased"]

# The contract's list ("What may be where"). Nothing of a person, nothing an administrator gave.
ATTRIBUTES: Final = frozenset(
    {
        "instance_id", "door", "client_key", "installation_id", "cloud_id", "base_url", "region",
        "state", "generation", "installed_at", "updated_at", "seen_at", "last_event_at",
        "last_event_digest", "silent_since", "uninstalled_at", "erase_due_at", "erased_at",
        "receipt", "part_keys", "connect_secret", "site_token", "import_due_at", "run", "purge",
    }
)  # fmt: skip
PART_KEY_FIELDS: Final = frozenset({"version", "string_version", "key_id", "wrapped"})
RUN_FIELDS: Final = frozenset(
    {"id", "mode", "state", "started", "lease", "fence", "stop", "failures", "harm", "digest"}
)
_NESTED: Final = {"run": RUN_FIELDS}


class AttributeNotDeclared(RuntimeError):
    """A bug: somebody tried to keep something with the vendor that the list does not name."""


@dataclass(frozen=True)
class InstanceReference:
    """One item of the table, as read. Sealed and wrapped bytes do not show in its repr.

    `part_keys[document] = {version, string_version, key_id, wrapped}`; `run` holds the fields of
    RUN_FIELDS: `started` and `lease` are ISO 8601, `fence` and `failures` whole numbers, `stop`
    is why it ends or ended (a code, nothing personal), `harm` maps a kind to a number.
    """

    instance_id: InstanceId
    door: Door
    state: InstanceState
    generation: Generation
    base_url: str = ""
    client_key: str | None = None
    installation_id: str | None = None
    cloud_id: str | None = None
    region: str | None = None
    installed_at: str | None = None
    updated_at: str | None = None
    seen_at: str | None = None
    last_event_at: int | None = None
    last_event_digest: str | None = None
    silent_since: str | None = None
    uninstalled_at: str | None = None
    erase_due_at: str | None = None
    erased_at: str | None = None
    receipt: str | None = None
    part_keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    connect_secret: Mapping[str, Any] | None = field(default=None, repr=False)
    site_token: Mapping[str, Any] | None = field(default=None, repr=False)
    import_due_at: str | None = None
    run: Mapping[str, Any] | None = None
    purge: Mapping[str, Any] | None = None

    @property
    def is_alive(self) -> bool:
        """Installed; a silent instance too, until somebody decides otherwise."""
        return self.state in ("installed", "silent")


def check_attributes(paths: Iterable[tuple[str, ...]]) -> None:
    """Refuse a write outside the closed list. Raises AttributeNotDeclared."""
    for path in paths:
        known = path[0] in ATTRIBUTES
        if len(path) > 1 and path[0] in _NESTED:
            known = known and path[1] in _NESTED[path[0]]
        if len(path) > 2 and path[0] == "part_keys":
            known = known and path[2] in PART_KEY_FIELDS
        if not known:
            raise AttributeNotDeclared("/".join(path))


def paths_of(values: Mapping[tuple[str, ...], Any]) -> Iterator[tuple[str, ...]]:
    """Every path that a write of these values touches, those inside its maps too."""
    for path, value in values.items():
        yield path
        if isinstance(value, Mapping):
            yield from paths_of({(*path, name): each for name, each in value.items()})


def stamp(moment: datetime) -> str:
    """A time as stored and shown: ISO 8601, UTC, whole seconds, so that text sorts by time."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
