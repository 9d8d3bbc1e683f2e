"""One delta round: where it stands, as it travels in the links, and how old it may be."""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from sandbox.graph.errors import GraphError, bad_request
from sandbox.graph.resources import Resource
from sandbox.graph.stage import Stage


@dataclass(frozen=True)
class Round:
    """`since` is a moment of the journal, None for the first round; `until` is where it ends.

    `place` counts objects, `member` the members already given of the group at that place.
    """

    path: str
    names: tuple[str, ...] | None
    ids: tuple[str, ...] | None
    since: int | None
    until: int
    generation: int
    issued: float
    place: int = 0
    member: int = 0
    page: int = 0
    done: bool = False  # the token is a delta link: the next call starts a round after it

    def token(self, stage: Stage) -> str:
        """The sealed form."""
        return stage.links.seal(asdict(self))


def opened(stage: Stage, resource: Resource, token: str, *, done: bool) -> Round:
    """The round of a token. Raises GraphError: not ours, of another query, or too old."""
    sealed: dict[str, Any] = stage.links.open(token)
    if sealed.get("path") != resource.path or sealed.get("done") is not done:
        raise bad_request("The token does not belong to this delta query.")
    for name in ("names", "ids"):
        sealed[name] = None if sealed[name] is None else tuple(sealed[name])
    found = Round(**sealed)
    age = stage.clock().timestamp() - found.issued
    if age > timedelta(days=stage.behaviour.delta_days).total_seconds() or (
        found.generation != stage.behaviour.delta_generation
    ):
        raise _too_old(stage, found)
    return found


def following(stage: Stage, last: Round) -> Round:
    """The round that a delta link starts: what changed after the last one."""
    until = stage.directory.journal.now
    return replace(last, since=last.until, until=until, place=0, member=0, page=0, done=False)


def _too_old(stage: Stage, found: Round) -> GraphError:
    message = "The sync state generation is not found; a full synchronization is needed."
    if stage.behaviour.expired_delta != 410:
        return GraphError(stage.behaviour.expired_delta, "syncStateNotFound", message)
    selected = f"&$select={','.join(found.names)}" if found.names else ""
    again = stage.links.address(f"{found.path}/delta", f"$deltatoken={selected}")
    return GraphError(410, "resyncRequired", message, {"Location": again})
