"""The one decision: whether this viewer sees this asset, what of it, and why. Pure, no I/O.

List, export and explanation all ask here, so that no two of them can disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from app.inventory import AssetObject, Attribute
from app.my_assets.access import may_enter
from app.my_assets.catalogue import Catalogue
from app.my_assets.hiding import Hiding
from app.my_assets.ownership import NEEDS_PERSON, Claim, claims
from app.my_assets.who import Person, Viewer
from app.site_settings.documents import Visibility

RuleKind = Literal["access", "owner", "hidden_schema", "hidden_object_type"]
Shown = tuple[tuple[str, tuple[str, ...]], ...]  # attribute names with the texts of their values


@dataclass(frozen=True)
class Reason:
    """What one kind of rule says about one asset. It holds nothing of the asset."""

    rule: RuleKind
    outcome: str
    passes: bool


@dataclass(frozen=True)
class Verdict:
    """Visible exactly if every reason passes; there is no other way to be seen."""

    reasons: tuple[Reason, ...]

    @property
    def visible(self) -> bool:
        return bool(self.reasons) and all(one.passes for one in self.reasons)

    @property
    def owned(self) -> bool:
        return any(one.rule == "owner" and one.passes for one in self.reasons)


def needs_person(visibility: Visibility) -> bool:
    return any(rule.match in NEEDS_PERSON for rule in visibility.owner_rules)


def needs_address(visibility: Visibility) -> bool:
    return any(rule.match == "email" for rule in visibility.owner_rules)


class Decision:
    """For one viewer, at one moment. `known_groups`: the named groups that Jira knows, if asked."""

    def __init__(
        self,
        visibility: Visibility,
        viewer: Viewer,
        person: Person | None,
        catalogue: Catalogue,
        known_groups: Collection[str] | None = None,
    ) -> None:
        self._visibility = visibility
        self._viewer = viewer
        self._person = person
        self._catalogue = catalogue
        self._hiding = Hiding(visibility, catalogue)
        self.may_enter = may_enter(visibility.access, viewer, known_groups)
        self._claims: dict[str, tuple[Claim, ...]] = {}
        self._by_type: dict[str, tuple[Reason, ...]] = {}
        self._attributes: dict[str, tuple[Attribute, ...]] = {}

    def judge(self, asset: AssetObject) -> Verdict:
        """The reasons for and against showing the asset, the same for whoever asks."""
        return Verdict((self._owner_reason(asset), *self._type_reasons(asset.object_type_id)))

    def was_asked_for(self, asset: AssetObject) -> bool:
        """Whether an owner rule reaches the type: then a row that is not owned is an alarm."""
        return bool(self._claims_to(asset.object_type_id))

    def asked(self, wanted: Callable[[str], bool]) -> Mapping[str, frozenset[str]]:
        """AQL condition to types: what to ask Assets, of the visible types that are wanted."""
        by_condition: dict[str, set[str]] = {}
        if not self.may_enter:
            return {}
        for type_id in self._catalogue.types:
            if not wanted(type_id) or self._hiding.hides(type_id):
                continue
            for claim in self._claims_to(type_id):
                by_condition.setdefault(claim.condition, set()).add(type_id)
        return {condition: frozenset(types) for condition, types in by_condition.items()}

    def shown(self, asset: AssetObject) -> Shown:
        """The attributes and texts that may be shown of a visible asset, in order."""
        type_id = asset.object_type_id
        if type_id not in self._attributes:
            self._attributes[type_id] = self._hiding.attributes(type_id)
        return tuple(
            (attribute.name, self._texts(attribute, asset))
            for attribute in self._attributes[type_id]
        )

    def _texts(self, attribute: Attribute, asset: AssetObject) -> tuple[str, ...]:
        values = asset.values.get(attribute.id, ())
        shown = (one.text for one in values if self._hiding.shows_value(attribute, one))
        return tuple(text for text in shown if text)

    def _claims_to(self, type_id: str) -> tuple[Claim, ...]:
        if type_id not in self._claims:
            self._claims[type_id] = claims(
                self._visibility.owner_rules, self._viewer, self._person, self._catalogue, type_id
            )
        return self._claims[type_id]

    def _owner_reason(self, asset: AssetObject) -> Reason:
        for claim in self._claims_to(asset.object_type_id):
            if claim.holds_for(asset.values.get(claim.attribute.id, ()), self._person):
                return Reason("owner", f"yours_by_{claim.match}", passes=True)
        return Reason("owner", "not_yours", passes=False)

    def _type_reasons(self, type_id: str) -> tuple[Reason, ...]:
        if type_id not in self._by_type:
            schema_hidden = self._hiding.schema_is_hidden(type_id)
            type_hidden = self._hiding.type_is_hidden(type_id)
            self._by_type[type_id] = (
                Reason("access", "allowed" if self.may_enter else "refused", self.may_enter),
                Reason("hidden_schema", _hidden(schema_hidden), not schema_hidden),
                Reason("hidden_object_type", _hidden(type_hidden), not type_hidden),
            )
        return self._by_type[type_id]


def _hidden(hidden: bool) -> str:  # noqa: FBT001 - a yes or no that becomes a word
    return "hidden" if hidden else "not_hidden"
