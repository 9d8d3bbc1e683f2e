"""`my-assets vendor receipt`: the public key, and checking receipts offline with it.

Checking takes files only: no settings, no network, nothing of this deployment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from app.goodbye.verifying import (
    LARGEST_FILE,
    Checked,
    NotValid,
    PublicKeys,
    check,
    check_chain,
    read_keys,
    read_receipt,
)
from app.outside.aws.kms_signing import KmsSigner
from app.settings import Settings
from app.wiring.aws import aws_clients
from app.words import Json

_TOLD: Final = ("number", "instance_id", "generation", "cause", "ended_at", "erased_at")


def public_key(settings: Settings) -> int:
    """Print the receipts' public key as PEM."""
    signer = KmsSigner(aws_clients(settings).kms, settings.receipt_key_id)
    print(signer.public_key().pem, end="")  # noqa: T201 - the result
    return 0


def verify(receipts: str, public_key: str) -> int:
    """0: every signature is good and, of a folder, the chain is whole. 1: it is not.

    Raises LookupError: there is no such file, or no usable public key in it.
    """
    try:
        keys = read_keys(_text(Path(public_key)))
    except NotValid as fault:
        raise LookupError(f"{public_key}: {fault}") from None
    checked, faults = _check_each(_files(Path(receipts)), keys)
    if Path(receipts).is_dir():
        faults += check_chain(checked) if checked or faults else ["There are no receipts there."]
    print(json.dumps(_result(checked, faults), indent=2))  # noqa: T201 - the result
    for each in faults:
        print(each, file=sys.stderr)  # noqa: T201
    return 1 if faults else 0


def _result(checked: Mapping[str, Checked], faults: list[str]) -> Json:
    good = sorted(checked.items(), key=lambda one: one[1].number)
    told = [{"file": name} | {key: each.told.get(key) for key in _TOLD} for name, each in good]
    return {"valid": not faults, "receipts": told, "faults": faults}


def _check_each(files: Iterable[Path], keys: PublicKeys) -> tuple[dict[str, Checked], list[str]]:
    checked: dict[str, Checked] = {}
    faults: list[str] = []
    for file in files:
        try:
            checked[file.name] = check(read_receipt(_text(file)), keys)
        except NotValid as fault:
            faults.append(f"{file.name}: {fault}")
    return checked, faults


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise LookupError(f"{path}: there is no such file or folder.")
    return sorted(path.glob("*.json")) if path.is_dir() else [path]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1).decode("utf-8", "replace")
    except OSError:
        raise LookupError(f"{path}: cannot be read.") from None
