"""Which imported person the viewer is: by account, else by address, never by guess."""

from __future__ import annotations

import pytest

from app.errors import NotAllowed, ServiceFailed
from app.my_assets.query import Query
from app.my_assets.who import Person, SiteUser, Viewer
from tests.stand_ins.assets import account
from tests.stand_ins.my_assets_site import ADA, BOB, MyAssetsSite


@pytest.fixture
def site() -> MyAssetsSite:
    made = MyAssetsSite()
    made.directory.users[ADA] = SiteUser("Ada@Example.com", "atlassian")
    return made


def test_the_linked_person_is_the_viewer(site: MyAssetsSite) -> None:
    ada = site.person("e-ada", email="old@example.com", linked_to=ADA)
    site.person("e-twin", email="ada@example.com")
    site.device("Laptop", of=ada)
    page = site.page()
    assert (page["person"], [one["label"] for one in page["assets"]]) == ("matched", ["Laptop"])
    assert site.shelf.updates == []


def test_an_unlinked_person_is_found_by_address_and_linked_once(site: MyAssetsSite) -> None:
    ada = site.person("e-ada", email="ada@example.COM")
    site.device("Laptop", of=ada)
    assert site.labels() == ["Laptop"]
    ((object_id, _, values),) = site.shelf.updates
    assert (object_id, list(values.values())) == (ada.id, [[ADA]])
    assert site.labels() == ["Laptop"]
    assert len(site.shelf.updates) == 1


def test_an_address_that_belongs_to_another_account_is_not_the_viewers(site: MyAssetsSite) -> None:
    bob = site.person("e-bob", email="ada@example.com", linked_to=BOB)
    site.device("Bob's", of=bob)
    page = site.page()
    assert (page["person"], page["total"]) == ("unmatched", 0)
    assert site.shelf.updates == []


@pytest.mark.parametrize("by", ["account", "address"])
def test_two_persons_are_none_and_an_alarm(site: MyAssetsSite, by: str) -> None:
    given = {"linked_to": ADA} if by == "account" else {"email": "ada@example.com"}
    for name in ("one", "two"):
        site.device(name, of=site.person(f"e-{name}", **given))
    page = site.page()
    assert (page["person"], page["total"]) == ("unmatched", 0)
    assert site.alarms == [("two_persons_for_one_viewer", "one")]
    assert site.shelf.updates == []


def test_one_linked_and_one_unlinked_person_of_an_address_are_two(site: MyAssetsSite) -> None:
    site.person("e-bob", email="ada@example.com", linked_to=BOB)
    site.device("Laptop", of=site.person("e-ada", email="ada@example.com"))
    assert site.page()["person"] == "unmatched"
    assert site.alarms == [("two_persons_for_one_viewer", "one")]


def test_two_persons_by_account_are_not_saved_by_the_address(site: MyAssetsSite) -> None:
    site.person("e-one", linked_to=ADA)
    site.person("e-two", linked_to=ADA)
    site.device("Laptop", of=site.person("e-ada", email="ada@example.com"))
    assert site.page()["person"] == "unmatched"


def test_a_person_named_like_the_viewers_account_is_not_the_viewer(site: MyAssetsSite) -> None:
    site.directory.users.clear()
    impostor = site.shelf.add(
        site.person_type, "Impostor", Entra_ID="e-x", Jira_account=account(BOB, name=ADA)
    )
    site.device("Hers", of=impostor)
    assert site.page()["person"] == "unmatched"
    assert site.page()["total"] == 0


@pytest.mark.parametrize("user", [None, SiteUser(None, "atlassian"), SiteUser("", "atlassian")])
def test_a_viewer_without_an_address_matches_no_empty_one(
    site: MyAssetsSite, user: SiteUser | None
) -> None:
    site.directory.users = {ADA: user} if user else {}
    site.shelf.add(site.person_type, "No mail", Entra_ID="e-x", Email="")
    assert site.page()["person"] == "unmatched"
    assert site.shelf.updates == []


def test_an_address_that_jira_does_not_show_the_app_is_no_address(site: MyAssetsSite) -> None:
    site.phone("Phone", ADA)
    site.directory.fails = {"user": NotAllowed()}
    page = site.page()
    assert (page["person"], page["total"]) == ("unmatched", 1)


