"""Drafts as an administrator meets them: a person's preview, the effect, and whom to look as.

The caller has checked that it is an administrator. Saves nothing, writes nothing, logs nobody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.errors import (
    InputRefused,
    NotAllowed,
    NotConfigured,
    Problem,
    RequestRefused,
    ServiceFailed,
)
from app.instances.reference import InstanceReference, stamp
from app.my_assets.drafts.effect import Effect, World
from app.my_assets.drafts.latest import Latest
from app.my_assets.drafts.preview import sight, told
from app.my_assets.drafts.reading import GoOn
from app.my_assets.drafts.readonly import Noted, ReadOnlySite
from app.my_assets.look import Looker
from app.my_assets.ports import Settings, Site
from app.my_assets.refused_links import RefusedLinks
from app.my_assets.rows import sendable
from app.my_assets.shares import Shares
from app.my_assets.shelf import CatalogueShelf
from app.my_assets.viewer import TWO_PERSONS
from app.said import Sentence
from app.sentences import CONNECT_ASSETS
from app.site import Account
from app.site_settings.documents import Visibility
from app.words import AccountId, Clock, Json

MOST_TIME: Final = timedelta(seconds=15)  # a page's patience through Forge is 25 s
MOST_FOUND: Final = 20
LONGEST_QUERY: Final = 100
CHARACTERS: Final = Sentence("draft.characters", "Use 1 to {most} characters.")
MAY_NOT_LOOK: Final = Sentence("draft.may_not_look", "The saved account may not look people up.")
APP_MAY_NOT: Final = Sentence("draft.app_may_not", "Jira does not let this app look people up.")
NOBODY: Final = Sentence("draft.nobody", "Jira knows no account of this id.")


class DraftDesk:
    def __init__(
        self, settings: Settings, site: Site, shelf: CatalogueShelf, shares: Shares, clock: Clock
    ) -> None:
        self._settings = settings
        self._site = site
        self._shelf = shelf
        self._shares = shares
        self._clock = clock
        self._latest = Latest()

    def people(self, instance: InstanceReference, query: str) -> Json:
        """`{"people": [{"account_id", "name", "email", "customer"}]}`. Raises InputRefused."""
        wanted = query.strip()
        if not 1 <= len(wanted) <= LONGEST_QUERY:
            raise InputRefused(problems=[Problem("query", CHARACTERS(most=LONGEST_QUERY))])
        self._saved(instance)
        try:
            found = self._site.people(instance).found_by(wanted)
        except NotAllowed:
            raise ServiceFailed(MAY_NOT_LOOK()) from None
        there = [one for one in found if one.active and one.kind != "app"]
        return {"people": [_shown(one) for one in there[:MOST_FOUND]]}

    def preview(
        self,
        instance: InstanceReference,
        caller: AccountId,
        draft: Visibility,
        person: AccountId | None,
    ) -> Json:
        """What `person` (None: the caller) would see. Raises InputRefused for an unknown one."""
        as_of = stamp(self._clock())
        saved = self._saved(instance)
        site = ReadOnlySite(self._site, instance)
        account_id = caller if person is None else person
        if account_id != caller:
            _require_known(site, instance, account_id)
        noted = Noted()
        refused = RefusedLinks(self._clock)
        looker = Looker(site, self._shelf, refused, self._shares, noted)
        drafted = sight(looker, instance, account_id, draft)
        before = drafted if draft == saved else sight(looker, instance, account_id, saved)
        return told(drafted, before, own=account_id == caller) | {
            "two_persons": TWO_PERSONS in noted.names,
            "as_of": as_of,
        }

    def effect(self, instance: InstanceReference, caller: AccountId, draft: Visibility) -> Json:
        """Counts of people and assets. Raises NotConfigured and the service errors.

        A later one of the same caller ends it early: then it has counted less, and says so.
        """
        as_of = stamp(self._clock())
        saved = self._saved(instance)
        wanted = self._latest.begin(instance.instance_id, caller)
        try:
            counted = self._count(instance, saved, draft, wanted)
        except RequestRefused:  # the catalogue may name what Assets no longer has
            self._shelf.forget(instance)
            counted = self._count(instance, saved, draft, wanted)
        return counted | {"as_of": as_of}

    def _count(
        self, instance: InstanceReference, saved: Visibility, draft: Visibility, wanted: GoOn
    ) -> Json:
        until = self._clock() + MOST_TIME
        site = ReadOnlySite(self._site, instance)
        assets = site.assets(instance)
        catalogue = self._shelf.of(instance, assets, lambda: site.person_schema(instance))
        world = World(
            catalogue,
            assets,
            site.people(instance),
            self._shares.of(instance.instance_id),
            lambda: wanted() and self._clock() < until,
        )
        return Effect(saved, draft, world).count()

    def _saved(self, instance: InstanceReference) -> Visibility:
        if self._settings.assets_access(instance) is None:
            raise NotConfigured(CONNECT_ASSETS())
        return self._settings.visibility(instance)


def _require_known(site: ReadOnlySite, instance: InstanceReference, account_id: AccountId) -> None:
    try:
        user = site.people(instance).user(account_id)
    except NotAllowed:
        raise ServiceFailed(APP_MAY_NOT()) from None
    if user is None:
        raise InputRefused(problems=[Problem("person", NOBODY())])


def _shown(account: Account) -> Json:
    return {
        "account_id": account.id,
        "name": sendable(account.display_name),
        "email": sendable(account.email) if account.email else None,
        "customer": account.kind == "customer",
    }
