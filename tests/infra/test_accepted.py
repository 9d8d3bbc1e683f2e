"""What of cdk-nag is accepted: exactly what it still finds, each with its reason in words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from infra.accepted import ACCEPTED, Accepted
from tests.infra.conftest import Template

pytestmark = pytest.mark.infra
PACK = "AwsSolutions"
Finding = tuple[str, str]  # the rule, and the construct it found


def report(template: Template) -> dict[str, Any]:
    """What cdk-nag wrote when this very template was made."""
    whole = json.loads((template.file.parent / "validation-report.json").read_text())
    (found,) = [each for each in whole["pluginReports"] if each["pluginName"] == PACK]
    return dict(found)


def accepted_findings(told: dict[str, Any]) -> dict[Finding, str]:
    """What it found and was told to pass, with the reason that it was given."""
    return {
        (each["acknowledgedId"], construct["constructPath"]): each["reason"]
        for each in told["suppressedViolations"]
        for construct in each["violatingConstructs"]
    }


def entries(accepted: Iterable[Accepted]) -> dict[Finding, str]:
    return {
        (f"{PACK}::{PACK}-{each.rule}", f"MyAssets/{name}"): each.why
        for each in accepted
        for name in each.constructs
    }


def test_every_accepted_finding_is_one_that_cdk_nag_still_makes(template: Template) -> None:
    found = accepted_findings(report(template))
    assert set(entries(ACCEPTED)) - set(found) == set(), "accepted, and found no more"
    assert found == entries(ACCEPTED)


def test_whatever_else_it_finds_ends_the_synthesis(template: Template) -> None:
    told = report(template)
    assert (told["conclusion"], told["violations"]) == ("success", [])


@pytest.mark.parametrize(
    "stale",
    [
        Accepted("DDB3", ("Imports",), "a rule that does not look at this thing"),
        Accepted("S10", ("Receipts",), "a rule that finds nothing wrong with it"),
        Accepted("DDB3", ("Gone",), "a thing that is not there any more"),
    ],
)
def test_an_entry_that_nothing_needs_is_seen(template: Template, stale: Accepted) -> None:
    planted = entries([*ACCEPTED, stale])
    assert set(planted) - set(accepted_findings(report(template))) == set(entries([stale]))


def test_no_finding_is_accepted_twice_and_each_has_a_reason() -> None:
    named = [(each.rule, name) for each in ACCEPTED for name in each.constructs]
    assert len(named) == len(set(named))
    assert all(len(each.why) > 40 for each in ACCEPTED)
