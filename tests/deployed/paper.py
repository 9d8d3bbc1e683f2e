"""docs/evidence/deployed.md, from what was seen. Says also what ministack does not do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.deployed.prove import Seen

PAPER: Final = Path(__file__).parents[2] / "docs/evidence/deployed.md"
# What ministack 1.5 does otherwise than AWS, and where that is held to instead.
ELSEWHERE: Final = """\
| otherwise than AWS | held to by |
|---|---|
| Of a table made by CloudFormation it leaves out settings (see below). | `tests/infra/test_things.py` |
| Its KMS checks no key policy and no tampering; its cipher is none. | the role table cell by cell on the template's policies: `tests/infra/test_least_power.py`; the seals on a strict stand-in: `tests/vault` |
| IAM refuses nobody, as it is started here. | each role's actions, read from the template: `tests/infra/test_least_power.py` |
| Its REST API hands over a decoded path; AWS's does not. | events in AWS's shape through the function's own door: `tests/lambdas/test_web.py` |
| It knows no firewall before a stage; a sandbox is made without one. | `tests/infra/test_firewall.py` |
| Nobody serves TLS, certificates or names: a stand-in on loopback passes each call on under the custom domain. | `tests/infra/test_things.py` |
| No alarm is told, no line is counted. | alarms, filters and runbooks against what the source logs: `tests/infra/test_things.py` |
| A function is a process of this machine: memory, time limits and Amazon Linux are not AWS's. | wheels for glibc 2.17 and up, bytecode of the same Python: `tests/infra/test_package.py` |
| Retention, lifetimes of messages and throttling are set and not lived through. | `tests/infra/test_things.py` |
"""  # noqa: E501 - rows of a table


def write(seen: Seen) -> None:
    """Write it anew."""
    pieces = [_head(seen), _saw(seen), _resources(seen), _not_done(seen)]
    PAPER.write_text("\n\n".join(pieces) + "\n")
    print(f"  wrote {PAPER.name}")


def _head(seen: Seen) -> str:
    at, took = datetime.now(UTC).strftime("%Y-%m-%d"), seen.seconds
    return f"""\
# The real template, deployed

Written by `make prove` on {at}, in {took["all of it"]:.0f} seconds (bootstrap
{took["cdk bootstrap"]:.0f}, deploy {took["cdk deploy"]:.0f}).
`PROOF=deployed make prove` does it again, `make deploy-local` shows it.

`cdk bootstrap` and `cdk deploy` of `infra/`, as for AWS, into ministack in an environment of its
own; the real package runs as the functions. Around it the sandbox's Jira site, Assets, Entra ID and
Graph, on loopback. The package was built twice to the same bytes, sha256
`{seen.package}`."""


def _saw(seen: Seen) -> str:
    rows = [f"| {name} | {_cell(saw)} |" for name, saw in seen.saw]
    return "\n".join(["## The main job", "", "| step | what was seen |", "|---|---|", *rows])


def _resources(seen: Seen) -> str:
    rows = [f"| `{kind}` | {count} |" for kind, count in sorted(seen.resources.items())]
    total = sum(seen.resources.values())
    title = f"## What CloudFormation made: {total} things"
    return "\n".join([title, "", "| type | |", "|---|---|", *rows])


def _not_done(seen: Seen) -> str:
    rows = [f"| {name} | {_cell(value)} |" for name, value in seen.applied.items()]
    told = ["Asked after the deployment:", "", "| setting | in ministack |", "|---|---|", *rows]
    return "## What ministack does not do\n\n" + ELSEWHERE + "\n" + "\n".join(told)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")[:200]
