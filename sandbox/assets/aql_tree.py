"""AQL words parsed into a tree. OR binds weaker than AND. It knows no workspace."""

from sandbox.assets.aql_nodes import Both, Compare, Either, Name, Node, Query, Value
from sandbox.assets.aql_words import AqlInvalid, Word, read_words

MOST_VALUES_IN = 100  # what the contract allows; the real limit is not published


def parse(query: str) -> Query:
    """The tree of a query. Raises AqlInvalid."""
    return _Parser(read_words(query)).query()


class _Parser:
    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._at = 0

    @property
    def _next(self) -> Word:
        return self._words[self._at]

    def _take(self) -> Word:
        word = self._next
        self._at += 1
        return word

    def _take_if(self, *keywords: str) -> bool:
        if self._next.says(*keywords):
            self._at += 1
            return True
        return False

    def _take_sign(self, *signs: str) -> bool:
        if self._next.kind == "sign" and self._next.text in signs:
            self._at += 1
            return True
        return False

    def query(self) -> Query:
        if self._next.kind == "end":
            raise AqlInvalid("The query is empty.")
        condition = None if self._next.says("ORDER") else self._either()
        path, descending = self._order()
        if self._next.kind != "end":
            raise AqlInvalid(f"Unexpected: {self._next.text}")
        return Query(condition, path, descending)

    def _order(self) -> tuple[tuple[Name, ...], bool]:
        if not self._take_if("ORDER"):
            return (), False
        if not self._take_if("BY"):
            raise AqlInvalid("BY is missing after ORDER.")
        path = self._path()
        if self._take_if("DESC"):
            return path, True
        self._take_if("ASC")
        return path, False

    def _either(self) -> Node:
        parts = [self._both()]
        while self._take_if("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Node:
        parts = [self._factor()]
        while self._take_if("AND"):
            parts.append(self._factor())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _factor(self) -> Node:
        if not self._take_sign("("):
            return self._compare()
        inner = self._either()
        if not self._take_sign(")"):
            raise AqlInvalid("A closing bracket is missing.")
        return inner

    def _path(self) -> tuple[Name, ...]:
        """Steps joined by dots without spaces, each step quoted or not."""
        steps: list[Name] = []
        first = self._take()
        if first.kind not in ("word", "text"):
            raise AqlInvalid(f"A name is missing before: {first.text}")
        steps.extend(_steps(first))
        end = first.end
        while self._next.start == end and self._next.kind in ("word", "text"):
            word = self._take()
            end = word.end
            steps.extend(_steps(word))
        if len(steps) % 2 == 0 or any((s.text == ".") != bool(i % 2) for i, s in enumerate(steps)):
            raise AqlInvalid("A path of names cannot be read.")
        return tuple(steps[::2])

    def _compare(self) -> Compare:
        path = self._path()
        word = self._take()
        if word.kind == "sign" and word.text in ("=", "==", "!="):
            return Compare(path, word.text, (self._value(),))
        if word.says("LIKE", "STARTSWITH"):
            return Compare(path, word.text.upper(), (self._value(),))
        if word.says("IN"):
            return Compare(path, "IN", self._values())
        if word.says("NOT") and self._take_if("IN"):
            return Compare(path, "NOT IN", self._values())
        if word.says("IS"):
            return self._emptiness(path)
        raise AqlInvalid(f"Not an operator here: {word.text or 'the end'}")

    def _emptiness(self, path: tuple[Name, ...]) -> Compare:
        operator = "NOT EMPTY" if self._take_if("NOT") else "EMPTY"
        if not self._take_if("EMPTY"):
            raise AqlInvalid("EMPTY is missing after IS.")
        return Compare(path, operator)

    def _values(self) -> tuple[Value, ...]:
        if not self._take_sign("("):
            raise AqlInvalid("A list in brackets is missing after IN.")
        values = [self._value()]
        while self._take_sign(","):
            values.append(self._value())
        if not self._take_sign(")"):
            raise AqlInvalid("A closing bracket is missing after a list.")
        if len(values) > MOST_VALUES_IN:
            raise AqlInvalid(f"More than {MOST_VALUES_IN} values in a list.")
        return tuple(values)

    def _value(self) -> Value:
        word = self._take()
        if word.kind not in ("word", "text", "place"):
            raise AqlInvalid(f"A value is missing before: {word.text or 'the end'}")
        if word.kind == "word" and self._next.start == word.end and self._take_sign("("):
            if not self._take_sign(")"):
                raise AqlInvalid(f"{word.text}() takes nothing here.")
            return Value(word.text, "function")
        return Value(word.text, "place" if word.kind == "place" else "plain")


def _steps(word: Word) -> list[Name]:
    """The steps of one word, with a `.` between them; a quoted word is one step."""
    if word.kind == "text":
        return [Name(word.text, quoted=True)]
    pieces = word.text.split(".")
    steps: list[Name] = []
    for number, piece in enumerate(pieces):
        if number:
            steps.append(Name(".", quoted=False))
        if piece:
            steps.append(Name(piece, quoted=False))
    return steps
