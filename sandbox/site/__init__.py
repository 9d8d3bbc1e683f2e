"""A stand-in Jira site."""

from sandbox.site.install_keys import InstallKeys
from sandbox.site.lifecycle import InstallRefused
from sandbox.site.people import People, User
from sandbox.site.site import Site

__all__ = ["InstallKeys", "InstallRefused", "People", "Site", "User"]
