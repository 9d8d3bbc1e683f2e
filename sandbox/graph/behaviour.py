"""The switches of the Graph stand-in: sizes that Graph chooses, and moods a test may set."""

from dataclasses import dataclass


@dataclass
class Behaviour:
    """Defaults are what the documents say; where they are silent, what is hardest for a client."""

    list_page: int = 100  # without $top
    largest_page: int = 999
    expanded_page: int = 100  # $expand caps a page of directory objects (known issue 13635)
    expanded_items: int = 20  # at most so many registered owners in an $expand
    managed_page: int = 1000  # not confirmed by Microsoft's text
    delta_page: int = 200  # Graph chooses it; not confirmed
    members_per_page: int = 500  # members@delta in one page; not confirmed
    empty_pages: bool = True  # every fifth delta page, from the second on, is empty
    repeated_objects: bool = True  # each further delta page starts with the last object again
    replayed_changes: int = 0  # so many of the changes before a later round come again in it
    owners_tell_devices: bool = True  # whether a change of owners alone tells of a device: NC
    removed_in_first_round: bool = True  # soft-deleted people show as @removed at once
    delta_days: int = 7
    expired_delta: int = 410  # 410 with Location, or 400 with syncStateNotFound
    delta_generation: int = 0  # raise it to make every delta link so far too old
    next_links_to: str | None = None  # scheme://host of another machine, for every next link
    intune_licensed: bool = True
    shuffled_batch: bool = True
    throttled_batch_status: int = 200  # the throttling page says 424 where items were throttled
    units_per_ten_seconds: int | None = None  # a resource unit budget; None = no end
