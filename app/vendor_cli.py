"""The commands of `my-assets vendor`: their arguments, and which function of the wiring does it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.settings import Settings


def add_vendor(parser: argparse.ArgumentParser) -> None:
    """Describe every vendor command."""
    commands = parser.add_subparsers(dest="vendor_command", required=True)
    rewrap = commands.add_parser("rewrap", help="wrap every key anew under the KMS keys in use")
    rewrap.add_argument("--json", action="store_true", help="the summary on one line")
    rewrap.add_argument(
        "--as",
        dest="role",
        choices=("rewrap-open", "rewrap-rest"),
        help="the KMS role that this identity has taken on; without it, both",
    )
    commands.add_parser("dump", help="all that lies with the vendor, and whether its keys open it")
    instances = commands.add_parser("instances", help="the references of instances, nothing else")
    instances.add_argument("--json", action="store_true", help="every column, as JSON")


def run_vendor(asked: argparse.Namespace, settings: Settings) -> int:
    """Run one of them. Gives its exit code."""
    # Imported here: a wrong setting is named without waiting for the whole app to load.
    match asked.vendor_command:
        case "dump":
            from app.wiring.vendor_dump import dump

            return dump(settings)
        case "instances":
            from app.wiring.vendor_instances import instances

            return instances(settings, as_json=asked.json)
        case _:
            from app.wiring import vendor

            roles = vendor.REWRAP_ROLES if asked.role is None else (asked.role,)
            return vendor.rewrap(settings, roles, compact=asked.json)
