"""The people of the demo, the same for every seed: one administrator, three employees.

The stand-in Jira site has an account for each of them, found by `email`.
"""

from dataclasses import dataclass
from typing import Any

DOMAIN = "contoso.example"
PARTNER_DOMAIN = "partner.example"


@dataclass(frozen=True)
class CastDevice:
    """A device of a cast member: its Entra object id, device id, name, serial and make."""

    entra_id: str
    device_id: str
    name: str
    serial: str
    manufacturer: str
    model: str
    operating_system: str
    version: str


@dataclass(frozen=True)
class CastMember:
    """`email` is the mail in Entra and the address of the Jira account; `role` is for the demo."""

    role: str
    email: str
    display_name: str
    entra_id: str
    user_principal_name: str
    job_title: str
    department: str
    devices: tuple[CastDevice, ...]


def _device(number: int, name: str, serial: str, make: tuple[str, str, str, str]) -> CastDevice:
    object_id = f"de71ce00-0000-4000-8000-{number:012x}"
    return CastDevice(object_id, f"0de71ce0-0000-4000-9000-{number:012x}", name, serial, *make)


_NOTEBOOK = ("Fabrikam", "Nimbus 14", "Windows", "10.0.26100.2033")
_MACBOOK = ("Northwind", "Slate Pro 16", "MacMDM", "15.1")
_PHONE = ("Tailspin", "Pebble 9", "IPhone", "18.1.1")
_ANDROID = ("Adatum", "Comet 5", "AndroidForWork", "15")

ADMINISTRATOR = CastMember(
    "administrator",
    f"ines.kaltbrunn@{DOMAIN}",
    "Ines Kaltbrunn",
    "ca570000-0000-4000-8000-000000000001",
    f"ines.kaltbrunn@{DOMAIN}",
    "Head of Workplace IT",
    "IT",
    (_device(1, "NB-INES-01", "FKN14-000001", _NOTEBOOK),),
)

CAST: tuple[CastMember, ...] = (
    ADMINISTRATOR,
    CastMember(
        "employee",
        f"joerg.oehlmann@{DOMAIN}",
        "Jörg Öhlmann",
        "ca570000-0000-4000-8000-000000000002",
        f"joerg.oehlmann@{DOMAIN}",
        "Field Engineer",
        "Engineering",
        (
            _device(2, "NB-JOERG-01", "FKN14-000002", _NOTEBOOK),
            _device(3, "Jörgs iPhone", "TSP9-000003", _PHONE),
        ),
    ),
    CastMember(
        "employee",
        f"maeve.oshara@{DOMAIN}",
        "Maeve O'Shara",
        "ca570000-0000-4000-8000-000000000003",
        f"m.oshara@{DOMAIN}",  # mail and user principal name differ: mail is the address
        "Account Lead",
        "Sales & Marketing",
        (
            _device(4, "MB-MAEVE-01", "NWS16-000004", _MACBOOK),
            _device(5, "Maeve's phone", "ADC5-000005", _ANDROID),
            _device(6, "NB-SPARE-07", "FKN14-000006", _NOTEBOOK),
        ),
    ),
    CastMember(
        "employee",
        f"samir.elbaz@{DOMAIN}",
        "Samir Elbaz",
        "ca570000-0000-4000-8000-000000000004",
        f"samir.elbaz@{DOMAIN}",
        "Junior Accountant",
        "Finance",
        (),  # owns nothing: the empty state of the page
    ),
)


_WORKPLACE: dict[str, Any] = {
    "companyName": "Contoso Example AG",
    "officeLocation": "Zürich / Haus 2",
    "employeeType": "Employee",
    "accountEnabled": True,
    "userType": "Member",
    "usageLocation": "CH",
    "city": "Zürich",
    "country": "Switzerland",
    "preferredLanguage": "de-CH",
    "businessPhones": ["+41 44 555 01 00"],
    "createdDateTime": "2021-03-01T08:00:00Z",
}


def cast_people() -> list[dict[str, Any]]:
    """The cast as Graph user properties."""
    return [
        {
            "id": member.entra_id,
            "displayName": member.display_name,
            "givenName": member.display_name.split()[0],
            "surname": member.display_name.split()[-1],
            "userPrincipalName": member.user_principal_name,
            "mail": member.email,
            "mailNickname": member.user_principal_name.split("@")[0],
            "jobTitle": member.job_title,
            "department": member.department,
            "employeeId": f"E{number:06d}",
            **_WORKPLACE,
        }
        for number, member in enumerate(CAST, start=1)
    ]
