"""C11: Graph's bytes to a chunk's bytes, compared on the way, against json.loads of the same."""

from __future__ import annotations

import json

import msgspec

from app.imports.assets.chunks import chunk, encode
from app.imports.kinds.entries import Shape
from app.imports.kinds.records import PersonRow, RowPage, person_of
from app.imports.kinds.table import PERSON
from app.imports.planning.known import KnownTable
from app.imports.planning.plan import Plan
from bench.measure import SMALL, Figure, times

PEOPLE = 2_000 if SMALL else 20_000
PAGE = 999


def _pages() -> list[bytes]:
    """Pages of the size and with the attributes of B4."""
    people = [_person(number) for number in range(PEOPLE)]
    slices = (people[start : start + PAGE] for start in range(0, PEOPLE, PAGE))
    return [json.dumps({"@odata.context": "x", "value": page}).encode() for page in slices]


def _person(number: int) -> dict[str, object]:
    name = f"Example Person {number}"
    return {
        "id": f"{number:08x}-0000-4000-8000-0123456789ab",
        "displayName": name, "givenName": "Example", "surname": f"Person {number}",
        "mail": f"person{number}@contoso.example",
        "userPrincipalName": f"person{number}@contoso.example",
        "jobTitle": "Senior Engineer of Things", "department": f"Department {number % 50}",
        "companyName": "Contoso Example AG", "officeLocation": f"House {number % 20}",
        "employeeId": f"E{number:07}", "accountEnabled": True, "userType": "Member",
        "city": "Zürich", "country": "Switzerland", "mobilePhone": "+41 44 555 01 00",
        "usageLocation": "CH", "preferredLanguage": "de-CH",
        "manager@delta": [{"@odata.type": "#microsoft.graph.user",
                           "id": f"{number // 8:08x}-0000-4000-8000-0123456789ab"}],
    }  # fmt: skip


def _mapped(pages: list[bytes], plan: Plan | None = None) -> int:
    """As a full run does it: decode, turn, digest, compare with a plan, encode, 500 a chunk."""
    decoder, shape = msgspec.json.Decoder(RowPage[PersonRow]), Shape(PERSON)
    waiting, sent = [], 0
    for body in pages:
        for row in decoder.decode(body).value:
            reading = shape.reading(row, person_of(row.manager))
            if plan is None or plan.see(shape, reading):
                waiting.append(("people", encode(shape.entry(reading))))
            if len(waiting) == 500:
                sent += len(chunk("run-0001", waiting))
                waiting.clear()
    return sent


def figures() -> list[Figure]:
    pages = _pages()

    def floor() -> None:
        for page in pages:
            json.loads(page)

    def whole() -> int:
        return _mapped(pages, Plan({"person": KnownTable(), "group": KnownTable()}))

    what, note = "import CPU / json.loads of the same pages", f"{PEOPLE:,} people, all of them new"
    return [
        Figure("C11", what, times(lambda: _mapped(pages), floor, 9), "x", 1.2, note=note),
        Figure("C11", f"{what}, with the plan", times(whole, floor, 9), "x"),
    ]
