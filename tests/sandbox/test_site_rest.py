"""The site's REST API: which caller is believed, what each may see, what has limits."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from atlassian_jwt import encode_token

from sandbox.site import Site
from tests.sandbox.app_double import AppDouble

APP = "/rest/atlassian-connect/1/addons/sandbox.app"


class Jira:
    """A site with an app installed, and calls as the app or as a person."""

    def __init__(self, *scopes: str) -> None:
        self.app = AppDouble(*scopes)
        self.app.start()
        self.site = Site()
        self.site.start()
        self.site.install(self.app.base_url)
        self.session = requests.Session()

    def close(self) -> None:
        self.session.close()
        self.site.stop()
        self.app.stop()

    def token(self, method: str, path: str, **claims: Any) -> str:
        """An app's token, made by a library that shares nothing with the site."""
        signer = self.site.installed.signer
        whole = {"iss": "sandbox.app", **claims}
        text: str = encode_token(
            method, path, signer.client_key, signer.secret, timeout_secs=180, payload_kwargs=whole
        )
        return text

    def as_app(self, method: str, path: str, **more: Any) -> requests.Response:
        return self.send(method, path, f"JWT {self.token(method, path)}", **more)

    def as_user(self, method: str, path: str, account_id: str = "", **more: Any) -> Any:
        chosen = account_id or self.site.cast.administrator
        user = self.site.users[chosen]
        token = self.site.people.issue_token(chosen)
        pair = base64.b64encode(f"{user.email}:{token}".encode()).decode()
        return self.send(method, path, f"Basic {pair}", **more)

    def send(self, method: str, path: str, auth: str, **more: Any) -> requests.Response:
        url = f"{self.site.base_url}{path}"
        headers = {"Authorization": auth} if auth else {}
        return self.session.request(method, url, headers=headers, timeout=5, **more)


@pytest.fixture
def jira() -> Iterator[Jira]:
    made = Jira()
    yield made
    made.close()


def test_an_app_token_is_believed_for_the_one_call_it_was_made_for(jira: Jira) -> None:
    mika = jira.site.cast.employees[0]
    path = f"/rest/api/3/user?accountId={mika}"
    token = jira.token("GET", path)
    assert jira.send("GET", path, f"JWT {token}").json()["accountId"] == mika
    other = path.replace(mika, jira.site.cast.employees[1])
    assert jira.send("GET", other, f"JWT {token}").status_code == 401
    assert jira.send("GET", f"{path}&x=1", f"JWT {token}").status_code == 401
    assert "qsh" in jira.site.callers.refused_tokens[-1]


@pytest.mark.parametrize(
    "claims",
    [{"iss": "other.app"}, {"exp": 1}, {"qsh": "context-qsh"}, {"aud": "elsewhere"},
     {"exp": 9_999_999_999}],
)  # fmt: skip
def test_an_app_token_with_a_wrong_claim_is_401(jira: Jira, claims: dict[str, Any]) -> None:
    path = f"{APP}/properties"
    token = jira.token("GET", path, **claims)
    assert jira.send("GET", path, f"JWT {token}").status_code == 401


def test_a_token_in_the_query_a_body_on_get_and_another_scheme_are_refused(jira: Jira) -> None:
    path = f"{APP}/properties"
    in_query = f"{path}?jwt={jira.token('GET', path)}"
    assert jira.send("GET", in_query, "").status_code == 401
    assert jira.as_app("GET", path, data="{}").status_code == 403
    assert jira.send("GET", path, f"Bearer {jira.token('GET', path)}").status_code == 401


def test_after_an_uninstall_the_apps_token_is_void(jira: Jira) -> None:
    path = f"{APP}/properties"
    token = jira.token("GET", path)
    jira.site.uninstall()
    assert jira.send("GET", path, f"JWT {token}").status_code == 401


def test_after_a_new_secret_the_old_one_is_void(jira: Jira) -> None:
    path = f"{APP}/properties"
    old = jira.token("GET", path)
    jira.site.reinstall()
    assert jira.send("GET", path, f"JWT {old}").status_code == 401
    assert jira.as_app("GET", path).status_code == 200


def test_a_wrong_api_token_is_nobody_where_nobody_is_allowed_and_401_elsewhere(
    jira: Jira,
) -> None:
    wrong = "Basic " + base64.b64encode(b"ada.adminson@example.com:wrong").decode()
    empty = {
        "/rest/servicedeskapi/assets/workspace": "values",
        "/rest/servicedeskapi/servicedesk": "values",
        "/rest/api/3/groups/picker?query=j": "groups",
    }
    for path, name in empty.items():
        got = jira.send("GET", path, wrong)
        assert (got.status_code, got.json()[name]) == (200, [])
        assert got.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    mine = jira.send("GET", "/rest/api/3/mypermissions?permissions=ADMINISTER", wrong).json()
    assert mine["permissions"]["ADMINISTER"]["havePermission"] is False
    for path in ("/rest/api/3/myself", "/rest/api/3/user/search?query=a"):
        assert jira.send("GET", path, wrong).status_code == 401


