"""The trust page of this deployment, with the receipts' public key as the key service gives it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from app.errors import AppError
from app.goodbye.receipts import Signer
from app.goodbye.trust import trust_page
from app.outside.aws.kms_signing import KmsSigner
from app.settings import Settings
from app.wiring.clock import utc_now
from app.words import Clock, Json

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_NOT_AGAIN: Final = timedelta(minutes=1)


class ReceiptsKey:
    """The public key, asked once. Anybody may open the page: a failure is not asked again soon."""

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self._signer = signer
        self._clock = clock
        self._not_before: datetime | None = None
        self._lock = threading.Lock()

    def pem(self) -> str | None:
        """None: the key service does not answer at the moment."""
        with self._lock:
            if self._not_before is not None and self._clock() < self._not_before:
                return None
            try:
                return self._signer.public_key().pem
            except AppError:
                self._not_before = self._clock() + _NOT_AGAIN
                return None


def trust_of(settings: Settings, kms: KMSClient) -> Callable[[], Json]:
    """Makes the page at each call."""
    key = ReceiptsKey(KmsSigner(kms, settings.receipt_key_id), utc_now)
    return lambda: trust_page(
        role_split=settings.queue_url is not None,
        region=settings.aws_region,
        receipts_key=key.pem(),
    )
