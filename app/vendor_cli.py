"""The commands of `my-assets vendor`: their arguments, and which function of the wiring does it."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.settings import Settings

RECEIPTS = "receipts"
LONGEST_REASON = 200
FIRST_YEAR, LAST_YEAR = 1970, 9000  # days are added to times, and taken off
RIGHTS = ("access", "correct", "delete", "restrict", "object", "export")


def moment(text: str) -> datetime:
    """A time of the command line. Raises what argparse takes for a wrong value."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError("a time zone is missing; write 2026-11-21T12:00:00Z")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError("no time that anything of ours could have")
    return found


def _reason(text: str) -> str:
    """It stands in a log line: nobody's address belongs there."""
    if not text.strip() or len(text) > LONGEST_REASON or not text.isprintable() or "@" in text:
        raise argparse.ArgumentTypeError("1 to 200 printable characters, and nobody's address")
    return text.strip()


def port(text: str) -> int:
    """A port of the command line. Raises what argparse takes for a wrong value."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


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
    dump = commands.add_parser("dump", help="all that lies here, and whether the keys open it")
    desk = commands.add_parser("desk", help="serve the web desk of vendor personnel")
    desk.add_argument("--host", default="127.0.0.1")
    desk.add_argument("--port", type=port, default=8001)
    instances = commands.add_parser("instances", help="the references of instances, nothing else")
    instances.add_argument("--json", action="store_true", help="every column, as JSON")
    cleanup = commands.add_parser("cleanup", help="erase what is due, and write receipts")
    cleanup.add_argument("--dry-run", action="store_true", help="only tell what would be done")
    _add_place_and_time(cleanup)
    purge = commands.add_parser("purge", help="erase a silent instance; takes two identities")
    purge.add_argument("instance_id", metavar="ID")
    purge.add_argument("--reason", required=True, type=_reason, help="a ticket; never a person")
    _add_place_and_time(purge)
    rights = commands.add_parser("rights", help="answer what somebody has a right to")
    _add_rights(rights)
    for looking in (cleanup, dump, instances, rewrap, rights):
        looking.add_argument("--reason", type=_reason, help="a ticket, for the line of the log")
    _add_receipt(commands.add_parser("receipt", help="the public key, and checking receipts"))


def _add_place_and_time(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--receipts", metavar="DIR", default=RECEIPTS, help="default: receipts/")
    parser.add_argument("--now", type=moment, help="ISO 8601, UTC; sandbox only")


def _add_rights(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("right", choices=(*RIGHTS, "schema"))
    about = parser.add_mutually_exclusive_group()
    about.add_argument("--instance", metavar="ID", help="of an instance; without it, of a person")
    about.add_argument("--receipts", metavar="DIR", default=RECEIPTS, help="default: receipts/")
    parser.add_argument("--received", type=moment, help="when the question came; ISO 8601, UTC")


def _add_receipt(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="receipt_command", required=True)
    commands.add_parser("public-key", help="print it as PEM")
    verify = commands.add_parser("verify", help="check one receipt, or a folder's chain, offline")
    verify.add_argument("path", metavar="FILE_OR_DIR")
    verify.add_argument("--public-key", required=True, metavar="PEM_FILE")


def is_desk(asked: argparse.Namespace) -> bool:
    """Whether a command is the web desk, which has variables of its own."""
    return getattr(asked, "vendor_command", None) == "desk"


def is_offline(asked: argparse.Namespace) -> bool:
    """Whether a command takes files only: whoever checks a receipt has none of our settings."""
    return getattr(asked, "receipt_command", None) == "verify"


def run_offline(asked: argparse.Namespace) -> int:
    """Run it without any settings. Gives its exit code; raises LookupError."""
    from app.wiring.vendor_receipts import verify

    return verify(asked.path, asked.public_key)


def run_vendor(asked: argparse.Namespace, settings: Settings) -> int:
    """Run one of them. Gives its exit code."""
    # Imported here: a wrong setting is named without waiting for the whole app to load.
    from app.wiring.vendor_audit import LOOKS, looked

    if asked.vendor_command in LOOKS and getattr(asked, "right", None) != "schema":
        instance_id = getattr(asked, "instance", None) or getattr(asked, "instance_id", None)
        looked(settings, asked.vendor_command, instance_id, asked.reason)
    match asked.vendor_command:
        case "dump":
            from app.wiring.vendor_dump import dump

            return dump(settings)
        case "instances":
            from app.wiring.vendor_instances import instances

            return instances(settings, as_json=asked.json)
        case "cleanup":
            from app.wiring.vendor_cleanup import cleanup

            return cleanup(settings, asked.receipts, asked.now, dry=asked.dry_run)
        case "purge":
            from app.wiring.vendor_purge import purge

            return purge(settings, asked.instance_id, asked.reason, asked.receipts, asked.now)
        case "rights":
            return _run_rights(asked, settings)
        case "receipt":
            from app.wiring.vendor_receipts import public_key

            return public_key(settings)
        case _:
            from app.wiring import vendor

            roles = vendor.REWRAP_ROLES if asked.role is None else (asked.role,)
            return vendor.rewrap(settings, roles, compact=asked.json)


def _run_rights(asked: argparse.Namespace, settings: Settings) -> int:
    from app.wiring import vendor_rights

    if asked.right == "schema":
        return vendor_rights.schema()
    if asked.instance is not None:
        return vendor_rights.rights_of_instance(
            settings, asked.right, asked.instance, asked.received
        )
    return vendor_rights.rights_of_person(settings, asked.right, asked.receipts, asked.received)