def test_an_api_token_belongs_to_one_address(jira: Jira) -> None:
    token = jira.site.people.issue_token(jira.site.cast.administrator)
    pair = base64.b64encode(f"mika.berg@example.com:{token}".encode()).decode()
    assert jira.send("GET", "/rest/api/3/myself", f"Basic {pair}").status_code == 401


def test_an_app_asks_whether_anyone_is_an_administrator(jira: Jira) -> None:
    cast = jira.site.cast
    for account_id, granted in ((cast.administrator, ["ADMINISTER"]), (cast.customer, []),
                                (cast.employees[0], []), ("nobody", [])):  # fmt: skip
        body = {"accountId": account_id, "globalPermissions": ["ADMINISTER"]}
        got = jira.as_app("POST", "/rest/api/3/permissions/check", json=body)
        assert got.json()["globalPermissions"] == granted
    unknown = {"accountId": cast.customer, "globalPermissions": ["RULE"]}
    assert jira.as_app("POST", "/rest/api/3/permissions/check", json=unknown).status_code == 400


def test_a_person_asks_for_others_only_as_an_administrator(jira: Jira) -> None:
    cast = jira.site.cast
    body = {"accountId": cast.employees[1], "globalPermissions": ["ADMINISTER"]}
    path = "/rest/api/3/permissions/check"
    assert jira.as_user("POST", path, cast.employees[0], json=body).status_code == 403
    assert jira.as_user("POST", path, json=body).status_code == 200


@pytest.mark.parametrize(
    ("shown_to", "app_sees", "person_sees"),
    [("everyone", True, True), ("people", False, True), ("nobody", False, False)],
)
def test_an_address_is_shown_as_its_owner_wants(
    jira: Jira, shown_to: str, app_sees: bool, person_sees: bool
) -> None:
    mika = jira.site.cast.employees[0]
    jira.site.people.change(mika, email_shown_to=shown_to)
    path = f"/rest/api/3/user?accountId={mika}"
    search = "/rest/api/3/user/search?query=mika.berg@"
    assert ("emailAddress" in jira.as_app("GET", path).json()) == app_sees
    assert ("emailAddress" in jira.as_user("GET", path).json()) == person_sees
    assert bool(jira.as_user("GET", search).json()) == person_sees
    own = jira.as_user("GET", "/rest/api/3/myself", mika).json()
    assert own["emailAddress"] == "mika.berg@example.com"


def test_a_search_without_the_right_to_browse_finds_nobody(jira: Jira) -> None:
    path = "/rest/api/3/user/search?query=mika"
    assert jira.as_user("GET", path, jira.site.cast.customer).json() == []
    assert [u["displayName"] for u in jira.as_user("GET", path).json()] == ["Mika Berg"]
    jira.site.people.change(jira.site.cast.employees[0], active=False)
    assert jira.as_user("GET", path).json() == []


def test_groups_are_found_by_person_by_name_and_by_id(jira: Jira) -> None:
    people, admin = jira.site.people, jira.site.cast.administrator
    got = jira.as_app("GET", f"/rest/api/3/user/groups?accountId={admin}").json()
    assert {row["groupId"] for row in got} == {people.administrators, people.everyone}
    picked = jira.as_app("GET", "/rest/api/3/groups/picker?query=ADMIN").json()
    assert [row["groupId"] for row in picked["groups"]] == [people.administrators]
    bulk = f"/rest/api/3/group/bulk?groupId={people.everyone}&groupId=gone"
    assert [r["name"] for r in jira.as_user("GET", bulk).json()["values"]] == ["jira-users"]
    assert jira.as_app("GET", bulk).status_code == 403  # the app has no scope ADMIN
    assert jira.as_app("GET", "/rest/api/3/user/groups?accountId=gone").status_code == 404


def test_an_app_without_a_scope_is_403() -> None:
    jira = Jira("ACT_AS_USER")
    path = f"/rest/api/3/user?accountId={jira.site.cast.customer}"
    status = jira.as_app("GET", path).status_code
    jira.close()
    assert status == 403


def test_properties_are_made_read_listed_and_forgotten(jira: Jira) -> None:
    one = f"{APP}/properties/a.b~1"
    assert jira.as_app("PUT", one, json={"x": "ü"}).status_code == 201
    assert jira.as_app("PUT", one, json=[1]).status_code == 200
    assert jira.as_app("GET", one).json() == {"key": "a.b~1", "value": [1]}
    assert [r["key"] for r in jira.as_app("GET", f"{APP}/properties").json()["keys"]] == ["a.b~1"]
    assert jira.as_app("DELETE", one).status_code == 204
    assert jira.as_app("GET", one).status_code == 404
    assert jira.as_app("DELETE", one).status_code == 404


