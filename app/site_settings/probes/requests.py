"""Probe of `requests`: the service desk, the request type and the asset field are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.errors import CredentialRefused, NotAllowed, NotThere
from app.said import Sentence
from app.site_settings.documents import Requests
from app.site_settings.findings import Finding, Probed, error, warning
from app.site_settings.ports import AccountSite
from app.site_settings.probes.question import Question
from app.site_settings.reach import MAY_NOT_LOOK, CannotLook, saved_account

NOT_CHECKED: Final = Sentence(
    "requests.not_checked",
    "Whether this service desk and request type exist was not checked: {why}.",
)
NO_DESK: Final = Sentence(
    "requests.no_desk", "The saved account sees no service desk with this id."
)
NO_TYPE: Final = Sentence("requests.no_type", "This service desk has no request type with this id.")
NO_FIELD: Final = Sentence("requests.no_field", "This request type has no field with this id.")
OWN_FIELD: Final = Sentence(
    "requests.own_field", "A report fills this field itself. Choose one that takes Assets objects."
)
# What a report writes for itself: an asset in its place would be what the person typed.
_WRITTEN: Final = ("summary", "description")


def probe_requests(question: Question) -> Probed:
    """Raises the service errors when the site does not answer."""
    rules = question.rules
    if not isinstance(rules, Requests):
        raise TypeError("the form of another part")
    try:
        _, site = saved_account(question.instance, question.reader, question.outside)
        return Probed(tuple(_looked_up(rules, site)))
    except CannotLook as reason:
        why = reason.said
    except (CredentialRefused, NotAllowed, NotThere):
        why = MAY_NOT_LOOK()
    return Probed((warning("service_desk_id", NOT_CHECKED(why=why)),))


def _looked_up(rules: Requests, site: AccountSite) -> Iterator[Finding]:
    if rules.service_desk_id not in {desk.id for desk in site.service_desks()}:
        yield error("service_desk_id", NO_DESK())
        return
    types = {kind.id for kind in site.request_types(rules.service_desk_id)}
    if rules.request_type_id not in types:
        yield error("request_type_id", NO_TYPE())
        return
    if rules.asset_field_id is not None:
        yield from _field(rules, rules.asset_field_id, site)


def _field(rules: Requests, wanted: str, site: AccountSite) -> Iterator[Finding]:
    fields = site.request_fields(rules.service_desk_id, rules.request_type_id)
    if wanted not in {field.id for field in fields}:
        yield error("asset_field_id", NO_FIELD())
    elif wanted in _WRITTEN:
        yield error("asset_field_id", OWN_FIELD())
