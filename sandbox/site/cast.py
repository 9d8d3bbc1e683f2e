"""Who is on a sandbox site from the start: an administrator, three employees, a customer."""

from dataclasses import dataclass

from sandbox.site.people import People, User

# Account id, display name, e-mail address.
_ADMINISTRATOR = (
    "557058:00000000-0000-4000-8000-000000000001",
    "Ada Adminson",
    "ada.adminson@example.com",
)
_EMPLOYEES = (
    ("712020:00000000-0000-4000-8000-000000000011", "Mika Berg", "mika.berg@example.com"),
    ("712020:00000000-0000-4000-8000-000000000012", "Zoë O'Neill", "zoe.oneill@example.com"),
    ("712020:00000000-0000-4000-8000-000000000013", "Łukasz Żak", "lukasz.zak@example.com"),
)
_CUSTOMER = (
    "qm:00000000-0000-4000-8000-000000000021:1",
    "Petra Portal",
    "petra.portal@example.org",
)


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
    admin = User(*_ADMINISTRATOR, groups=everyone | {people.administrators})
    customer = User(*_CUSTOMER, account_type="customer")
    people.put(admin)
    people.add_all(_EMPLOYEES)
    people.put(customer)
    ids = (_EMPLOYEES[0][0], _EMPLOYEES[1][0], _EMPLOYEES[2][0])
    token = people.issue_token(admin.account_id)
    return Cast(admin.account_id, ids, customer.account_id, token)
