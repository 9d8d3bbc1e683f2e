"""Reporting a problem: only one's own visible asset, in one's own name, to what was chosen."""

from __future__ import annotations

import pytest

from app.errors import (
    Clash,
    CredentialRefused,
    InputRefused,
    NotAllowed,
    NotConfigured,
    NotThere,
    OutcomeUnknown,
    RequestRefused,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
    SettingsUnreadable,
    SlowDown,
)
from app.instances.reference import InstanceReference
from app.site_settings.documents import Requests
from app.words import AccountId, Json
from tests.stand_ins.my_assets_site import ADA, BOB, MyAssetsSite

SAID = {"summary": "The screen stays black", "description": "Since this morning."}


@pytest.fixture
def site() -> MyAssetsSite:
    made = MyAssetsSite()
    made.chosen = Requests(service_desk_id="1", request_type_id="2")
    return made


def report(
    site: MyAssetsSite, object_id: str, caller: AccountId = ADA, body: Json | None = None
) -> Json:
    return site.desk.report(site.instance, caller, object_id, SAID if body is None else body)


def test_the_request_is_made_in_the_name_of_the_viewer(site: MyAssetsSite) -> None:
    phone = site.phone("Ada's phone", ADA)
    assert report(site, phone.id)["request_key"] == "HELP-1"
    ((desk, kind, on_behalf_of, values),) = site.help.raised
    assert (desk, kind, on_behalf_of) == ("1", "2", ADA)
    assert values == {
        "summary": "The screen stays black",
        "description": f"Since this morning.\n\nAda's phone ({phone.key})",
    }


def test_the_asset_stands_in_its_field_where_one_was_chosen(site: MyAssetsSite) -> None:
    site.chosen = Requests(
        service_desk_id="1", request_type_id="2", asset_field_id="customfield_10090"
    )
    phone = site.phone("Ada's phone", ADA)
    report(site, phone.id, body={"summary": "Broken", "description": ""})
    assert site.help.raised[0][3] == {
        "summary": "Broken",
        "customfield_10090": [
            {
                "workspaceId": "workspace-1",
                "id": f"workspace-1:{phone.id}",
                "objectId": phone.id,
            }
        ],
    }


def test_a_label_becomes_no_picture_link_or_macro_of_the_request(site: MyAssetsSite) -> None:
    phone = site.phone("!http://evil.example/x.png! [a|b] {html}\nx", ADA)
    report(site, phone.id)
    text = site.help.raised[0][3]["description"]
    assert r"\!http://evil.example/x.png\! \[a\|b\] \{html\} x" in text


def test_b10_anothers_a_hidden_and_a_missing_asset_look_the_same(site: MyAssetsSite) -> None:
    hidden = site.device("Laptop", of=site.person("e-ada", linked_to=ADA))
    site.save(hidden_object_types=[site.device_type])
    others = site.phone("Bob's phone", BOB)
    told = []
    for object_id in (others.id, hidden.id, "4711", "", "../x", "a b", "9" * 99):
        with pytest.raises(NotThere) as refused:
            report(site, object_id)
        told.append((refused.value.detail, refused.value.problems))
    assert len(set(told)) == 1
    assert site.help.raised == []


