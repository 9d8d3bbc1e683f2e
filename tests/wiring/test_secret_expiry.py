"""The worker reads in a stand-in Graph when the secret in use ends, and keeps it with the part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.errors import NotAllowed
from app.outside.http import HttpCaller
from app.site_settings.clouds import cloud_addresses
from app.site_settings.desk import SettingsDesk
from app.wiring.secret_expiry import SecretExpiry
from app.words import Json
from sandbox.directory import Directory
from sandbox.entra import CLIENT_ID, CLIENT_SECRET, TENANT_ID
from tests.stand_ins.microsoft import Side, running
from tests.stand_ins.settings_outside import INSTANCE, World

ROLES = ("User.Read.All", "GroupMember.Read.All", "Device.Read.All")
READS_APPLICATIONS = "Application.Read.All"
ENTRA = {"tenant_id": TENANT_ID, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


class Site:
    """Settings as the web saves them; what the app is registered with in Entra ID."""

    def __init__(self, side: Side, roles: tuple[str, ...]) -> None:
        self.world, self.side = World(), side
        self.world.login.roles = frozenset(roles)
        self.desk = SettingsDesk(self.world.outside)
        self.desk.save(INSTANCE, "entra", ENTRA)
        self.shelf = self.world.shelf.for_worker()
        cloud = cloud_addresses(side.login_url, side.graph_url, sandbox=True)
        self.expiry = SecretExpiry(HttpCaller(), cloud, lambda _: self.shelf)

    def register(self, *credentials: Json, app_id: str = CLIENT_ID) -> None:
        row = {"id": f"of {app_id}", "appId": app_id, "displayName": "An app"}
        self.side.directory.applications.add({**row, "passwordCredentials": [*credentials]})

    def learned(self) -> Json | None:
        self.expiry.learn(INSTANCE)
        found: Json | None = self.desk.overview(INSTANCE)["entra"].get("secret_expiry")
        return found


def credential(ends: str, hint: str = CLIENT_SECRET[:3]) -> Json:
    return {"keyId": "k", "hint": hint, "endDateTime": f"{ends}T10:00:00Z"}


@contextmanager
def a_site(*more: str, granted: tuple[str, ...] | None = None) -> Iterator[Site]:
    """`more` are roles beside those an import needs; `granted`: what the token truly has."""
    roles = (*ROLES, *more)
    with running(Directory(), roles=roles if granted is None else granted) as side:
        yield Site(side, roles)


def test_the_end_of_the_secret_in_use_is_read_and_shown() -> None:
    with a_site(READS_APPLICATIONS) as site:
        site.register(credential("2026-03-02"), app_id="another-app")
        site.register(credential("2028-01-01", "new"), credential("2026-03-15"))
        assert site.learned() == {
            "expires_on": "2026-03-15", "days_left": 14, "warning": 14, "read_from": "entra_id",
        }  # fmt: skip


def test_what_is_known_already_is_not_saved_again() -> None:
    with a_site(READS_APPLICATIONS) as site:
        site.register(credential("2026-03-15"))
        site.learned()
        saves = site.shelf.saves
        site.learned()
        assert site.shelf.saves == saves


def test_without_the_permission_nothing_is_asked() -> None:
    with a_site() as site:
        site.register(credential("2026-03-15"))
        assert site.learned() is None
        assert site.side.microsoft.graph.calls == []


def test_a_new_secret_is_not_taken_for_the_old_one() -> None:
    with a_site(READS_APPLICATIONS) as site:
        site.register(credential("2026-03-15"))
        site.learned()
        new = {**ENTRA, "client_secret": "another-secret-wxyz"}
        assert "secret_expiry" not in site.desk.save(INSTANCE, "entra", new)


def test_a_permission_that_was_taken_away_is_told_to_the_caller() -> None:
    with a_site(READS_APPLICATIONS, granted=ROLES) as site, pytest.raises(NotAllowed):
        site.learned()


def test_a_registration_without_secrets_says_nothing() -> None:
    with a_site(READS_APPLICATIONS) as site:
        site.register()
        assert site.learned() is None


def test_a_part_that_was_never_saved_is_left_alone() -> None:
    with a_site(READS_APPLICATIONS) as site:
        site.desk.forget(INSTANCE, "entra")
        assert site.learned() is None