def test_a_link_that_assets_refuses_keeps_the_page_and_tells_the_operators(
    site: MyAssetsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ServiceFailed("400")

    site.device("Laptop", of=site.person("e-ada", email="ada@example.com"))
    monkeypatch.setattr(site.shelf, "update", refuse)
    assert site.labels() == ["Laptop"]
    assert site.alarms == [("person_not_linked", "one")]


def test_a_refused_link_is_not_tried_again_for_ten_minutes(
    site: MyAssetsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    def refuse(object_id: str, *_: object) -> None:
        tried.append(object_id)
        raise NotAllowed

    ada = site.person("e-ada", email="ada@example.com")
    site.device("Laptop", of=ada)
    monkeypatch.setattr(site.shelf, "update", refuse)
    for _ in range(3):
        assert site.labels() == ["Laptop"]
    site.later(599)
    assert site.labels() == ["Laptop"]
    assert (tried, site.alarms) == ([ada.id], [("person_not_linked", "one")])
    monkeypatch.undo()
    site.later(1)
    assert site.labels() == ["Laptop"]
    assert [object_id for object_id, *_ in site.shelf.updates] == [ada.id]


def test_a_refused_link_keeps_no_other_person_from_being_linked(
    site: MyAssetsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NotAllowed

    site.directory.users[BOB] = SiteUser("bob@example.com", "atlassian")
    site.person("e-ada", email="ada@example.com")
    bob = site.person("e-bob", email="bob@example.com")
    with monkeypatch.context() as refusing:
        refusing.setattr(site.shelf, "update", refuse)
        site.page(ADA)
    site.page(BOB)
    assert [object_id for object_id, *_ in site.shelf.updates] == [bob.id]


def test_who_may_not_enter_is_not_linked(site: MyAssetsSite) -> None:
    site.person("e-ada", email="ada@example.com")
    site.save(access={"mode": "allow", "groups": ["g"]})
    with pytest.raises(NotAllowed):
        site.page()
    assert site.shelf.updates == []


def test_a_person_is_not_needed_where_no_rule_asks_for_one(site: MyAssetsSite) -> None:
    site.save(owner_rules=[{"object_type": "*", "attribute": "Owner", "match": "account"}])
    site.phone("Phone", ADA)
    page = site.page()
    assert (page["person"], page["total"]) == ("not_needed", 1)
    assert (site.shelf.aql_calls(), site.directory.calls) == (1, [])


def test_a_type_called_person_without_entra_ids_holds_no_people(site: MyAssetsSite) -> None:
    other = site.shelf.add_type(site.stock, "Person")
    site.shelf.add_attribute(other, "Email")
    site.shelf.add(other, "Not imported", Email="ada@example.com")
    site.device("Laptop", of=site.person("e-ada", email="ada@example.com"))
    assert site.labels() == ["Laptop"]


def test_rules_by_address_and_entra_id_work_without_a_link(site: MyAssetsSite) -> None:
    licence = site.shelf.add_type(site.stock, "Licence")
    site.shelf.add_attribute(licence, "Mail")
    site.shelf.add_attribute(licence, "Holder")
    site.shelf.add(licence, "By mail", Mail="ADA@example.com")
    site.shelf.add(licence, "By id", Holder="E-ADA")
    site.shelf.add(licence, "Another's", Mail="bob@example.com", Holder="e-bob")
    site.person("e-ada", linked_to=ADA)
    site.save(
        owner_rules=[
            {"object_type": licence, "attribute": "Mail", "match": "email"},
            {"object_type": "*", "attribute": "Holder", "match": "entra_id"},
        ]
    )
    assert site.labels() == ["By id", "By mail"]


@pytest.mark.parametrize(
    ("shown", "said", "theirs"),
    [
        ("ünal@example.com", "ÜNAL@Example.com", True),
        ("\u03c3@example.com", "\u03a3@example.com", True),
        ("kelvin@example.com", "\u212aelvin@example.com", False),
        ("strasse@example.com", "straße@example.com", False),
        ("o'hara@example.com", "O'Hara@example.com", True),
        # Nobody's: the vendor's texts disagree on how it would be asked for.
        ('o"brien@example.com', 'o"brien@example.com', False),
        ("back\\slash@example.com", "back\\slash@example.com", False),
    ],
)
def test_an_address_is_compared_sign_by_sign_ignoring_case(
    site: MyAssetsSite, shown: str, said: str, theirs: bool
) -> None:
    site.directory.users[ADA] = SiteUser(shown, "atlassian")
    licence = site.shelf.add_type(site.stock, "Licence")
    site.shelf.add_attribute(licence, "Mail")
    site.shelf.add(licence, "By mail", Mail=said)
    site.device("By person", of=site.person("e-ada", email=said))
    site.save(
        owner_rules=[
            {"object_type": licence, "attribute": "Mail", "match": "email"},
            {"object_type": "*", "attribute": "Assigned To", "match": "person"},
        ]
    )
    assert site.labels() == (["By mail", "By person"] if theirs else [])


def test_a_page_that_says_more_follows_for_ever_does_not_lose_the_person(
    site: MyAssetsSite,
) -> None:
    site.shelf.says_last = False
    site.device("Laptop", of=site.person("e-ada", linked_to=ADA))
    page = site.page()
    assert (page["person"], page["total"], page["complete"]) == ("matched", 1, True)


def test_a_crowd_of_candidates_is_as_doubtful_as_two(site: MyAssetsSite) -> None:
    # Many whose linked account is only named like the viewer: the true one may not be on the page.
    for number in range(60):
        site.shelf.add(
            site.person_type,
            f"Impostor {number:02}",
            Entra_ID=f"e-{number}",
            Jira_account=account(BOB, name=ADA),
        )
    site.device("Laptop", of=site.person("e-ada", email="ada@example.com"))
    assert site.page()["person"] == "unmatched"
    assert site.alarms == [("two_persons_for_one_viewer", "one")]


def test_a_refused_administrator_who_asks_why_is_not_linked(site: MyAssetsSite) -> None:
    laptop = site.device("Laptop", of=site.person("e-ada", email="ada@example.com"))
    site.save(access={"mode": "allow", "groups": [], "customers": False})
    site.desk.explanation(site.instance, ADA, laptop.key, is_administrator=True)
    assert site.shelf.updates == []


@pytest.mark.parametrize(("kind", "enters"), [("atlassian", True), ("app", True), ("odd", False)])
def test_an_account_of_a_kind_nobody_knows_is_no_employee(
    site: MyAssetsSite, kind: str, enters: bool
) -> None:
    site.directory.users[ADA] = SiteUser("ada@example.com", kind)
    site.save(access={"customers": False})
    if enters:
        assert site.page()["total"] == 0
        return
    with pytest.raises(NotAllowed):
        site.page()


def test_no_repr_shows_a_person() -> None:
    told = [
        SiteUser("ada@example.com", "atlassian"),
        Viewer(ADA, "ada@example.com"),
        Person("1", "P-1", "e-ada"),
        Query(search="Ada"),
    ]
    assert not any(word in repr(told).lower() for word in ("ada", "example"))
