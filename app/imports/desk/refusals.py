"""What a start, a cancel or a release is refused with."""

from __future__ import annotations

from typing import Final

from app.said import Sentence

NOT_SET_UP: Final = Sentence("import.not_set_up", "The import is not set up completely.")
NO_CONSENT: Final = Sentence("import.no_consent", "The consent for reading Entra ID is missing.")
CONSENT_FIRST: Final = Sentence("first.consent", "Give the consent for reading Entra ID first.")
ACCOUNTS_OFF: Final = Sentence("import.accounts_off", "Linking Jira accounts is switched off.")
ACCOUNTS_FIRST: Final = Sentence("first.accounts", "Switch this on in the import's settings first.")
ANOTHER: Final = Sentence("import.another", "Another import is queued, running or braked.")
ENDED_ALREADY: Final = Sentence("import.ended", "This import has ended already.")
NOT_BRAKED: Final = Sentence("import.not_braked", "This import is not braked.")
PREVIEW_UNKNOWN: Final = Sentence("import.preview_unknown", "The preview is not known.")
NO_SUCH_PREVIEW: Final = Sentence(
    "import.no_such_preview", "There is no such preview that came to its end."
)
