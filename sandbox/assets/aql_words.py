"""AQL read into words: names, quoted text, operators, brackets. It knows no grammar."""

import re
from dataclasses import dataclass


class AqlInvalid(Exception):
    """The query is not valid; the whole of it is refused."""


@dataclass(frozen=True)
class Word:
    """One word. `kind`: text (quoted), word, place (`${...}`), sign, end."""

    kind: str
    text: str
    start: int
    end: int

    def says(self, *keywords: str) -> bool:
        """Whether this is one of these keywords, unquoted, in any case."""
        return self.kind == "word" and self.text.upper() in keywords


_PATTERN = re.compile(
    r"""(?P<space>\s+)
      | (?P<text>"(?:\\.|[^"\\])*")
      | (?P<place>\$\{[^}]*\})
      | (?P<sign>==|!=|<=|>=|[=<>(),])
      | (?P<word>[^\s"(),=!<>]+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def read_words(query: str) -> list[Word]:
    """The words of a query, ended by one of kind `end`. Raises AqlInvalid."""
    words: list[Word] = []
    at = 0
    while at < len(query):
        found = _PATTERN.match(query, at)
        if found is None:
            raise AqlInvalid(f"The query cannot be read from position {at}.")
        kind = str(found.lastgroup)
        if kind != "space":
            words.append(Word(kind, _plain(kind, found.group()), at, found.end()))
        at = found.end()
    words.append(Word("end", "", at, at))
    return words


def quoted(value: str) -> str:
    """A value in quotation marks, as `${locator}` is replaced with."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _plain(kind: str, text: str) -> str:
    if kind == "text":
        return _ESCAPE.sub(r"\1", text[1:-1])
    return text[2:-1] if kind == "place" else text
