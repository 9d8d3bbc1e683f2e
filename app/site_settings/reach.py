"""Reaches the site and its Assets with the account that `assets-access` holds already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from app.errors import CredentialRefused, NotAllowed, NotThere, SettingsUnreadable
from app.instances.reference import InstanceReference
from app.inventory import ObjectType, Schema
from app.said import Said, Sentence
from app.site_settings.documents import AssetsAccess
from app.site_settings.ports import AccountSite, Assets, Outside
from app.site_settings.reading import SettingsReader

# Each stands behind a colon of another sentence.
MAY_NOT_LOOK: Final = Sentence("look.may_not", "the saved account may not look it up")
UNREADABLE: Final = Sentence(
    "look.unreadable", "the saved account of assets-access cannot be opened"
)
NOT_SET_UP: Final = Sentence("look.not_set_up", "assets-access is not set up yet")
DEAD_TOKEN: Final = Sentence("look.dead_token", "Jira no longer accepts the saved API token")
NO_ASSETS: Final = Sentence("look.no_assets", "the saved account sees no Assets on this site")


@dataclass(frozen=True)
class Reach:
    """The saved account at work: the site as it sees it, and its Assets workspace."""

    access: AssetsAccess
    site: AccountSite
    workspace_id: str
    assets: Assets


class CannotLook(Exception):
    """The saved account cannot be used to look something up. `said` tells a person why."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said


def saved_account(
    instance: InstanceReference, reader: SettingsReader, outside: Outside
) -> tuple[AssetsAccess, AccountSite]:
    """The saved account and the site as it sees it, known to be alive.

    A dead token gets empty lists; asked who it is, it cannot hide. Raises CannotLook.
    """
    try:
        access = reader.assets_access(instance)
    except SettingsUnreadable:
        raise CannotLook(UNREADABLE()) from None
    if access is None:
        raise CannotLook(NOT_SET_UP())
    site = outside.account_site(instance, access)
    if access.mode == "app":
        return access, site  # a token of the app that is dead is refused at every call
    try:
        site.myself()
    except CredentialRefused:
        raise CannotLook(DEAD_TOKEN()) from None
    return access, site


def reach(instance: InstanceReference, reader: SettingsReader, outside: Outside) -> Reach:
    """Raises CannotLook, and the service errors when the site does not answer."""
    access, site = saved_account(instance, reader, outside)
    try:
        workspace_id = site.workspace_id()
    except (NotAllowed, NotThere):
        workspace_id = None
    if workspace_id is None:
        raise CannotLook(NO_ASSETS())
    return Reach(access, site, workspace_id, outside.assets(instance, access, workspace_id))


def readable_types(
    assets: Assets, schemas: Iterable[Schema]
) -> Iterator[tuple[Schema, ObjectType]]:
    """Every object type with its schema. The probe of `assets-access` names what is left out."""
    for schema in schemas:
        try:
            types = assets.object_types(schema.id)
        except (NotAllowed, NotThere):
            continue
        for kind in types:
            yield schema, kind
