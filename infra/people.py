"""Who is who: each function and each person's role, its IAM role, and its row of the role table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from app.vault.key_policies import Arns
from app.vault.parts import Role
from infra.deployment import Deployment

FunctionName = Literal["web", "worker", "scheduler", "cleanup"]
RewrapName = Literal["rewrap-open", "rewrap-rest"]
DeskName = Literal["vendor-desk"]
Name = FunctionName | RewrapName | DeskName

ROWS: Final[Mapping[FunctionName, Role]] = {
    "web": "web",
    "worker": "worker",
    "scheduler": "scheduler",
    "cleanup": "cleanup",
}
# Who is asked by the clock, and how often.
CLOCKS: Final[Mapping[FunctionName, str]] = {
    "scheduler": "rate(1 minute)",
    "cleanup": "rate(1 hour)",
}
REWRAP: Final[tuple[RewrapName, ...]] = ("rewrap-open", "rewrap-rest")
# Staff looks through it, so it stands in the row of a person of the vendor's: no cell at all.
DESK: Final[DeskName] = "vendor-desk"


def principals(deployment: Deployment) -> Arns:
    """The IAM roles behind each row of the role table. No person's role stands for a function."""
    arns: dict[Role, list[str]] = {"key-administrator": list(deployment.administrators)}
    for function, row in ROWS.items():
        arns.setdefault(row, []).append(deployment.role_arn(function))
    for name in REWRAP:
        arns[name] = [deployment.role_arn(name)]
    arns["vendor-person"] = [deployment.role_arn(DESK)]
    return arns
