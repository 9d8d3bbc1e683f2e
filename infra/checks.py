"""cdk-nag over the whole template, and what of it is accepted: each with its reason."""

from __future__ import annotations

from aws_cdk import Acknowledgment, App, Stack, Validations
from cdk_nag import AwsSolutionsChecks
from constructs import IConstruct

from infra.accepted import ACCEPTED


def add_checks(app: App, stack: Stack) -> None:
    """A finding that is not accepted ends the synthesis.

    What this deployment has not got is passed over; a test has everything in its template.
    """
    for each in ACCEPTED:
        for name in each.constructs:
            construct: IConstruct | None = stack.node.try_find_child(name)
            if construct is None:
                continue
            rule = f"AwsSolutions::AwsSolutions-{each.rule}"
            Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=each.why))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
