"""What every answer of the Graph stand-in is made from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.directory import Directory
from sandbox.graph.behaviour import Behaviour
from sandbox.graph.links import Links


@dataclass
class Stage:
    """The directory, the moods, the links and the sandbox's clock."""

    directory: Directory
    behaviour: Behaviour
    clock: Callable[[], datetime]
    links: Links = field(default_factory=Links)

    def address(self, path: str, query: str) -> str:
        """A next or delta link; another host's when a test wants to see it refused."""
        return self.links.address(path, query, host=self.behaviour.next_links_to)

    def context(self, path: str, names: tuple[str, ...] | None) -> str:
        """The `@odata.context` of an answer."""
        selected = f"({','.join(names)})" if names else ""
        return f"{self.links.base_url}/v1.0/$metadata#{path}{selected}"
