"""A stand-in for JSM Assets: one workspace with objects, AQL and external imports."""

from sandbox.assets.cloud import AssetsCloud
from sandbox.assets.import_sources import ImportSource

__all__ = ["AssetsCloud", "ImportSource"]
