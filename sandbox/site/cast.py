"""Who is on a sandbox site from the start: an administrator, three employees, a customer."""

from dataclasses import dataclass

from sandbox.site.people import People, User


@dataclass(frozen=True)
class Cast:
    """Account ids by part; `admin_token` is the administrator's API token."""

    administrator: str
    employees: tuple[str, str, str]
    customer: str
    admin_token: str


def demo_cast(people: People) -> Cast:
    """Put the usual people on a site."""
    everyone = frozenset({people.everyone})
    admin = people.put(
        User(
            "557058:00000000-0000-4000-8000-000000000001",
            "Ada Adminson",
            "ada.adminson@example.com",
            groups=everyone | {people.administrators},
        )
    )
    employees = (
        ("712020:00000000-0000-4000-8000-000000000011", "Mika Berg", "mika.berg@example.com"),
        ("712020:00000000-0000-4000-8000-000000000012", "Zoë O'Neill", "zoe.oneill@example.com"),
        ("712020:00000000-0000-4000-8000-000000000013", "Łukasz Żak", "lukasz.zak@example.com"),
    )
    people.add_all(employees)
    customer = people.put(
        User(
            "qm:00000000-0000-4000-8000-000000000021:1",
            "Petra Portal",
            "petra.portal@example.org",
            account_type="customer",
        )
    )
    ids = (employees[0][0], employees[1][0], employees[2][0])
    token = people.issue_token(admin.account_id)
    return Cast(admin.account_id, ids, customer.account_id, token)
