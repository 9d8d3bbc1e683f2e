"""A plain stand-in for Jira's own pages: it frames the app's pages as Jira does."""

from sandbox.frame.mount import CONNECT_SCRIPT, HOME, mount

__all__ = ["CONNECT_SCRIPT", "HOME", "mount"]
