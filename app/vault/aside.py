"""A call beside the present one. A thread for each: no pool that one slow site could fill."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def aside(call: Callable[[], T]) -> Future[T]:
    """Start the call in a thread of its own; what it gives or raises comes with `result()`."""
    coming: Future[T] = Future()

    def run() -> None:
        try:
            coming.set_result(call())
        except BaseException as error:  # noqa: BLE001 - handed to whoever asks for the result
            coming.set_exception(error)

    threading.Thread(target=run, name="vault", daemon=True).start()
    return coming
