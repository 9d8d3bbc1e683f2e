"""The settings before the sandbox: real clients, real sockets, services that answer as usual."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from app.errors import InputRefused
from app.instances.reference import InstanceReference
from app.outside.atlassian.assets import AssetsRest
from app.outside.atlassian.import_source import ImportByToken, ImportSetUp
from app.outside.atlassian.jira import JiraSite
from app.outside.credentials import Basic
from app.outside.http import HttpCaller
from app.outside.microsoft.entra import EntraLogin
from app.site_settings.clouds import cloud_addresses
from app.site_settings.desk import SettingsDesk
from app.site_settings.documents import AssetsAccess
from app.words import Json
from sandbox.assets import AssetsCloud
from sandbox.directory import Directory
from sandbox.entra import CLIENT_ID, CLIENT_SECRET, TENANT_ID, Registration, SigningKey
from sandbox.entra.registrations import ClientSecret
from sandbox.microsoft import Microsoft
from sandbox.site.site import Site
from tests.stand_ins.settings_outside import INSTANCE, World

ADDRESS = "ada.adminson@example.com"


@cache
def signing_key() -> SigningKey:
    """One for all tests: making a key takes longer than anything that is done with it."""
    return SigningKey()


class Sandbox:
    """A site, its Assets, Entra ID, and a desk that reaches them."""

    def __init__(self, world: World) -> None:
        self.site = Site()
        self.assets = AssetsCloud(self.site.people, self.site.workspace_id)
        self.microsoft = Microsoft(key=signing_key())
        self.site_url, self.api = self.site.start(), self.assets.start()
        self.login, self.graph = self.microsoft.start(Directory())
        self.schema = self.assets.workspace.add_schema("Hardware", "HW")
        self.source = self.assets.new_import_source(self.schema.id, "People")
        self.instance = replace(INSTANCE, base_url=self.site_url)
        self.desk = SettingsDesk(self._outside(world))

    def _outside(self, world: World):  # noqa: ANN202 - the type of what is replaced
        http = HttpCaller()

        def basic(access: AssetsAccess) -> Basic:
            return Basic(access.email, access.api_token)

        def site(instance: InstanceReference, access: AssetsAccess) -> JiraSite:
            return JiraSite(http, instance.base_url, basic(access))

        def assets(_: InstanceReference, access: AssetsAccess, workspace_id: str) -> AssetsRest:
            return AssetsRest(http, self.api, workspace_id, basic(access))

        def set_up(_: InstanceReference, access: AssetsAccess, workspace_id: str) -> ImportSetUp:
            return ImportSetUp(http, self.api, workspace_id, basic(access))

        return replace(
            world.outside,
            account_site=site,
            assets=assets,
            cloud=cloud_addresses(self.login, self.graph, sandbox=True),
            login=lambda addresses: EntraLogin(http, addresses.login_url),
            import_by_token=lambda _, token: ImportByToken(http, self.api, token),
            import_set_up=set_up,
        )

    def bodies(self) -> dict[str, Json]:
        return {
            "assets-access": {"email": ADDRESS, "api_token": self.site.cast.admin_token},
            "entra": {
                "tenant_id": TENANT_ID,
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
            },
            "import": {"container_token": self.source.token},
        }

    def save(self, part: str, **changes: object) -> Json:
        return self.desk.save(self.instance, part, {**self.bodies()[part], **changes})

    def refused(self, part: str, **changes: object) -> str:
        with pytest.raises(InputRefused) as refused:
            self.save(part, **changes)
        return " ".join(problem.message for problem in refused.value.problems)

    def findings(self, part: str) -> str:
        checked = self.desk.check(self.instance, part, self.bodies()[part])
        return " ".join(finding["message"] for finding in checked["findings"])

    def stop(self) -> None:
        for service in (self.site, self.assets, self.microsoft):
            service.stop()


@pytest.fixture
def sandbox(world: World) -> Iterator[Sandbox]:
    made = Sandbox(world)
    yield made
    made.stop()


def test_good_settings_pass_without_a_finding(sandbox: Sandbox) -> None:
    for part in sandbox.bodies():
        assert sandbox.findings(part) == ""
        assert sandbox.save(part)["set"] is True


def wrong_email(sandbox: Sandbox) -> str:
    return sandbox.refused("assets-access", email="mika.berg@example.com")


def revoked_token(sandbox: Sandbox) -> str:
    token = sandbox.site.cast.admin_token
    sandbox.site.people.revoke_token(token)
    return sandbox.refused("assets-access", api_token=token)


def no_premium(sandbox: Sandbox) -> str:
    sandbox.site.desk.premium = False
    return sandbox.refused("assets-access")


def wrong_secret(sandbox: Sandbox) -> str:
    return sandbox.refused("entra", client_secret="the-id-of-the-secret")


def expired_secret(sandbox: Sandbox) -> str:
    expired = ClientSecret(CLIENT_SECRET, sandbox.microsoft.entra._clock())
    sandbox.microsoft.register(Registration(CLIENT_ID, (expired,)))
    return sandbox.refused("entra")


def wrong_tenant(sandbox: Sandbox) -> str:
    return sandbox.refused("entra", tenant_id="nobody.example.com")


def wrong_client(sandbox: Sandbox) -> str:
    return sandbox.refused("entra", client_id="ffffffff-0000-4000-8000-000000000001")


def missing_permission(sandbox: Sandbox) -> str:
    secret = (ClientSecret(CLIENT_SECRET),)
    sandbox.microsoft.register(Registration(CLIENT_ID, secret, ("User.Read.All",)))
    return sandbox.refused("entra")


def wrong_container_token(sandbox: Sandbox) -> str:
    return sandbox.refused("import", container_token="a-token-of-yesterday")


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (wrong_email, "API token"),
        (revoked_token, "does not accept this API token"),
        (no_premium, "Premium"),
        (wrong_secret, "AADSTS7000215"),
        (expired_secret, "AADSTS7000222"),
        (wrong_tenant, "AADSTS90002"),
        (wrong_client, "AADSTS700016"),
        (missing_permission, "GroupMember.Read.All"),
        (wrong_container_token, "container token"),
    ],
)
def test_each_bad_credential_is_refused_by_its_own_sentence_and_nothing_is_lost(
    sandbox: Sandbox, case: Callable[[Sandbox], str], said: str
) -> None:
    for part in sandbox.bodies():
        sandbox.save(part)
    before = sandbox.desk.overview(sandbox.instance)
    assert said in case(sandbox)
    assert sandbox.desk.overview(sandbox.instance) == before


def test_a_schema_that_the_account_may_not_see_is_named(sandbox: Sandbox) -> None:
    payroll = sandbox.assets.workspace.add_schema("Payroll", "PAY")
    sandbox.assets.roles.deny(payroll.id, sandbox.site.cast.administrator)
    assert "“Payroll”" in sandbox.findings("assets-access")


def test_an_import_of_another_site_is_refused(sandbox: Sandbox, world: World) -> None:
    other = Sandbox(world)
    try:
        sandbox.save("assets-access")
        sandbox.desk = SettingsDesk(
            replace(
                sandbox.desk._outside,
                import_by_token=lambda _, token: ImportByToken(HttpCaller(), other.api, token),
            )
        )
        assert "another site" in sandbox.refused("import", container_token=other.source.token)
    finally:
        other.stop()


def test_no_address_that_was_called_holds_a_secret(sandbox: Sandbox) -> None:
    for part in sandbox.bodies():
        sandbox.save(part)
    calls = [*sandbox.site.calls, *sandbox.assets.calls, *sandbox.microsoft.entra.calls]
    secrets = [CLIENT_SECRET, sandbox.source.token, sandbox.site.cast.admin_token]
    assert calls
    assert not any(secret in f"{call.path} {call.query}" for call in calls for secret in secrets)
