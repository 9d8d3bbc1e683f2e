"""A made-up Entra directory: people, groups, devices and what changed. It knows no HTTP."""

from sandbox.directory.cast import ADMINISTRATOR, CAST, DOMAIN, CastDevice, CastMember
from sandbox.directory.changing import NotInDirectory
from sandbox.directory.directory import Directory
from sandbox.directory.generation import generate
from sandbox.directory.loading import load

__all__ = [
    "ADMINISTRATOR",
    "CAST",
    "DOMAIN",
    "CastDevice",
    "CastMember",
    "Directory",
    "NotInDirectory",
    "generate",
    "load",
]
