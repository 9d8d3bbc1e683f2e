"""STS, as far as a vendor command asks it. `gone`: there is none."""

from __future__ import annotations

from typing import Final

from botocore.exceptions import EndpointConnectionError

ANNA: Final = "arn:aws:sts::111122223333:assumed-role/vendor/anna"


class Whoami:
    def __init__(self, *, gone: bool = False) -> None:
        self._gone = gone

    def get_caller_identity(self) -> dict[str, str]:
        if self._gone:
            raise EndpointConnectionError(endpoint_url="https://sts.example.com")
        return {"Arn": ANNA}
