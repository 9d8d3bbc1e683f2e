"""The settings on the real vault with its two roles, under a key service that parts them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import SettingsUnreadable
from app.instances.reference import InstanceReference
from app.site_settings.desk import SettingsDesk
from app.site_settings.documents import PARTS
from app.site_settings.reading import SettingsReader
from app.vault.shelf import Shelf
from tests.site_settings.bodies import BODIES, CLIENT_SECRET, CONTAINER_TOKEN, SECRETS, body
from tests.stand_ins.settings_outside import World
from tests.vault.world import G1, A
from tests.vault.world import World as Vaults

INSTANCE = InstanceReference(A, "connect", "installed", G1, base_url="https://a.example")


@pytest.fixture
def vaults() -> Vaults:
    return Vaults()


@pytest.fixture
def desk(world: World, vaults: Vaults) -> SettingsDesk:
    web = vaults.vault("web")

    def shelf(_: InstanceReference) -> Shelf:
        return vaults.shelf("web", vault=web)

    return SettingsDesk(replace(world.outside, shelf=shelf, clock=vaults.clock))


@pytest.fixture
def worker(vaults: Vaults) -> SettingsReader:
    return SettingsReader(lambda _: vaults.shelf("worker"))


def test_every_part_is_saved_shown_kept_and_forgotten(desk: SettingsDesk) -> None:
    for part in PARTS:
        shown = desk.save(INSTANCE, part, BODIES[part])
        assert desk.overview(INSTANCE)[part] == shown
        if part in SECRETS:
            kept = desk.save(INSTANCE, part, body(part, **{SECRETS[part]: None}))
            assert kept[SECRETS[part]] == shown[SECRETS[part]]
    assert all(state["set"] for state in desk.overview(INSTANCE).values())
    for part in PARTS:
        desk.forget(INSTANCE, part)
    assert desk.overview(INSTANCE) == {part: {"set": False} for part in PARTS}


def test_the_worker_reads_what_the_web_saved_and_can_not_open(
    desk: SettingsDesk, worker: SettingsReader
) -> None:
    desk.save(INSTANCE, "entra", BODIES["entra"])
    desk.save(INSTANCE, "import", BODIES["import"])
    desk.save(INSTANCE, "entra", body("entra", client_secret=None, secret_expires_on="2027-01-31"))
    secret, token = worker.entra_secret(INSTANCE), worker.container_token(INSTANCE)
    assert secret is not None
    assert token is not None
    assert secret.client_secret.reveal_text() == CLIENT_SECRET
    assert token.container_token.reveal_text() == CONTAINER_TOKEN


def test_after_a_new_encryption_string_everything_still_reads(
    desk: SettingsDesk, worker: SettingsReader
) -> None:
    for part in ("assets-access", "entra", "import", "visibility"):
        desk.save(INSTANCE, part, BODIES[part])
    before = desk.overview(INSTANCE)
    desk.save(INSTANCE, "encryption-string", BODIES["encryption-string"])
    after = desk.overview(INSTANCE)
    assert {part: after[part] for part in PARTS if part != "encryption-string"} == {
        part: before[part] for part in PARTS if part != "encryption-string"
    }
    assert worker.entra_secret(INSTANCE) is not None


def test_what_somebody_put_into_the_site_storage_reads_as_unreadable(
    desk: SettingsDesk, vaults: Vaults
) -> None:
    desk.save(INSTANCE, "visibility", BODIES["visibility"])
    vaults.site.write(vaults.name("visibility"), "nonsense")
    fresh = SettingsReader(lambda _: vaults.shelf("web"))
    with pytest.raises(SettingsUnreadable):
        fresh.visibility(INSTANCE)


@pytest.mark.parametrize("left", [None, "nonsense", "AAAA"])
def test_a_secret_of_the_workers_that_no_longer_lies_in_the_site_reads_as_unreadable(
    desk: SettingsDesk, vaults: Vaults, left: str | None
) -> None:
    desk.save(INSTANCE, "entra", BODIES["entra"])
    name = vaults.name("entra-secret")
    if left is None:
        vaults.site.delete(name)
    else:
        vaults.site.write(name, left)
    assert desk.overview(INSTANCE)["entra"] == {"set": True, "readable": False}
    desk.save(INSTANCE, "entra", BODIES["entra"])
    assert desk.overview(INSTANCE)["entra"]["set"] is True
    assert "readable" not in desk.overview(INSTANCE)["entra"]
