"""C15: what importing costs before anything is done, beside a bare `import flask`."""

from __future__ import annotations

from statistics import median

from bench.measure import SMALL, Figure, in_process

ROUNDS = 3 if SMALL else 9
_COST = """
import sys, time
began = time.process_time()
{imports}
print("ms", (time.process_time() - began) * 1000)
print("mb", int(next(x for x in open("/proc/self/status") if "VmHWM" in x).split()[1]) / 1024)
strange = {{"msgraph", "aws_encryption_sdk", "moto", "sandbox", "tests", "bench"}}
print("heavy", sum(name.split(".")[0] in strange for name in sys.modules))
"""
WEB = "import app.doors.web, app.wiring.house"
VERIFY = "import app.callers.connect, app.callers.tokens, app.doors.guards"


def figures() -> list[Figure]:
    web, verify, flask = (_cost(code) for code in (WEB, VERIFY, "import flask"))
    return [
        Figure("C15", "web, import CPU", web["ms"], "ms", 380, note="this machine's, as it is now"),
        Figure("C15", "web / bare flask", web["ms"] / flask["ms"], "x", 3),
        Figure("C15", "web, memory", web["mb"], "MB", 75),
        Figure("C15", "verifying only, import CPU", verify["ms"], "ms", 230),
        Figure("C15", "modules that do not belong there", web["heavy"], "modules", 0),
    ]  # fmt: skip


def _cost(imports: str) -> dict[str, float]:
    rounds = [in_process(_COST.format(imports=imports)) for _ in range(ROUNDS)]
    return {name: median(each[name] for each in rounds) for name in rounds[0]}
