"""The instance id: ours, derived, the same for the same installation, and telling nothing."""

from __future__ import annotations

import hashlib

from app.words import Door, InstanceId


def instance_id(door: Door, app_key: str, environment: str, site_key: str) -> InstanceId:
    """32 hex digits from door, app key, environment and client key (Connect) or cloud id (Forge).

    Each piece goes in with its length, so that no two different inputs hash the same text.
    """
    digest = hashlib.sha256(b"my-assets instance id 1")
    for piece in (door, app_key, environment, site_key):
        encoded = piece.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return InstanceId(digest.hexdigest()[:32])
