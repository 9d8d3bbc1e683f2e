"""The employee's side of the scripted app: list, export, explanation, report."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.http import answer, read_json
from tests.pages import answers
from tests.pages.serving import TYPES, counts, exported, fits, order


class MyAssetsStub:
    """A part of AppStub. The fields are the script: a test sets them before it opens a page."""

    site: Any
    door: str
    add_route: Any

    def add_my_assets(self) -> None:
        self.add_route("GET", "/api/my-assets", self.my_assets)
        self.add_route("GET", "/api/my-assets/export", self.export)
        self.add_route("GET", "/api/my-assets/explanation", self.explain)
        self.add_route("POST", "/api/my-assets/<number>/report", self.report)

    def reset_my_assets(self) -> None:
        self.assets = answers.everything()
        self.person = "matched"
        self.reporting = True
        self.complete = True
        self.empty_until = 0  # the stretches before this place hold nothing that fits
        self.reported: dict[str, dict[str, Any]] = {}  # by Idempotency-Key
        self.explanations: dict[str, dict[str, Any]] = {}  # by object key

    def my_assets(self, request: Request) -> Response:
        asked = request.args
        found = [one for one in self.assets if fits(one, asked)]
        found.sort(key=lambda one: order(one, asked["sort"].lstrip("-")))
        if asked["sort"].startswith("-"):
            found.reverse()
        start, limit = int(asked.get("cursor", 0)), int(asked.get("limit", 50))
        following = str(start + limit) if start + limit < len(found) else None
        return answer(
            {
                "assets": found[start : start + limit] if start >= self.empty_until else [],
                "total": len(found),
                "next_cursor": following,
                "as_of": answers.AS_OF,
                "person": self.person,
                "complete": self.complete,
                "counts": counts(found),
                "reporting": self.reporting,
            }
        )

    def export(self, request: Request) -> Response:
        found = [one for one in self.assets if fits(one, request.args)]
        kind = request.args["format"]
        name, text = f"my-assets-2026-11-21.{kind}", exported(found, kind)
        if self.door == "forge":
            return answer({"filename": name, "content_type": TYPES[kind], "content": text})
        made = Response(text, content_type=TYPES[kind])
        made.headers["Content-Disposition"] = f"attachment; filename={name}"
        return made

    def explain(self, request: Request) -> Response:
        told = self.explanations.get(request.args["object_key"])
        return answer(told) if told else answer(answers.problem("", 404), 404)

    def report(self, request: Request, number: str) -> Response:
        key = request.headers["Idempotency-Key"]
        made = self.reported.setdefault(key, {"number": number, **read_json(request)})
        made.setdefault("request_key", f"HELP-{len(self.reported)}")
        url = f"{self.site.base_url}/browse/{made['request_key']}"
        return answer({"request_key": made["request_key"], "url": url}, 201)
