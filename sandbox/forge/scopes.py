"""Which scopes a call to a site needs, as the platform's gateway asks before the site itself does.

Source: Jira and Jira Service Management REST references, Assets swagger 3.1. Each row names
alternatives: one of them is enough. A call without a row needs none (or it is not known).
"""

import re
from collections.abc import Iterable

_REST = r"/rest/api/3/"
_DESK = r"/rest/servicedeskapi/"
_ASSETS = r"/jsm/(assets|insight)/workspace/[^/]+/v1/"

_ROWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("GET", _REST + r"mypermissions", ("read:jira-work", "read:permission:jira")),
    ("GET", _REST + r"myself", ("read:jira-user", "read:user:jira")),
    ("GET", _REST + r"user|" + _REST + r"user/search", ("read:jira-user", "read:user:jira")),
    ("GET", _REST + r"user/groups", ("read:jira-user", "read:group:jira")),
    ("GET", _REST + r"user/properties/.*", ("read:user.property:jira",)),
    ("PUT", _REST + r"user/properties/.*", ("write:user.property:jira",)),
    ("GET", _REST + r"groups/picker", ("read:jira-user", "read:group:jira")),
    ("GET", _REST + r"group/bulk", ("manage:jira-configuration", "read:group:jira")),
    ("GET", _DESK + r".*", ("read:servicedesk-request",)),
    ("POST", _DESK + r"request", ("write:servicedesk-request",)),
    ("GET", _ASSETS + r"objectschema/(list|\d+)", ("read:cmdb-schema:jira",)),
    ("GET", _ASSETS + r"objectschema/\d+/objecttypes/flat", ("read:cmdb-type:jira",)),
    ("GET", _ASSETS + r"objecttype/\d+", ("read:cmdb-type:jira",)),
    ("GET", _ASSETS + r"objecttype/\d+/attributes", ("read:cmdb-attribute:jira",)),
    ("POST|PUT", _ASSETS + r"objecttypeattribute/.*", ("write:cmdb-attribute:jira",)),
    ("POST", _ASSETS + r"object/aql(/totalcount)?", ("read:cmdb-object:jira",)),
    ("GET", _ASSETS + r"object/\d+.*", ("read:cmdb-object:jira",)),
    ("PUT|POST", _ASSETS + r"object/(\d+|create)", ("write:cmdb-object:jira",)),
    ("DELETE", _ASSETS + r"object/\d+", ("delete:cmdb-object:jira",)),
    ("GET", _ASSETS + r"config/.*", ("read:cmdb-config:jira",)),
    (r"\w+", _ASSETS + r"importsource/.*", ("import:import-configuration:cmdb",)),
    ("POST", r"/forge/storage/kvs/.*", ("storage:app",)),
)
_TABLE = tuple((re.compile(m), re.compile(p), needed) for m, p, needed in _ROWS)


def allowed(method: str, path: str, granted: Iterable[str]) -> bool:
    """Whether the scopes granted are enough. `path` is below the site's gateway address."""
    have = set(granted)
    for methods, paths, needed in _TABLE:
        if methods.fullmatch(method) and paths.fullmatch(path):
            return bool(have & set(needed))
    return True
