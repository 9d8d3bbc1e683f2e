"""Canned answers of the app: assets, settings and runs as the contract shapes them."""

from __future__ import annotations

from typing import Any

AS_OF = "2026-11-21T09:30:00Z"
NOTEBOOK = {"id": "11", "name": "Notebook"}
PHONE = {"id": "12", "name": "Phone"}
LICENCE = {"id": "21", "name": "Software licence"}
DEVICES = {"id": "1", "name": "Devices"}
SOFTWARE = {"id": "2", "name": "Software"}
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsnotebook"
HOSTILE = '<img src=x onerror="document.title=1"><script>alert(1)</script>'
RIGHT_TO_LEFT = "מחשב נייד של דנה (15)"


def asset(
    number: int,
    label: str,
    kind: dict[str, str] = NOTEBOOK,
    schema: dict[str, str] = DEVICES,
    **more: str,
) -> dict[str, Any]:
    facts = {"Serial Number": f"FKN14-{number:06d}", "Manufacturer": "Fabrikam", **more}
    return {
        "object_id": str(number),
        "object_key": f"DEV-{number}",
        "label": label,
        "object_type": kind,
        "schema": schema,
        "attributes": [
            {"name": name.replace("_", " "), "values": [value] if value else []}
            for name, value in facts.items()
        ],
        "updated_at": f"2026-11-{number % 20 + 1:02d}T08:15:00Z",
    }


def everything() -> list[dict[str, Any]]:
    """Seven rows: plain ones, a very long name, markup, right-to-left, an empty value."""
    return [
        asset(1, "NB-JOERG-01", Model="Nimbus 14", Operating_system="Windows", OS_version="10.0"),
        asset(2, LONG, Model="Nimbus 14", Office_location="Zürich, Hürlimannplatz 1, 2. Stock"),
        asset(3, HOSTILE, Model="javascript:alert(1)", Compliance=""),
        asset(4, RIGHT_TO_LEFT, Model="Nimbus 16", Ownership="company"),
        asset(5, "Jörgs iPhone", PHONE, Model="Pebble 9", Operating_system="iOS 18.1.1"),
        asset(6, "Spare phone", PHONE, Model="Comet 5", Operating_system="Android 15"),
        asset(7, "Drawing Suite, yearly", LICENCE, SOFTWARE, Seats="1", Ends_on="2027-03-31"),
    ]


def many(count: int) -> list[dict[str, Any]]:
    return [asset(number, f"Notebook {number:03d}", Model="Nimbus 14") for number in range(count)]


def nothing_set() -> dict[str, Any]:
    names = ("assets-access", "entra", "encryption-string", "import", "visibility", "consent")
    return {name: {"set": False} for name in (*names, "requests")}


def secret(hint: str | None = None) -> dict[str, Any]:
    stored: dict[str, Any] = {"set": True, "changed_at": "2026-10-02T07:00:00Z"}
    return stored if hint is None else {**stored, "hint": hint}


def all_set() -> dict[str, Any]:
    return {
        **nothing_set(),
        "assets-access": {
            "set": True,
            "mode": "api_token",
            "email": "ines.kaltbrunn@contoso.example",
            "api_token": secret("…wxyz"),
        },
        "entra": {
            "set": True,
            "tenant_id": "7e4a0000-0000-4000-8000-000000000001",
            "client_id": "c11e0000-0000-4000-8000-000000000001",
            "client_secret": secret("…q9Z~"),
            "secret_expires_on": "2027-05-31",
            "cloud": "global",
        },
        "import": {
            "set": True,
            "container_token": secret("…tok3"),
            "objects": {"users": True, "groups": True, "devices": True, "managed_devices": True},
            "memberships": [],
            "filter": {"enabled_only": True, "include_guests": False, "groups": []},
            "leavers": "mark",
            "brake": {"percent": 10, "count": 500},
            "missing_objects": "unknown",
            "schedule": {
                "every": "week",
                "day": "tue",
                "at": "02:00",
                "time_zone": "Europe/Berlin",
            },
        },
        "consent": {"set": True, "entra_import": True, "metrics": False},
        "requests": {
            "set": True,
            "service_desk_id": "1",
            "request_type_id": "12",
            "asset_field_id": "customfield_7",
        },
        "visibility": {
            "set": True,
            "access": {"mode": "restrict", "groups": ["g2"], "customers": True},
            "hidden_schemas": ["2"],
            "hidden_object_types": [],
            "columns": {"11": ["Model", "Serial Number"]},
            "owner_rules": [
                {"object_type": "*", "attribute": "Owner", "match": "account"},
                {"object_type": "11", "attribute": "Assigned To", "match": "person"},
            ],
        },
    }


