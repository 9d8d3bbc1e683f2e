"""What a probe is asked: the form, its secret, what is stored, and how to reach the services."""

from __future__ import annotations

from dataclasses import dataclass

from app.instances.reference import InstanceReference
from app.site_settings.documents import Document
from app.site_settings.ports import Outside
from app.site_settings.reading import SettingsReader
from app.site_settings.stored import StoredPart
from app.words import Secret


@dataclass(frozen=True)
class Question:
    """`secret` is the one to probe; None where a stored one is kept that the web cannot open."""

    instance: InstanceReference
    rules: Document
    secret: Secret | None
    stored: StoredPart | None
    reader: SettingsReader
    outside: Outside
