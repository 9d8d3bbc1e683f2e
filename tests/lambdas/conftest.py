"""The web app of the doors' tests, behind the function's door."""

from tests.doors.conftest import log_lines, world

__all__ = ["log_lines", "world"]
