"""Assets behind the app: the sandbox's whole service on loopback, and every question it was asked.

It reads AQL strictly. The people of the site and the viewers' things are made here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests

from sandbox.assets.aql_nodes import Both, Compare, Node
from sandbox.assets.aql_tree import parse
from sandbox.assets.cloud import AssetsCloud
from sandbox.assets.model import Kind
from sandbox.site.people import People, User
from tests.abuse.house import House
from tests.abuse.internet import JiraHost
from tests.stand_ins.wire import Reply

ADA, BOB = "557058:ada", "557058:bob"
KEEPER_ADDRESS = "keeper@example.com"


class AssetsHost:
    """`asked` is every AQL query that arrived, in order."""

    def __init__(self, workspace_id: str) -> None:
        self.people = People()
        admins = frozenset({self.people.administrators})
        self.people.put(User("keeper", "Keeper", KEEPER_ADDRESS, groups=admins))
        self.token = self.people.issue_token("keeper")
        self.cloud = AssetsCloud(self.people, workspace_id)
        self.asked: list[str] = []
        self._session = requests.Session()
        self._session.trust_env = False
        self._furnish()

    def _furnish(self) -> None:
        space = self.cloud.workspace
        self.schema = space.add_schema("Stock", "STOCK").id
        self.phone = space.add_type(self.schema, "Phone").id
        space.add_attribute(self.phone, "Owner", kind=Kind.USER)
        space.add_attribute(self.phone, "Serial")
        space.add_attribute(self.phone, "Link", default_type=7)
        for one in (ADA, BOB):
            self.employ(one)

    def employ(self, account_id: str, name: str = "", email: str = "") -> None:
        self.people.put(User(account_id, name or account_id, email or f"{account_id[7:]}@e.com"))

    def add(self, owner: str, name: str, serial: str = "S-1", link: str = "") -> str:
        """A phone of somebody; its key."""
        space = self.cloud.workspace
        ids = {one.name: one.id for one in space.attributes_of(self.phone)}
        values = {"Name": name, "Owner": owner, "Serial": serial, "Link": link}
        given = {ids[each]: (text,) for each, text in values.items() if text}
        thing = space.add_thing(self.phone, given)
        return f"STOCK-{thing.id}"

    def __call__(self, request: requests.PreparedRequest) -> Reply | Exception:
        parts = urlsplit(request.url or "")
        if parts.path.endswith("/object/aql"):
            self.asked.append(json.loads(request.body or b"{}")["qlQuery"])
        address = f"{self.cloud.base_url}{parts.path}?{parts.query}"
        headers = {name: str(value) for name, value in request.headers.items()}
        got = self._session.request(
            request.method or "", address, headers=headers, data=request.body, timeout=10
        )
        return Reply(got.content, got.status_code)


@contextmanager
def connected(house: House) -> Iterator[AssetsHost]:
    """Assets, with the first site's saved account, for one test."""
    host = AssetsHost(house.site_a.workspace)
    host.cloud.start()
    house.forge.assets = host
    for one in (ADA, BOB):
        house.site_a.users[one] = JiraHost.account(one, f"{one[7:]}@e.com")
    body = {"mode": "api_token", "email": KEEPER_ADDRESS, "api_token": host.token}
    saved = house.api("PUT", "/api/settings/assets-access", json=body)
    assert saved.status_code == 200, saved.get_json()
    host.asked.clear()
    yield host
    host.cloud.stop()


def shape(query: str) -> str:
    """A query without its values: what is asked, of which attributes, joined in which way."""
    tree = parse(query)
    asked = "nothing" if tree.condition is None else _shape(tree.condition)
    return f"{asked} by {[name.text for name in tree.order_by]} {tree.descending}"


def _shape(node: Node) -> str:
    if isinstance(node, Compare):
        path = ".".join(name.text for name in node.path)
        kinds = [value.kind for value in node.values]
        return f"{path} {node.operator} {kinds}"
    word = " and " if isinstance(node, Both) else " or "
    return "(" + word.join(_shape(part) for part in node.parts) + ")"
