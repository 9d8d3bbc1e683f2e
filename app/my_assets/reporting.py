"""Telling the service desk about one's own asset: whose it is, is asked of Assets first, anew."""

from __future__ import annotations

import re
from typing import Final

from app.errors import (
    Clash,
    CredentialRefused,
    NotAllowed,
    NotConfigured,
    NotThere,
    OutcomeUnknown,
    RequestRefused,
    ServiceFailed,
    SettingsUnreadable,
    SiteTokenMissing,
)
from app.instances.reference import InstanceReference
from app.inventory import AssetObject
from app.my_assets.look import Look
from app.my_assets.ports import Assets, Settings, Site
from app.my_assets.report import Report, field_values
from app.said import Sentence
from app.words import AccountId, Json

CHOOSE_TYPE: Final = Sentence(
    "first.requests", "An administrator has to choose a request type first."
)

_OBJECT_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_NOT_TAKEN: Final = Sentence(
    "report.not_taken",
    "The service desk did not take the request: you may not be one of its customers, or it asks "
    "for more than this form has. Your IT service desk can help.",
)
_UNKNOWN: Final = Sentence("report.unknown", "Look at your requests before you send it again.")


class Reporting:
    def __init__(self, settings: Settings, site: Site) -> None:
        self._settings = settings
        self._site = site

    def send(
        self,
        instance: InstanceReference,
        caller: AccountId,
        look: Look,
        object_id: str,
        report: Report,
    ) -> str:
        """The key of the request made. Raises NotConfigured, NotThere, Clash, OutcomeUnknown."""
        chosen = self._settings.requests(instance)
        if chosen is None:
            raise NotConfigured(CHOOSE_TYPE())
        asset = visible_asset(look, self._site.assets(instance), object_id)
        workspace_id = self._site.workspace_id(instance)
        values = field_values(report, asset, workspace_id, chosen.asset_field_id)
        desk = self._site.service_desk(instance)
        try:
            return desk.raise_request(
                chosen.service_desk_id, chosen.request_type_id, caller, values
            )
        except (NotAllowed, NotThere, RequestRefused):
            raise Clash(_NOT_TAKEN()) from None
        except (CredentialRefused, SettingsUnreadable, SiteTokenMissing):
            raise  # nothing was made
        except ServiceFailed:
            # No answer, a gateway's, or one without the key: the request may have been made.
            raise OutcomeUnknown(_UNKNOWN()) from None


def visible_asset(look: Look, assets: Assets, object_id: str) -> AssetObject:
    """The asset, if the list shows it to this viewer. Raises NotThere for all else, alike."""
    if not _OBJECT_ID.fullmatch(object_id):
        raise NotThere
    try:
        asset = assets.object(object_id)
    except (NotAllowed, NotThere):
        raise NotThere from None
    if asset is None or asset.id != object_id or not look.decision.judge(asset).visible:
        raise NotThere
    return asset


def told(instance: InstanceReference, request_key: str) -> Json:
    """`url` is None where the site's address is not known yet. Jira shows it to customers too."""
    site = instance.base_url
    url = f"{site.rstrip('/')}/browse/{request_key}" if site else None
    return {"request_key": request_key, "url": url}
