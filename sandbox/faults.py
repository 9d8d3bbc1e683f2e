"""What can go wrong on the way to an answer, as data; the server kit carries it out."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """What happens instead of an answer: `raw`, `cut`, `drop`, `lost`, `late` or `hang`."""

    kind: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0

    @classmethod
    def refuse(
        cls, status: int, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> "Fault":
        """A status with a JSON body."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        return cls("raw", status, sent, json.dumps(body if body is not None else {}).encode())

    @classmethod
    def too_many(cls, retry_after: str = "1") -> "Fault":
        """429; `retry_after` is seconds or an HTTP date, empty for none."""
        return cls.refuse(
            429, {"message": "rate limited"}, {"Retry-After": retry_after} if retry_after else {}
        )

    @classmethod
    def html(cls, status: int = 200) -> "Fault":
        """An HTML page where JSON belongs, as a proxy in front of a service sends it."""
        return cls(
            "raw",
            status,
            {"Content-Type": "text/html"},
            b"<!DOCTYPE html><title>Oops</title><p>Oops",
        )

    @classmethod
    def broken_json(cls, status: int = 200) -> "Fault":
        """JSON that stops in the middle, with a length that says it is whole."""
        return cls("raw", status, {"Content-Type": "application/json"}, b'{"values":[{"id":')

    @classmethod
    def redirect(cls, location: str, status: int = 302) -> "Fault":
        """A redirect to anywhere."""
        return cls("raw", status, {"Location": location})

    @classmethod
    def cut(cls) -> "Fault":
        """Half an answer, then the connection is gone; the call had no effect."""
        return cls("cut")

    @classmethod
    def drop(cls) -> "Fault":
        """No answer at all, the connection is closed; the call had no effect."""
        return cls("drop")

    @classmethod
    def lost_answer(cls) -> "Fault":
        """The call is carried out, its answer is lost."""
        return cls("lost")

    @classmethod
    def late(cls, seconds: float) -> "Fault":
        """The right answer, after a while."""
        return cls("late", seconds=seconds)

    @classmethod
    def hang(cls, seconds: float = 30.0) -> "Fault":
        """Silence for a while, then the connection is closed; ends early when the service stops."""
        return cls("hang", seconds=seconds)


@dataclass
class Armed:
    method: str
    path: re.Pattern[str]
    fault: Fault
    skip: int
    times: int

    def takes(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in ("*", method) and bool(self.path.fullmatch(path))
