"""The CDK app: `cdk deploy --app "python -m infra.app" -c deployment=my.json`.

Needs what `make package` made; `-c package=…` names another one. It asks AWS nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from aws_cdk import App

from app.settings import SettingsFault
from infra.deployment import DeploymentFault, read_deployment
from infra.package import PACKAGE
from infra.stack import make_stack


def main() -> int:
    """Write the template; gives the exit code."""
    app = App(analytics_reporting=False)
    given, package = (app.node.try_get_context(name) for name in ("deployment", "package"))
    if not given:
        print("Name the deployment's file: -c deployment=my.json", file=sys.stderr)
        return 2
    try:
        make_stack(app, read_deployment(Path(given)), Path(package or PACKAGE))
    except (DeploymentFault, SettingsFault, OSError) as fault:
        print(fault, file=sys.stderr)
        return 2
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