@pytest.mark.parametrize("fault", [NotAllowed("no"), NotThere("no")])
def test_an_object_that_the_saved_account_may_not_read_is_not_there(
    site: MyAssetsSite, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> None:
        raise fault

    monkeypatch.setattr(site.shelf, "object", refuse)
    with pytest.raises(NotThere):
        report(site, site.phone("Phone", ADA).id)


def test_who_may_not_see_the_page_reports_nothing(site: MyAssetsSite) -> None:
    phone = site.phone("Phone", ADA)
    site.save(access={"mode": "allow", "groups": [], "customers": False})
    with pytest.raises(NotAllowed):
        report(site, phone.id)
    assert site.help.raised == []


def test_while_no_request_type_is_chosen_nothing_can_be_reported(site: MyAssetsSite) -> None:
    site.chosen = None
    phone = site.phone("Phone", ADA)
    assert site.page()["reporting"] is False
    with pytest.raises(NotConfigured):
        report(site, phone.id)
    site.chosen = Requests(service_desk_id="1", request_type_id="2")
    assert site.page()["reporting"] is True


def test_a_choice_that_does_not_open_takes_the_button_and_not_the_list(
    site: MyAssetsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(_: InstanceReference) -> None:
        raise SettingsUnreadable

    monkeypatch.setattr(site, "requests", shut)
    phone = site.phone("Phone", ADA)
    assert (site.page()["total"], site.page()["reporting"]) == (1, False)
    with pytest.raises(SettingsUnreadable):
        report(site, phone.id)


@pytest.mark.parametrize("fault", [NotAllowed(""), NotThere(""), RequestRefused("")])
def test_a_desk_that_does_not_take_it_is_a_clash_that_says_what_to_do(
    site: MyAssetsSite, fault: Exception
) -> None:
    site.help.fails_with = fault
    with pytest.raises(Clash) as refused:
        report(site, site.phone("Phone", ADA).id)
    assert "customers" in refused.value.detail


@pytest.mark.parametrize("fault", [ServiceUnreachable(""), ServiceTimedOut(""), ServiceFailed("")])
def test_without_a_clear_answer_nobody_claims_to_know(site: MyAssetsSite, fault: Exception) -> None:
    site.help.fails_with = fault
    with pytest.raises(OutcomeUnknown):
        report(site, site.phone("Phone", ADA).id)


@pytest.mark.parametrize(
    "fault", [CredentialRefused(""), SettingsUnreadable(""), SlowDown("", retry_after=7)]
)
def test_what_surely_made_nothing_is_told_as_what_it_is(
    site: MyAssetsSite, fault: Exception
) -> None:
    site.help.fails_with = fault
    with pytest.raises(type(fault)):
        report(site, site.phone("Phone", ADA).id)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["summary", "description"]),
        ({"summary": "x"}, ["description"]),
        ({"summary": " \n ", "description": ""}, ["summary"]),
        ({"summary": "x" * 256, "description": "y" * 30_001}, ["summary", "description"]),
        ({"summary": "x", "description": "", "reporter": "557058:bob"}, ["reporter"]),
        ({"summary": 7, "description": None}, ["summary", "description"]),
        ({"summary": "a\x00b", "description": "\ud800"}, ["summary", "description"]),
    ],
)
def test_every_problem_of_a_report_is_named(
    site: MyAssetsSite, body: Json, fields: list[str]
) -> None:
    with pytest.raises(InputRefused) as refused:
        report(site, "1", body=body)
    assert [one.field for one in refused.value.problems] == fields
    assert site.shelf.calls == []


def test_a_summary_becomes_one_line(site: MyAssetsSite) -> None:
    body = {"summary": "  Broken\n  screen ", "description": " It\nis "}
    report(site, site.phone("Phone", ADA).id, body=body)
    values = site.help.raised[0][3]
    assert values["summary"] == "Broken screen"
    assert values["description"].startswith("It\nis\n\nPhone")


def test_the_link_leads_to_the_site_of_the_instance_and_nowhere_else(site: MyAssetsSite) -> None:
    there = InstanceReference(
        site.instance.instance_id,
        "connect",
        "installed",
        site.instance.generation,
        base_url="https://a.example/",
    )
    assert site.desk.reported(there, "HELP-7") == {
        "request_key": "HELP-7",
        "url": "https://a.example/browse/HELP-7",
    }
    assert site.desk.reported(site.instance, "HELP-7")["url"] is None


def test_a_report_takes_no_more_questions_than_a_page(site: MyAssetsSite) -> None:
    ada = site.person("e-ada", linked_to=ADA)
    report(site, site.device("Laptop", of=ada).id)
    assert site.shelf.aql_calls() == 1
