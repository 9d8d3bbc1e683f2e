"""The token address of Entra ID: client credentials only, every refusal as Entra words it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from hmac import compare_digest

from werkzeug.wrappers import Request, Response

from sandbox.entra.refusals import TokenRefused
from sandbox.entra.registrations import Registration, Tenant
from sandbox.entra.signing import LIFETIME_SECONDS, SigningKey
from sandbox.http import Service, answer

_SHARED = ("common", "consumers")
# The Graph of a cloud where this tenant is not: a known resource without a principal here.
_OTHER_CLOUDS = (
    "https://graph.microsoft.com/.default",
    "https://graph.microsoft.us/.default",
    "https://dod-graph.microsoft.us/.default",
    "https://microsoftgraph.chinacloudapi.cn/.default",
)
_NEEDED = ("grant_type", "client_id", "scope", "client_secret")


class Entra(Service):
    """Serves `POST /{tenant}/oauth2/v2.0/token`. `graph_url` is the one audience it signs for."""

    def __init__(
        self,
        tenants: Iterable[Tenant],
        key: SigningKey,
        clock: Callable[[], datetime],
        graph_url: str,
    ) -> None:
        super().__init__("Entra ID")
        self.tenants = list(tenants)
        self._key = key
        self._clock = clock
        self._graph_url = graph_url
        self.add_route("POST", "/<tenant>/oauth2/v2.0/token", self._token)

    def _token(self, request: Request, tenant: str) -> Response:
        words = {"tenant": tenant, "client": "", "scope": "", "missing": ""}
        try:
            return self._issue(request, tenant, words)
        except TokenRefused as refused:
            body = refused.body(self._clock())
            return answer(body, refused.status(), {"Cache-Control": "no-store"})

    def _issue(self, request: Request, name: str, words: dict[str, str]) -> Response:
        form = request.form  # empty unless the body is form-encoded
        words.update(client=form.get("client_id", ""), scope=form.get("scope", ""))
        tenant = self._tenant(name, words)
        for parameter in _NEEDED:
            if not form.get(parameter):
                raise TokenRefused(900144, {**words, "missing": parameter})
        if form["grant_type"] != "client_credentials":
            raise TokenRefused(70003, words)
        app = self._app(tenant, words)
        self._check_scope(words)
        self._check_secret(app, form["client_secret"], words)
        if app.refused_with is not None:
            raise TokenRefused(app.refused_with, words)
        token = self._key.token(tenant, app, self._graph_url, self._clock())
        lives = {"expires_in": LIFETIME_SECONDS, "ext_expires_in": LIFETIME_SECONDS}
        body = {"token_type": "Bearer", **lives, "access_token": token}
        return answer(body, 200, {"Cache-Control": "no-store"})

    def _tenant(self, name: str, words: dict[str, str]) -> Tenant:
        if name.lower() in _SHARED:
            raise TokenRefused(9001023, words)
        for tenant in self.tenants:
            if tenant.named(name):
                return tenant
        raise TokenRefused(90002, words)

    def _app(self, tenant: Tenant, words: dict[str, str]) -> Registration:
        app = tenant.registrations.get(words["client"].lower())
        if app is None:
            raise TokenRefused(700016, {**words, "tenant": tenant.name})
        return app

    def _check_scope(self, words: dict[str, str]) -> None:
        if words["scope"] == f"{self._graph_url}/.default":
            return
        raise TokenRefused(500011 if words["scope"] in _OTHER_CLOUDS else 70011, words)

    def _check_secret(self, app: Registration, given: str, words: dict[str, str]) -> None:
        for secret in app.secrets:
            if compare_digest(secret.value.encode(), given.encode()):
                if secret.expires_at is not None and secret.expires_at <= self._clock():
                    raise TokenRefused(7000222, words)
                return
        raise TokenRefused(7000215, words)
