"""A stand-in for Forge: it installs the app, calls it, answers it and shows its pages."""

from sandbox.forge.manifest import Manifest, ManifestRefused, read_manifest
from sandbox.forge.platform import Forge
from sandbox.forge.remote import Delivery

__all__ = ["Delivery", "Forge", "Manifest", "ManifestRefused", "read_manifest"]