def test_properties_have_limits(jira: Jira) -> None:
    at = f"{APP}/properties"
    assert jira.as_app("PUT", f"{at}/{'k' * 127}", data='"v"').status_code == 201
    assert jira.as_app("PUT", f"{at}/{'k' * 128}", data='"v"').status_code == 400
    full = '"' + "v" * 32_766 + '"'
    assert jira.as_app("PUT", f"{at}/full", data=full).status_code == 201
    assert jira.as_app("PUT", f"{at}/over", data=full[:-1] + 'v"').status_code == 400
    for bad in ("", "  ", "{", "plain"):
        assert jira.as_app("PUT", f"{at}/bad", data=bad).status_code == 400
    for number in range(98):
        jira.site.properties.put(f"n{number}", "1")
    assert jira.as_app("PUT", f"{at}/onemore", data="1").status_code == 400
    assert jira.as_app("PUT", f"{at}/full", data="1").status_code == 200


def test_only_the_app_itself_reaches_its_properties_over_http(jira: Jira) -> None:
    path = f"{APP}/properties/x"
    got = jira.as_user("GET", path)
    assert got.status_code == 401
    assert "authenticated as an app" in got.json()["message"]
    other = path.replace("sandbox.app", "other.app")
    assert jira.as_app("GET", other).status_code == 404


def test_any_logged_in_user_can_write_a_property_through_the_frame(jira: Jira) -> None:
    jira.site.write_property_as_user(jira.site.cast.customer, "settings", '{"evil":true}')
    got = jira.as_app("GET", f"{APP}/properties/settings").json()
    assert got["value"] == {"evil": True}


@pytest.mark.parametrize(
    ("licence", "active"),
    [("active", True), ("evaluation", True), ("inactive", False), ("none", None)],
)
def test_a_licence_is_as_it_is_set(jira: Jira, licence: str, active: bool | None) -> None:
    jira.site.app.licence = licence
    body = jira.as_app("GET", APP).json()
    assert body.get("license", {}).get("active") == active


def test_the_cloud_id_is_for_everyone_and_the_workspace_for_sites_with_assets(jira: Jira) -> None:
    got = jira.send("GET", "/_edge/tenant_info", "").json()
    assert got["cloudId"] == jira.site.cloud_id
    path = "/rest/servicedeskapi/assets/workspace"
    assert jira.as_user("GET", path).json()["values"] == [{"workspaceId": jira.site.workspace_id}]
    jira.site.desk.premium = False
    assert jira.as_user("GET", path).json()["values"] == []


def test_a_request_is_raised_on_behalf_of_a_customer_with_an_asset(jira: Jira) -> None:
    at = "/rest/servicedeskapi"
    desk = jira.as_user("GET", f"{at}/servicedesk").json()["values"][0]["id"]
    kinds = jira.as_user("GET", f"{at}/servicedesk/{desk}/requesttype").json()["values"]
    fields = f"{at}/servicedesk/{desk}/requesttype/{kinds[0]['id']}/field"
    rows = jira.as_user("GET", fields).json()["requestTypeFields"]
    asset = next(r["fieldId"] for r in rows if "cmdb" in r["jiraSchema"].get("custom", ""))
    customer = jira.site.cast.customer
    body = {
        "serviceDeskId": desk,
        "requestTypeId": kinds[0]["id"],
        "raiseOnBehalfOf": customer,
        "requestFieldValues": {"summary": "Broken", asset: [{"id": f"{jira.site.workspace_id}:7"}]},
    }
    got = jira.as_user("POST", f"{at}/request", json=body)
    assert (got.status_code, got.json()["issueKey"]) == (201, "HELP-1")
    assert jira.site.desk.raised[0].reporter == customer
    mika = jira.site.cast.employees[0]
    assert jira.as_user("POST", f"{at}/request", mika, json=body).status_code == 403
    body["requestFieldValues"] = {"summary": "x", asset: [{"id": "elsewhere:7"}]}
    assert jira.as_user("POST", f"{at}/request", json=body).status_code == 400


def test_a_request_for_someone_who_is_no_customer_is_refused(jira: Jira) -> None:
    jira.site.desk.desks["1"].open_to_all = False
    body = {
        "serviceDeskId": "1",
        "requestTypeId": "1",
        "raiseOnBehalfOf": jira.site.cast.customer,
        "requestFieldValues": {"summary": "Broken"},
    }
    path = "/rest/servicedeskapi/request"
    assert jira.as_user("POST", path, json=body).status_code == 400
    jira.site.desk.desks["1"].customers.add(jira.site.cast.customer)
    assert jira.as_user("POST", path, json=body).status_code == 201


def test_what_the_site_does_not_play_is_501(jira: Jira) -> None:
    got = jira.as_user("GET", "/rest/api/3/issue/HELP-1")
    assert got.status_code == 501
    assert "/rest/api/3/issue/HELP-1" in got.json()["error"]


def test_thousands_of_people_from_a_directory_can_be_put_on_a_site(jira: Jira) -> None:
    rows = ((f"id-{n}", f"Person {n}", f"p{n}@example.com") for n in range(3000))
    jira.site.people.add_all(rows)
    found = jira.as_user("GET", "/rest/api/3/user/search?query=p2999@example.com").json()
    assert [row["accountId"] for row in found] == ["id-2999"]
    many = jira.as_user("GET", "/rest/api/3/user/search?query=person&maxResults=5000").json()
    assert len(many) == 1000
