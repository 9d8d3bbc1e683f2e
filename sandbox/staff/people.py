"""The vendor's staff as their provider knows them."""

from dataclasses import dataclass

VIEWERS = "desk-viewers"
AUDITORS = "desk-auditors"


@dataclass(frozen=True)
class Member:
    """`subject` is the provider's own name for them; `plays` is what a page says about them."""

    subject: str
    name: str
    email: str
    groups: tuple[str, ...]
    plays: str


STAFF = {
    each.subject: each
    for each in (
        Member("8b1f6c1e-vera", "Vera Winter", "vera.winter@vendor.example",
               ("everybody", VIEWERS), "looks at instances"),
        Member("27d0a94b-anton", "Anton Sommer", "anton.sommer@vendor.example",
               ("everybody", AUDITORS), "looks at receipts, too"),
        Member("c4e83f52-nele", "Nele Herbst", "nele.herbst@vendor.example",
               ("everybody", "sales"), "belongs to no group of the desk"),
    )
}  # fmt: skip
