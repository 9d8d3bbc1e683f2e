"""The scripted answers on which unsaved visibility rules are tried out."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.http import answer, read_json
from tests.pages import answers

BASE = "/api/settings/visibility"
DRAFTS = (f"{BASE}/people", f"{BASE}/preview", f"{BASE}/effect")
YOURS = [{"rule": "owner", "outcome": "yours_by_account"}]
PEOPLE = [
    {"account_id": "a-1", "name": "Jörg Hürlimann", "email": "jh@contoso.example",
     "customer": False},
    {"account_id": "a-2", "name": answers.RIGHT_TO_LEFT, "email": None, "customer": True},
    {"account_id": "a-3", "name": answers.HOSTILE, "email": None, "customer": False},
]  # fmt: skip
NOTHING: dict[str, Any] = {
    "people": dict.fromkeys(
        ("gain", "lose", "changed", "gain_access", "lose_access", "looked_at", "known"), 0
    ),
    "assets": dict.fromkeys(("appear", "disappear", "changed", "looked_at", "known"), 0),
    "object_types": [],
    "not_counted": [],
    "as_of": answers.AS_OF,
}


def change(kind: dict[str, str], schema: dict[str, str], **more: Any) -> dict[str, Any]:
    """A type that a draft concerns."""
    attributes = {"appear": [], "disappear": [], "reordered": False}
    return {"object_type": kind, "schema": schema, "seen": {"before": True, "after": True},
            "appear": 0, "disappear": 0, "changed": 0, "known": 40,
            "attributes": attributes | more.pop("attributes", {}), **more}  # fmt: skip


def some_effect() -> dict[str, Any]:
    """Phones are hidden, notebooks show other attributes, and not everything was counted."""
    people = {"gain": 0, "lose": 1204, "changed": 3001, "gain_access": 0, "lose_access": 12,
              "looked_at": 3040, "known": 3111}  # fmt: skip
    return {
        "people": people,
        "assets": {"appear": 0, "disappear": 1310, "changed": 2950, "looked_at": 3000,
                   "known": 41_200},
        "object_types": [
            change(answers.NOTEBOOK, answers.DEVICES, changed=2950, known=39_000,
                   attributes={"disappear": ["Manufacturer", "Office location"],
                               "appear": ["Compliance"]}),
            change(answers.PHONE, answers.DEVICES, disappear=1310, known=2200,
                   seen={"before": True, "after": False}),
            change({"id": "9", "name": answers.LONG}, answers.SOFTWARE,
                   attributes={"reordered": True}),
        ],
        "not_counted": ["assets", "look_ups", "people_without_assets"],
        "as_of": answers.AS_OF,
    }  # fmt: skip


def some_preview() -> dict[str, Any]:
    """Five assets, one of them new and one shown otherwise; two go."""
    shown = answers.everything()
    rows = [{**one, "change": "stays", "reasons": YOURS} for one in [*shown[:4], shown[6]]]
    rows[1]["change"], rows[2]["change"] = "changed", "appears"
    names = ("object_id", "object_key", "label", "object_type", "schema")
    hidden = [{"rule": "hidden_object_type", "outcome": "hidden"}]
    leaving = [{name: one[name] for name in names} | {"reasons": hidden} for one in shown[4:6]]
    return {
        "allowed": True, "person": "matched", "two_persons": False, "assets": rows,
        "total": 5, "complete": True, "masked": False, "leaving": leaving,
        "saved": {"allowed": True, "person": "matched", "total": 6},
        "effect": {"appear": 1, "disappear": 2, "changed": 1}, "as_of": answers.AS_OF,
    }  # fmt: skip


def nothing_yet() -> dict[str, Any]:
    """The same without a change."""
    plain = some_preview()
    for one in plain["assets"]:
        one["change"] = "stays"
    effect = {"appear": 0, "disappear": 0, "changed": 0}
    return {**plain, "leaving": [], "effect": effect}


def covered(preview: dict[str, Any]) -> dict[str, Any]:
    """As an administrator sees somebody else's."""
    for asset in preview["assets"]:
        for attribute in asset["attributes"]:
            attribute["values"] = ["•••" for _ in attribute["values"]]
    return {**preview, "masked": True}


class DraftsStub:
    """`effects` and `previews` are the script: the last one is given again and again."""

    bodies: list[tuple[str, str, Any]]

    def add_drafts(self) -> None:
        add: Any = getattr(self, "add_route")  # noqa: B009 - the service beside this one has it
        add("POST", DRAFTS[0], self.found)
        add("POST", DRAFTS[1], self.looked)
        add("POST", DRAFTS[2], self.counted)

    def reset_drafts(self) -> None:
        self.effects: list[Any] = [NOTHING]
        self.previews: list[Any] = [nothing_yet()]

    def found(self, request: Request) -> Response:
        begins = read_json(request)["query"].casefold()
        return answer({"people": [p for p in PEOPLE if p["name"].casefold().startswith(begins)]})

    def looked(self, request: Request) -> Response:
        told = _next(self.previews)
        if isinstance(told, Response):
            return told
        return answer(covered(told) if read_json(request).get("person") else told)

    def counted(self, _request: Request) -> Response:
        told = _next(self.effects)
        return told if isinstance(told, Response) else answer(told)


def _next(script: list[Any]) -> Any:
    return script.pop(0) if len(script) > 1 else script[0]
