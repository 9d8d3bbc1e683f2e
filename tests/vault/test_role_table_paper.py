"""`docs/role-table.md` is made from the table; this prints what it should say when they differ."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.vault.parts import DOCUMENTS, Lock
from app.vault.roles import OPERATIONS, ROLES, TABLE, cells, granted

PAPER: Final = Path(__file__).parents[2] / "docs" / "role-table.md"
_LOCKS: Final[tuple[tuple[Lock, str], ...]] = (
    ("instance", "the instance key: the outer lock of every document"),
    ("settings", "the settings key: the inner lock where no Encryption String is"),
)


HEAD: Final = """\
# Who may do what with the keys

Made from `app/vault/roles.py`. `tests/vault/test_roles.py` tries every cell on a strict key
service, under the key policies that are generated from the same table. **make** is KMS's
GenerateDataKey, **open** Decrypt, **rewrap** ReEncrypt: out of a previous key, into the one in use.
Forgetting is deleting a wrapped key from the instance reference, without a call of KMS.
"""


def rendered() -> str:
    lines = [HEAD]
    for lock, title in _LOCKS:
        lines += [
            f"## With {title}",
            "",
            "| document | make | open | rewrap |",
            "|---|---|---|---|",
        ]
        lines += [row(name, lock) for name in sorted(DOCUMENTS) if lock in DOCUMENTS[name].locks]
        lines.append("")
    used = {cell.role for cell in cells()}
    lines += [
        f"- No cell at all: {', '.join(role for role in ROLES if role not in used)}.",
        f"- Administers keys: {', '.join(role for role in ROLES if TABLE[role].administers)}.",
        f"- Forgets: {', '.join(role for role in ROLES if TABLE[role].forgets)}.",
    ]
    return "\n".join(lines) + "\n"


def row(name: str, lock: Lock) -> str:
    columns = (
        ", ".join(role for role in ROLES if name in granted(role, operation, lock))
        for operation in OPERATIONS
    )
    return f"| `{name}` | {' | '.join(columns)} |"


def test_the_paper_says_what_the_table_says() -> None:
    assert PAPER.read_text() == rendered()
