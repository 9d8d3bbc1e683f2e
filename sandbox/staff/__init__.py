"""A stand-in identity provider for the vendor's staff: OpenID Connect, code and PKCE, two factors.

It enforces what a real one does, and can be told to misbehave.
"""

from sandbox.staff.people import AUDITORS, STAFF, VIEWERS, Member
from sandbox.staff.provider import Client, StaffProvider

__all__ = ["AUDITORS", "STAFF", "VIEWERS", "Client", "Member", "StaffProvider"]
