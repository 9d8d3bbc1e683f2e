"""One probe a part: asks the services whether what was entered works, and stores nothing.

A probe gives findings. A service that cannot be reached raises, so that nothing is saved unseen.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from app.site_settings.documents import PartName
from app.site_settings.findings import Probed
from app.site_settings.probes.assets_access import probe_assets_access
from app.site_settings.probes.entra import probe_entra
from app.site_settings.probes.import_source import probe_import
from app.site_settings.probes.question import Question
from app.site_settings.probes.requests import probe_requests
from app.site_settings.probes.visibility import probe_visibility

Probe = Callable[[Question], Probed]


def nothing_to_probe(_: Question) -> Probed:
    """Consent and the Encryption String are what the administrator says they are."""
    return Probed()


PROBES: Final[Mapping[PartName, Probe]] = MappingProxyType(
    {
        "assets-access": probe_assets_access,
        "entra": probe_entra,
        "encryption-string": nothing_to_probe,
        "import": probe_import,
        "visibility": probe_visibility,
        "requests": probe_requests,
        "consent": nothing_to_probe,
    }
)
