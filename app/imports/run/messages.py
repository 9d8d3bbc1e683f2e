"""The message of a run: ids of ours, nothing else. Whatever else lies in a queue is dropped."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from app.words import Generation, InstanceId


@dataclass(frozen=True)
class RunMessage:
    instance: InstanceId
    generation: Generation
    run: str
    leg: int

    def packed(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


def read_message(message: str | bytes) -> RunMessage | None:
    """None for anything that is not a message of ours."""
    try:
        found = json.loads(message)
        texts = [found["instance"], found["generation"], found["run"]]
        leg = found["leg"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    # DynamoDB answers an empty key with an error, and such a message would come back for days.
    if not all(isinstance(each, str) and each for each in texts) or not isinstance(leg, int):
        return None
    return RunMessage(InstanceId(texts[0]), Generation(texts[1]), texts[2], leg)
