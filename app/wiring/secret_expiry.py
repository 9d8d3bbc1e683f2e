"""The end of the Entra secret: read from Graph by the worker where allowed, told once a day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Final

from app.errors import Clash
from app.instances.claims import Claim, Claims
from app.instances.reference import InstanceReference
from app.kept import CLAIMS
from app.outside.credentials import Bearer
from app.outside.http import HttpCaller
from app.outside.microsoft.entra import EntraLogin
from app.outside.microsoft.graph_secrets import GraphSecrets
from app.site_settings.clouds import CloudAddresses
from app.site_settings.documents import Cloud
from app.site_settings.entra_permissions import may_read_applications
from app.site_settings.expiry import LEARNED, day_of_ours
from app.site_settings.ports import Shelf
from app.site_settings.reading import SettingsReader
from app.site_settings.stored import StoredPart, pack
from app.words import Clock

_ENTRA: Final = "entra"


class SecretExpiry:
    """For the worker: only its shelf opens the secret, and only with consent is Graph asked."""

    def __init__(
        self,
        http: HttpCaller,
        cloud: Callable[[Cloud], CloudAddresses],
        shelf: Callable[[InstanceReference], Shelf],
    ) -> None:
        self._http = http
        self._cloud = cloud
        self._shelf = shelf
        self._reader = SettingsReader(shelf)

    def learn(self, instance: InstanceReference) -> None:
        """Ask Graph, and keep the day beside the secret's mark. Raises the tree of app.errors.

        Without the permission nothing is asked: what the token allows was learned at the save.
        """
        shelf = self._shelf(instance)
        version = shelf.versions().get(_ENTRA)
        stored = self._reader.stored(instance, _ENTRA)
        if stored is None or not may_read_applications(stored.learned.get("roles", ())):
            return
        day = self._asked(instance)
        if day is None or day == stored.learned.get(LEARNED):
            return
        known: StoredPart = stored.model_copy(update={"learned": {**stored.learned, LEARNED: day}})
        try:
            shelf.save({_ENTRA: pack(known)}, expected={_ENTRA: version})
        except Clash:
            return  # saved anew meanwhile, perhaps with another secret

    def _asked(self, instance: InstanceReference) -> str | None:
        given = self._reader.entra_secret(instance)
        if given is None:
            return None
        cloud = self._cloud(given.cloud)
        login = EntraLogin(self._http, cloud.login_url)
        token = login.token(given.tenant_id, given.client_id, given.client_secret, cloud.scope)
        found = GraphSecrets(self._http, cloud.graph_url, Bearer(token.access)).of(given.client_id)
        return day_of_ours(found, given.client_secret)


class OncePerDay:
    """`app.site_settings.expiry_watch.OncePerDay`: a claim of this day, gone after it."""

    def __init__(self, claims: Claims, clock: Clock, about: str = "entra expiry") -> None:
        self._claims = claims
        self._clock = clock
        self._about = about

    def first(self, instance: InstanceReference, day: date) -> bool:
        now = self._clock()
        until = int((now + CLAIMS).timestamp())
        claim = Claim(self._name(instance, day), "", until)
        return self._claims.put(claim, int(now.timestamp())) is None

    def give_back(self, instance: InstanceReference, day: date) -> None:
        self._claims.drop(self._name(instance, day))

    def _name(self, instance: InstanceReference, day: date) -> str:
        life = f"{instance.instance_id} {instance.generation}"
        said = f"{self._about} {life} {day.isoformat()}"
        return f"claim#{hashlib.sha256(said.encode()).hexdigest()}"
