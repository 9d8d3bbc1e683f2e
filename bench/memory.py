"""C12: what a run keeps in memory for each person, in a process of its own for each size."""

from __future__ import annotations

from bench.measure import SMALL, Figure, in_process

SIZES = (2_000, 20_000) if SMALL else (10_000, 200_000)
MEMBERSHIPS = 50_000 if SMALL else 400_000
_RUN = """
import sys
from app.imports.kinds.entries import Shape
from app.imports.kinds.table import PERSON
from app.imports.planning.known import KnownTable
from app.imports.planning.plan import Plan
from app.imports.kinds.records import person_of
from bench.import_world import EndlessDirectory
count = int(sys.argv[1])
directory, shape, link = EndlessDirectory(count), Shape(PERSON), None
plan = Plan({"person": KnownTable(count), "group": KnownTable()})
while True:
    page = directory.people(link, ())
    for row in page.value:
        shape.entry(reading := shape.reading(row, person_of(row.manager)))
        plan.see(shape, reading)
    link = page.next_link
    if link is None:
        break
print("peak", 1024 * int(next(x for x in open("/proc/self/status") if "VmHWM" in x).split()[1]))
"""
_MEMBERS = """
import sys
from app.imports.kinds.entries import key_of
from app.imports.planning.memberships import Memberships
count = int(sys.argv[1])
held = Memberships(["g"])
group = key_of("g")
for number in range(count):
    held.add(group, f"person-{number}", member=True)
print("peak", 1024 * int(next(x for x in open("/proc/self/status") if "VmHWM" in x).split()[1]))
"""


def figures() -> list[Figure]:
    few, many = (in_process(_RUN, str(size))["peak"] for size in SIZES)
    none, all_of_them = (in_process(_MEMBERS, str(size))["peak"] for size in (0, MEMBERSHIPS))
    sizes = f"{SIZES[0]:,} and {SIZES[1]:,} people"
    return [
        Figure("C12", "bytes a person, peak to peak", (many - few) / (SIZES[1] - SIZES[0]),
               "bytes", 64, note=f"{sizes}; with the allocator's spare room"),
        Figure("C12", "bytes a membership, peak to peak", (all_of_them - none) / MEMBERSHIPS,
               "bytes", 20, note="with the spare room of growing arrays"),
        Figure("C12", "the process with the fewer people", few / 2**20, "MiB", 250),
    ]  # fmt: skip
