"""What a probe found: errors stop a save, warnings are only told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from app.errors import InputRefused, Problem
from app.said import Said, told
from app.words import Json


@dataclass(frozen=True)
class Finding:
    """`field` is the field it is about; `message` says what is wrong and what to do."""

    field: str
    severity: Literal["error", "warning"]
    message: Said

    def shown(self) -> Json:
        shown = {"field": self.field, "severity": self.severity, "message": self.message}
        return {**shown, **told(self.message)}


@dataclass(frozen=True)
class Probed:
    """`learned` is kept beside a secret, since it cannot be asked of the secret again."""

    findings: tuple[Finding, ...] = ()
    learned: Mapping[str, Any] = field(default_factory=dict)


def error(about: str, message: Said) -> Finding:
    return Finding(about, "error", message)


def warning(about: str, message: Said) -> Finding:
    return Finding(about, "warning", message)


def errors_in(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def refuse_errors(findings: Sequence[Finding]) -> None:
    """Raises InputRefused with every error; warnings pass."""
    wrong = errors_in(findings)
    if wrong:
        raise InputRefused(problems=[Problem(one.field, one.message) for one in wrong])
