"""A small reader of AQL, for stand-ins: the subset this app uses, as loose as the real thing.

`=` ignores case and takes a display name, a label or an account id; LIKE means contains.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([A-Za-z0-9_:@-]+)|(==|!=|=|[(),.]))')
OPERATORS = {"=", "==", "!=", "IN", "NOT", "LIKE", "STARTSWITH", "IS"}
Test = Callable[[str], bool]


class BadAql(ValueError):
    """What Assets would answer with 400."""


@dataclass(frozen=True)
class Term:
    path: tuple[str, ...]
    quoted: bool
    test: Test | None  # None: IS EMPTY
    filled: bool = False  # then: IS NOT EMPTY


@dataclass(frozen=True)
class Both:
    parts: tuple[Node, ...]
    any_: bool


Node = Term | Both


@dataclass(frozen=True)
class Question:
    where: Node
    order_by: str
    descending: bool


def read_aql(text: str) -> Question:
    return _Reader(_tokens(text)).question()


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise BadAql(text[at : at + 20])
        at = match.end()
        if match.group(1) is not None:
            found.append(("text", re.sub(r"\\(.)", r"\1", match.group(1))))
        elif match.group(2):
            found.append(("word", match.group(2)))
        else:
            found.append(("sign", match.group(3)))
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def question(self) -> Question:
        where = self.either()
        order, descending = "label", False
        if self.word("ORDER"):
            self.must("BY")
            order = self.value()
            descending = self.word("DESC") or (self.word("ASC") and False)
        if self.at != len(self.tokens):
            raise BadAql("more follows")
        return Question(where, order, descending)

    def either(self) -> Node:
        parts = [self.both()]
        while self.word("OR"):
            parts.append(self.both())
        return Both(tuple(parts), any_=True)

    def both(self) -> Node:
        parts = [self.term()]
        while self.word("AND"):
            parts.append(self.term())
        return Both(tuple(parts), any_=False)

    def term(self) -> Node:
        if self.sign("("):
            inner = self.either()
            self.closing()
            return inner
        quoted = self.peek()[0] == "text"
        path = [self.value()]
        while self.sign("."):
            path.append(self.value())
        if self.is_filled():
            return Term(tuple(path), quoted, None, filled=True)
        return Term(tuple(path), quoted, self.test())

    def is_filled(self) -> bool:
        start = self.at
        if self.word("IS") and self.word("NOT"):
            self.must("EMPTY")
            return True
        self.at = start
        return False

    def test(self) -> Test | None:
        if self.sign("=") or self.sign("=="):
            wanted = self.value().lower()
            return lambda said: said.lower() == wanted
        if self.word("LIKE"):
            wanted = self.value().lower()
            return lambda said: wanted in said.lower()
        if self.word("IN"):
            if not self.sign("("):
                raise BadAql("IN needs a list")
            wanted_all = [self.value().lower()]
            while self.sign(","):
                wanted_all.append(self.value().lower())
            self.closing()
            if len(wanted_all) > 100:
                raise BadAql("too many values")
            return lambda said: said.lower() in wanted_all
        if self.word("IS"):
            filled = self.word("NOT")
            self.must("EMPTY")
            return bool if filled else None
        raise BadAql("no operator")

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def word(self, wanted: str) -> bool:
        kind, said = self.peek()
        return kind == "word" and said.upper() == wanted and self.step()

    def sign(self, wanted: str) -> bool:
        return self.peek() == ("sign", wanted) and self.step()

    def must(self, wanted: str) -> None:
        if not self.word(wanted):
            raise BadAql(f"{wanted} expected")

    def closing(self) -> None:
        if not self.sign(")"):
            raise BadAql(") expected")

    def value(self) -> str:
        kind, said = self.peek()
        if kind not in ("text", "word"):
            raise BadAql("a name or value expected")
        self.step()
        return said

    def step(self) -> bool:
        self.at += 1
        return True
