"""A small Assets world for tests: a site's people, a service, and calls against it."""

from __future__ import annotations

import base64
from typing import Any

import requests

from sandbox.assets import AssetsCloud, ImportSource
from sandbox.site.cast import demo_cast
from sandbox.site.people import People


class World:
    """People, an Assets service, and a session that calls it as the administrator."""

    def __init__(self) -> None:
        self.people = People()
        self.cast = demo_cast(self.people)
        self.cloud = AssetsCloud(self.people)
        self.space = self.cloud.workspace
        self.base = f"{self.cloud.start()}/jsm/assets/workspace/{self.cloud.workspace_id}/v1"
        self.session = requests.Session()
        self.session.headers["Authorization"] = self.basic(self.cast.administrator)

    def close(self) -> None:
        """Stop it all."""
        self.session.close()
        self.cloud.stop()

    def basic(self, account_id: str) -> str:
        """An Authorization header of a user, with a new API token."""
        email = self.people.users[account_id].email
        pair = f"{email}:{self.people.issue_token(account_id)}"
        return "Basic " + base64.b64encode(pair.encode()).decode()

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """One call below the workspace."""
        return self.session.request(method, f"{self.base}/{path}", json=body, timeout=20, **more)

    def aql(self, query: str, **paging: Any) -> requests.Response:
        """One search."""
        params = {"startAt": 0, "maxResults": 100, **paging}
        return self.call("POST", "object/aql", {"qlQuery": query}, params=params)

    def labels(self, query: str) -> list[str]:
        """The labels a query finds, in its order."""
        got = self.aql(query)
        assert got.status_code == 200, got.text
        return [row["label"] for row in got.json()["values"]]


class Importing:
    """An import source and calls with its container token."""

    def __init__(self, world: World, source: ImportSource) -> None:
        self.world = world
        self.source = source
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {source.token}"
        info = f"{world.cloud.base_url}/jsm/assets/v1/imports/info"
        self.links: dict[str, str] = self.session.get(info, timeout=5).json()["links"]

    def close(self) -> None:
        """Let the connection go."""
        self.session.close()

    def put(self, document: Any) -> requests.Response:
        """The first mapping."""
        return self.session.put(self.links["mapping"], json=document, timeout=20)

    def patch(self, document: Any) -> requests.Response:
        """A changed mapping."""
        return self.session.patch(self.links["mapping"], json=document, timeout=20)

    def start(self) -> dict[str, str]:
        """A new execution's links."""
        links: dict[str, str] = self.session.post(self.links["start"], timeout=5).json()["links"]
        return links

    def run(self, *chunks: dict[str, Any]) -> dict[str, Any]:
        """A whole execution; its results by object type's name."""
        links = self.start()
        for chunk in chunks:
            sent = self.session.post(links["submitResults"], json={"data": chunk}, timeout=20)
            assert sent.status_code == 200, sent.text
        self.session.post(links["submitResults"], json={"completed": True}, timeout=20)
        return self.result(links)

    def result(self, links: dict[str, str]) -> dict[str, Any]:
        """What became of an execution, once it is over."""
        assert self.source.latest is not None
        assert self.source.latest.over.wait(60)
        status = self.session.get(links["getExecutionStatus"], timeout=5).json()
        result = status["progressResult"]
        assert result["result"] == "OK", result
        return {row["objectTypeName"]: row for row in result["objectTypeResultMap"].values()}
