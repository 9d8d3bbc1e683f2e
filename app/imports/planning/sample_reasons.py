"""Why a sampled record is planned as it is: codes, and a plain sentence for each."""

from __future__ import annotations

from typing import Final

from app.imports.planning.samples import Sample

REASONS: Final[dict[str, str]] = {
    "new": "Not in Assets yet.",
    "changed": "Assets holds other values.",
    "gone_kept": "No longer in Entra ID. The settings say to change nothing.",
    "gone_marked": "No longer in Entra ID. It would be marked as left.",
    "gone_deleted": "Entra ID can no longer restore it. It would be deleted.",
    "filtered_kept": "The filter leaves it out. The settings say to change nothing.",
    "filtered_marked": "The filter leaves it out. It would be marked as left.",
    "filtered_deleted": "The filter has left it out for 30 days. It would be deleted.",
    "guest": "A guest, and guests are left out.",
    "disabled": "A disabled account, and these are left out.",
    "not_in_groups": "In none of the groups that the filter names.",
    "restricted": "The settings list it as restricted: nothing is read into Assets or changed.",
    "not_managed": "Intune does not manage it, and only managed devices are asked for.",
}


def sentence(sample: Sample) -> str:
    """The reason in plain words, with the attributes it is about."""
    told = [REASONS.get(sample.code, "")]
    other = [name for name in sample.changes if name not in sample.clears]
    if other:
        told.append(f"Changed: {', '.join(other)}.")
    if sample.clears:
        told.append(f"Emptied: {', '.join(sample.clears)}.")
    return " ".join(filter(None, told))