CHOICES: dict[str, list[dict[str, Any]]] = {
    "groups": [
        {"id": "g1", "name": "jira-users"},
        {"id": "g2", "name": "contractors"},
        {"id": "g3", "name": "service-desk-team"},
    ],
    "schemas": [DEVICES, SOFTWARE],
    "object_types": [
        {**NOTEBOOK, "schema": DEVICES},
        {**PHONE, "schema": DEVICES},
        {**LICENCE, "schema": SOFTWARE},
    ],
    "attributes": [
        {"id": "101", "name": "Model"},
        {"id": "102", "name": "Serial Number"},
        {"id": "103", "name": "Owner"},
        {"id": "104", "name": "PIN", "hidden": True},
    ],
    "service_desks": [
        {"id": "1", "name": "IT help", "project_key": "HELP"},
        {"id": "2", "name": HOSTILE, "project_key": "FAC"},
    ],
}
REQUEST_TYPES = {
    "1": [{"id": "11", "name": "Ask a question"}, {"id": "12", "name": "Something is broken"}],
    "2": [{"id": "21", "name": "A desk is wobbly"}],
}
REQUEST_FIELDS = {"1/12": [{"id": "customfield_7", "name": "Affected asset"}]}


def run(number: str, state: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "mode": "full",
        "state": state,
        "phase": "sending",
        "progress": {"done": 0, "total": 0},
        "counts": {
            "create": 12,
            "update": 310,
            "unchanged": 9_678,
            "leavers": 4,
            "skipped": 0,
            "failed": 0,
        },
        "reason": None,
        "next_step": None,
        "started_at": "2026-11-21T08:00:00Z",
        "updated_at": "2026-11-21T08:04:30Z",
        "ended_at": None,
        **more,
    }


def planned() -> list[dict[str, Any]]:
    """Records of a preview: of several kinds and actions, with odd names among them."""

    def record(kind: str, action: str, name: str, code: str, **more: Any) -> dict[str, Any]:
        named = {"kind": kind, "action": action, "name": name, "code": code}
        return {**named, "entra_id": name, "reason": "As the app says.", "changes": [],
                "clears": [], **more}  # fmt: skip

    lost = {"changes": ["Job title", "Manager"], "clears": ["Manager"]}
    return [
        record("person", "create", "Dana Vale", "new"),
        record("person", "update", HOSTILE, "changed", **lost),
        record("person", "leavers", "Piet Zoll", "gone_marked"),
        record("person", "skipped", RIGHT_TO_LEFT, "guest"),
        record("device", "update", LONG, "changed", changes=["Assigned To"]),
        record("device", "skipped", "NB-14", "moon_is_full"),
    ]


def leavers() -> list[dict[str, Any]]:
    """Two who left: one with two assets, one with more than are named."""

    def held(number: int, label: str) -> dict[str, Any]:
        return {"object_id": str(number), "object_key": f"DEV-{number}", "label": label,
                "object_type": NOTEBOOK, "schema": DEVICES}  # fmt: skip

    def leaver(number: int, name: str, day: str | None, total: int) -> dict[str, Any]:
        assets = [held(10 * number + n, f"NB-{number}{n}") for n in range(min(total, 3))]
        return {"object_id": str(number), "object_key": f"ENT-{number}", "name": name,
                "left_on": day, "total": total, "assets": assets}  # fmt: skip

    return [leaver(1, "Piet Zoll", "2026-10-05", 2), leaver(2, LONG, None, 9)]


def past_runs() -> list[dict[str, Any]]:
    step = "Check in Entra ID why the answer was empty, then start the import again."
    return [
        run("r4", "succeeded", mode="delta"),
        run("r3", "failed", reason="empty_source", next_step=step),
        run("r2", "cancelled", started_at="2026-11-19T08:00:00Z"),
        run("r1", "succeeded", started_at="2026-11-18T08:00:00Z"),
    ]


def problem(kind: str, status: int, **more: Any) -> dict[str, Any]:
    """`kind` is the last word of the problem's type, empty for none."""
    return {
        "type": f"https://app.example.com/problems/{kind}" if kind else "about:blank",
        "title": "A title of the app",
        "status": status,
        "detail": "",
        "request_id": "b7c1d2e3f4a59687",
        "problems": [],
        **more,
    }


def trust() -> dict[str, Any]:
    """What is kept where, as the app declares it; one class that no page has words for."""

    def kept(name: str, store: str, longest: int | None, **more: bool) -> dict[str, Any]:
        told = {"purpose": "to know", "holds": "something", "counted_from": "the day"}
        marks = {"persons": False, "sealed": False, "longest_seconds": longest, "longest": ""}
        owner = "customer" if store.startswith("customer") else "vendor"
        return {"class": name, "store": store, "owner": owner, **told, **marks, **more}

    return {
        "role_split": True,
        "region": "eu-central-1",
        "kept": [
            kept("instance reference", "instance table", 30 * 86_400),
            kept("connect secret", "instance table", 0, sealed=True),
            kept("settings", "customer's Jira", 0, sealed=True),
            kept("preview samples", "customer's Jira", 3600, persons=True, sealed=True),
            kept("imported people and devices", "customer's Assets", None, persons=True),
            kept("moon phases", "logs", 30 * 86_400),
            kept("receipts", "receipts", None),
        ],
    }
