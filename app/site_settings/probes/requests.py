"""Probe of `requests`: the service desk, the request type and the asset field are there."""

from __future__ import annotations

from collections.abc import Iterator

from app.errors import CredentialRefused, NotAllowed, NotThere
from app.site_settings.documents import Requests
from app.site_settings.findings import Finding, Probed, error, warning
from app.site_settings.ports import AccountSite
from app.site_settings.probes.question import Question
from app.site_settings.reach import CannotLook, saved_account


def probe_requests(question: Question) -> Probed:
    """Raises the service errors when the site does not answer."""
    rules = question.rules
    if not isinstance(rules, Requests):
        raise TypeError("the form of another part")
    try:
        _, site = saved_account(question.instance, question.reader, question.outside)
        return Probed(tuple(_looked_up(rules, site)))
    except CannotLook as reason:
        why = str(reason)
    except (CredentialRefused, NotAllowed, NotThere):
        why = "the saved account may not look it up"
    message = f"Whether this service desk and request type exist was not checked: {why}."
    return Probed((warning("service_desk_id", message),))


def _looked_up(rules: Requests, site: AccountSite) -> Iterator[Finding]:
    if rules.service_desk_id not in {desk.id for desk in site.service_desks()}:
        yield error("service_desk_id", "The saved account sees no service desk with this id.")
        return
    types = {kind.id for kind in site.request_types(rules.service_desk_id)}
    if rules.request_type_id not in types:
        yield error("request_type_id", "This service desk has no request type with this id.")
        return
    if rules.asset_field_id is not None:
        fields = site.request_fields(rules.service_desk_id, rules.request_type_id)
        if rules.asset_field_id not in {field.id for field in fields}:
            yield error("asset_field_id", "This request type has no field with this id.")
