"""`my-assets`: the commands of operators. Results on stdout; `serve` and `worker` log there too.

Exit codes: 0 done, 1 the work failed (reason on stderr), 2 wrong usage or configuration.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from app import logs
from app.errors import AppError
from app.files import descriptor_text
from app.settings import Settings, SettingsFault, read_settings
from app.vendor_cli import add_vendor, is_desk, is_offline, moment, port, run_offline, run_vendor

DONE: Final = 0
FAILED: Final = 1
WRONG: Final = 2
_LOGS_ON_STDOUT: Final = ("serve", "worker")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Gives its exit code."""
    asked = _parser().parse_args(arguments)
    if is_offline(asked):
        return _told(lambda: run_offline(asked))
    if is_desk(asked):
        return _run_desk(asked)
    try:
        settings = read_settings(os.environ, descriptor_key=json.loads(descriptor_text())["key"])
    except SettingsFault as fault:
        return _wrong(fault)
    if getattr(asked, "now", None) is not None and not settings.is_sandbox:
        print("--now is accepted in the sandbox only.", file=sys.stderr)
        return WRONG
    stream = sys.stdout if asked.command in _LOGS_ON_STDOUT else sys.stderr
    logs.configure(settings.log_level, stream)
    logging.captureWarnings(capture=True)
    return _told(lambda: _run(asked, settings))


def _run(asked: argparse.Namespace, settings: Settings) -> int:
    if asked.command == "vendor":
        return run_vendor(asked, settings)

    # Imported here: a wrong setting is named without waiting for the whole app to load.
    from app.wiring import commands

    match asked.command:
        case "serve":
            return commands.serve(settings, asked.host, asked.port)
        case "worker":
            return commands.work(settings)
        case "bootstrap":
            return commands.bootstrap(settings)
        case _:
            return commands.schedule(settings, asked.now)


def _told(run: Callable[[], int]) -> int:
    """The exit code of a command; what it failed with becomes a reason on stderr."""
    try:
        return run()
    except AppError as error:
        print(error.detail or error.title, file=sys.stderr)
    except (ClientError, BotoCoreError) as error:
        print(f"AWS refused or did not answer: {type(error).__name__}.", file=sys.stderr)
    except LookupError as error:
        print(error.args[0], file=sys.stderr)
        return WRONG
    return FAILED


def _run_desk(asked: argparse.Namespace) -> int:
    """Apart from all others: it reads variables of its own, and never loads what opens secrets."""
    from app.desk_settings import read_for_the_desk

    descriptor_key = json.loads(descriptor_text())["key"]
    try:
        settings, desk = read_for_the_desk(os.environ, descriptor_key=descriptor_key)
    except SettingsFault as fault:
        return _wrong(fault)
    logs.configure(settings.log_level, sys.stderr)
    logging.captureWarnings(capture=True)
    from app.wiring import vendor_desk

    return vendor_desk.serve(settings, desk, asked.host, asked.port)


def _wrong(fault: SettingsFault) -> int:
    for each in fault.faults:
        print(each, file=sys.stderr)
    return WRONG


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="my-assets", description="My Assets for Jira.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the app")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=port, default=8000)
    commands.add_parser("worker", help="take import work from the queue until stopped")
    commands.add_parser("bootstrap", help="create what is missing at the AWS endpoint")
    schedule = commands.add_parser("schedule", help="one scheduler tick")
    schedule.add_argument("--now", type=moment, help="ISO 8601, UTC; sandbox only")
    add_vendor(commands.add_parser("vendor", help="what vendor personnel may run"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
