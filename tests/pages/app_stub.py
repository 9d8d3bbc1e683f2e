"""A scripted stand-in of the app: serves the real pages with their policy, answers from a script.

It refuses a page without the token made for its address, and a call without a context token.
"""

from __future__ import annotations

import copy
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.http import Service, answer, nothing, read_json
from tests.pages import answers
from tests.pages.drafts_stub import DRAFTS, DraftsStub
from tests.pages.fake_site import ADMINISTRATOR, FakeSite, digest
from tests.pages.my_assets_stub import MyAssetsStub
from tests.pages.serving import RELEASE, framed_page, static

PROBLEM = {
    "title": "You are not allowed to do this",
    "message": "Ask a Jira administrator of your site to open this page.",
    "reference": "Reference",
    "request_id": "b7c1d2e3f4a59687",
    "lang": "en",
}
PAGES = {"my-assets": "/pages/my-assets", "admin": "/pages/admin"}


class AppStub(MyAssetsStub, DraftsStub, Service):
    """`assets`, `states`, `runs` and the like are the script: a test sets them before it opens."""

    def __init__(self, site: FakeSite) -> None:
        super().__init__("app")
        self.site = site
        self.reset()
        self.add_route("GET", "/atlassian-connect.json", lambda _request: answer(self.descriptor()))
        self.add_route("GET", "/pages/<name>", self.page)
        self.add_route("GET", "/static/<path:name>", lambda _request, name: static(name))
        self.add_my_assets()
        self.add_route("GET", "/api/site", self.about)
        self.add_route("GET", "/api/settings", lambda _request: answer(self.states))
        self.add_route("GET", "/api/settings/choices", self.choices)
        self.add_route("PUT", "/api/settings/<name>", self.put)
        self.add_route("DELETE", "/api/settings/<name>", self.delete)
        self.add_route("POST", "/api/settings/<name>/check", self.check)
        self.add_drafts()
        self.add_route("GET", "/api/imports", lambda _request: answer({"runs": self.runs}))
        self.add_route("POST", "/api/imports", self.start_run)
        self.add_route("GET", "/api/imports/leavers", self.leavers)
        self.add_route("GET", "/api/imports/<number>", self.look)
        self.add_route("GET", "/api/imports/<number>/records", self.planned)
        self.add_route("DELETE", "/api/imports/<number>", lambda _r, number: self.end("cancelled"))
        self.add_route(
            "POST", "/api/imports/<number>/release", lambda _r, number: self.end("running")
        )

    def reset(self) -> None:
        """The script's beginning: a person with assets, an instance that is set up, past runs."""
        self.heal()
        self.forget_calls()
        self.site.kept.clear()
        self.reset_my_assets()
        self.states = answers.all_set()
        self.reset_drafts()
        self.refusals: dict[str, list[dict[str, str]]] = {}
        self.findings: dict[str, Any] = {"ok": True, "findings": []}
        self.remarks: list[dict[str, str]] = []  # what a save says besides
        self.runs = answers.past_runs()
        self.coming: list[dict[str, Any]] = []  # what the next looks at the live run will see
        self.records = answers.planned()
        self.records_kept = True
        self.left = answers.leavers()
        self.page_size = 100
        self.bodies: list[tuple[str, str, Any]] = []
        self.door = "connect"
        self.licence = "active"
        self.site_shown = self.site.base_url
        self.base = ""  # the path of the app's own address
        self.connect_script = ""
        self.problem_page = False

    def descriptor(self) -> dict[str, Any]:
        def module(key: str, page: str) -> dict[str, Any]:
            return {"key": key, "url": f"{PAGES[page]}?from=jira", "name": {"value": "My Assets"}}

        return {
            "key": "my-assets",
            "modules": {
                "generalPages": [module("my-assets", "my-assets")],
                "adminPages": [module("admin", "admin")],
                "serviceDeskPortalUserMenuActions": [module("my-assets-portal", "my-assets")],
            },
        }

    def before(self, request: Request) -> Response | None:
        if not request.path.startswith("/api/"):
            return None
        account = caller(request.headers.get("Authorization", ""))
        if account is None:
            return answer(answers.problem("", 401), 401)
        admin = account == ADMINISTRATOR
        if not admin and not request.path.startswith("/api/my-assets"):
            return answer(answers.problem("", 403), 403)
        self.bodies.append((request.method, request.path, read_json(request)))
        tries = request.path.endswith("/check") or request.path in DRAFTS
        writes = request.method != "GET" and not tries
        if writes and self.licence == "inactive":
            return answer(answers.problem("licence", 403), 403)
        return None

    def page(self, request: Request, name: str) -> Response:
        signed, _, token = request.full_path.rpartition("&jwt=")
        if not token.startswith("page.") or not token.endswith(digest("GET", signed)):
            return Response(status=401)
        static_at = f"{self.base}/static/{RELEASE}"
        if self.problem_page:
            return framed_page("problem.html", {"static": static_at, **PROBLEM}, self.site, 403)
        script = self.connect_script or f"{self.site.base_url}/frame/all.js"
        words = {"static": static_at, "connect_js": script, "page": name, "lang": "en"}
        return framed_page("page.html", words, self.site)

    def about(self, _request: Request) -> Response:
        fields = {"site": self.site_shown, "door": self.door, "licence": self.licence}
        return answer({"instance_id": "i-1", "trust": answers.trust(), **fields})

    def choices(self, request: Request) -> Response:
        kind, wanted = request.args["kind"], request.args.get("query", "").lower()
        within = {"request_types": answers.REQUEST_TYPES, "request_fields": answers.REQUEST_FIELDS}
        if kind in within:
            return answer({"choices": within[kind].get(wanted, []), "next_cursor": None})
        every = answers.CHOICES[kind]
        of_type = kind == "attributes" and wanted.isdigit()
        found = [one for one in every if of_type or wanted in one["name"].lower()]
        return answer({"choices": found, "next_cursor": None})

    def put(self, request: Request, name: str) -> Response:
        if self.refusals.get(name):
            return answer(answers.problem("", 422, problems=self.refusals[name]), 422)
        state = {"set": True, **copy.deepcopy(read_json(request))}
        for field in ("api_token", "client_secret", "container_token", "encryption_string"):
            if field in state:
                state[field] = answers.secret("…" + state[field][-4:])
        kept = {key: value for key, value in self.states[name].items() if key not in state}
        self.states[name] = {**kept, **state}
        return answer({**self.states[name], "findings": self.remarks})

    def delete(self, _request: Request, name: str) -> Response:
        self.states[name] = {"set": False}
        return nothing()

    def check(self, _request: Request, name: str) -> Response:
        return answer(self.findings)

    def start_run(self, request: Request) -> Response:
        made = answers.run("r9", "queued", mode=read_json(request)["mode"], phase="queued")
        self.runs = [made, *self.runs]
        return answer(made, 202)

    def look(self, _request: Request, number: str) -> Response:
        if self.coming:
            self.runs[0] = self.coming.pop(0)
        return answer(self.runs[0])

    def planned(self, request: Request, number: str) -> Response:
        asked = request.args
        names = ("kind", "action")
        every = self.records if self.records_kept else []
        fits = [one for one in every if all(asked.get(n, one[n]) == one[n] for n in names)]
        start = int(asked.get("cursor", 0))
        more = start + self.page_size < len(fits)
        return answer(
            {
                "records": fits[start : start + self.page_size],
                "total": 40 * len(fits),
                "sampled": len(fits),
                "next_cursor": str(start + self.page_size) if more else None,
                "kept_until": answers.AS_OF if self.records_kept else None,
            }
        )

    def leavers(self, request: Request) -> Response:
        start = int(request.args.get("cursor", 0))
        more = start + self.page_size < len(self.left)
        found = self.left[start : start + self.page_size]
        following = str(start + self.page_size) if more else None
        return answer({"leavers": found, "next_cursor": following, "as_of": answers.AS_OF})

    def end(self, state: str) -> Response:
        self.runs[0] = {**self.runs[0], "state": state}
        return answer(self.runs[0], 202)


def caller(authorization: str) -> str | None:
    """Who is asking, by a context token of Connect or a token that Forge would have added."""
    for kind in ("JWT context.", "Bearer fit."):
        if authorization.startswith(kind):
            return authorization.removeprefix(kind)
    return None
