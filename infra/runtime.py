"""What the functions run on, said once: the package is built for it and the template names it."""

from __future__ import annotations

from typing import Final

PYTHON: Final = (3, 11)  # the version that the gate tests; supported on Lambda until 30 June 2027
NAME: Final = f"python{PYTHON[0]}.{PYTHON[1]}"
ARCHITECTURE: Final = "x86_64"
UNZIPPED_BUDGET: Final = 60 * 1000 * 1000  # bytes, C15 of the benchmarks
