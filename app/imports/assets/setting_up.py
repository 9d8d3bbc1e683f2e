"""Brings types, attributes and mapping in Assets to what the import needs, before an execution.

Additive: nothing that is there is renamed, retyped or removed.
"""

from __future__ import annotations

from typing import Final

from app.errors import NotAllowed
from app.imports.assets.mapping import mapping_document
from app.imports.assets.survey import look_around
from app.imports.kinds.table import JIRA_ACCOUNT, PERSON
from app.imports.kinds.turns import LEFT
from app.imports.run.additions import ASSETS_SAYS, MANAGER_ONLY
from app.imports.run.ground import Ground
from app.imports.run.patience import RunEnds, Steps, Wait
from app.imports.run.ports import MappingRefused
from app.imports.run.work import Work
from app.inventory import AttributeType
from app.words import Json

LOOKS: Final = 60
JIRA_ACCOUNT_BODY: Final[Json] = {
    "name": JIRA_ACCOUNT,
    "description": "The Jira account of this person",
    "type": int(AttributeType.USER),
    "additionalValue": "SHOW_PROFILE",
    "minimumCardinality": 0,
    "maximumCardinality": 1,
}


def is_set_up(ground: Ground) -> bool:
    person = ground.types.get(PERSON.name)
    account = PERSON not in ground.asked or (
        person is not None and JIRA_ACCOUNT in person.attributes
    )
    return ground.complete() and LEFT in ground.status_ids and account


def set_up(work: Work, ground: Ground) -> Steps[Ground]:
    """Send the mapping, wait for it, add what an import cannot make. Gives the new ground."""
    call = work.patience.call
    status = yield from call(work.import_way, lambda: work.executions.config_status(ground.links))
    first = status.status == "MISSING_MAPPING"
    document = mapping_document(ground)
    try:
        progress = yield from call(
            work.import_way,
            lambda: work.executions.put_mapping(ground.links, document, first=first),
        )
        for look in range(LOOKS * 5):
            if progress is None or (yield from _done(work, ground, progress)):
                break
            yield Wait(0.2 if look < 10 else 1.0)
    except MappingRefused as refused:
        codes = tuple(each.field for each in refused.problems)
        raise RunEnds("mapping_refused", more=ASSETS_SAYS(codes=codes) if codes else "") from None
    ground = yield from _wait_for_types(work, ground)
    return (yield from _add_jira_account(work, ground))


def _done(work: Work, ground: Ground, progress: str) -> Steps[bool]:
    return (
        yield from work.patience.call(
            work.import_way, lambda: work.executions.mapping_done(ground.links, progress)
        )
    )


def _wait_for_types(work: Work, ground: Ground) -> Steps[Ground]:
    for look in range(LOOKS):
        ground = yield from look_around(work, ground.links, ground.schema_id, ground.mapped)
        if ground.complete() and LEFT in ground.status_ids:
            return ground
        yield Wait(0.2 if look < 5 else 1.0)
    raise RunEnds("mapping_refused")


def _add_jira_account(work: Work, ground: Ground) -> Steps[Ground]:
    person = ground.types.get(PERSON.name)
    if person is None or PERSON not in ground.asked or JIRA_ACCOUNT in person.attributes:
        return ground

    def add() -> None:
        # Looked up anew each try: an answer that was lost may have made it.
        names = {each.name.casefold() for each in work.assets.attributes(person.id)}
        if JIRA_ACCOUNT.casefold() not in names:
            try:
                work.assets.create_attribute(person.id, JIRA_ACCOUNT_BODY)
            except NotAllowed:
                more = MANAGER_ONLY(schema=ground.schema_name)
                raise RunEnds("assets_not_allowed", more=more) from None

    yield from work.patience.call("assets", add)
    return (yield from look_around(work, ground.links, ground.schema_id, ground.mapped))
