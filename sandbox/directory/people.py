"""Invents people: mostly ordinary, some odd, each with an id of their own and a place in a tree."""

from random import Random
from typing import Any

from sandbox.directory import names
from sandbox.directory.cast import ADMINISTRATOR, CAST, DOMAIN, PARTNER_DOMAIN, cast_people
from sandbox.directory.oddities import CYCLE_NAMES, ODDITIES
from sandbox.directory.table import Table

USER_COLUMNS = (
    "id", "displayName", "givenName", "surname", "userPrincipalName", "mail", "mailNickname",
    "jobTitle", "department", "companyName", "officeLocation", "employeeId", "employeeType",
    "accountEnabled", "userType", "usageLocation", "mobilePhone", "businessPhones", "city",
    "country", "preferredLanguage", "createdDateTime", "deletedDateTime",
)  # fmt: skip
_REPORTS = 8  # people under one manager
_NO_PHONES: list[str] = []


def new_id(random: Random) -> str:
    """A random object id, version 4 as Entra's are."""
    number = random.getrandbits(128)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{'89ab'[number & 3]}{text[17:20]}-{text[20:]}"


def new_time(random: Random) -> str:
    """A moment between 2019 and 2025, as Graph writes it."""
    year, month, day = random.randrange(2019, 2026), random.randrange(12) + 1, random.randrange(28)
    return f"{year}-{month:02d}-{day + 1:02d}T{random.randrange(24):02d}:15:00Z"


def invent_people(table: Table, people: int, random: Random) -> None:
    """Fill `table` with the cast, then the odd ones, then ordinary people, `people` in all."""
    for member in cast_people():
        table.add(member)
    for number in range(len(CAST), people):
        ordinary = _ordinary(number, random)
        odd = number - len(CAST)
        table.add(_odd(ordinary, ODDITIES[odd]) if odd < len(ODDITIES) else ordinary)


def invent_managers(table: Table, random: Random) -> dict[str, str]:
    """Who reports to whom: a tree under the administrator, with gaps, and one cycle."""
    order = table.order
    managers: dict[str, str] = {}
    for number in range(1, len(order)):
        above = 0 if number < len(CAST) else (number - 1) // _REPORTS
        if number < len(CAST) or random.random() > 0.03:
            managers[order[number]] = order[above]
    managers.pop(ADMINISTRATOR.entra_id, None)
    ring = [one for one in order[:64] if table.value(one, "displayName") in CYCLE_NAMES]
    if len(ring) == len(CYCLE_NAMES):
        managers[ring[0]], managers[ring[1]] = ring[1], ring[0]
    return managers


def _odd(ordinary: dict[str, Any], oddity: dict[str, Any]) -> dict[str, Any]:
    """An oddity on a plain member: nothing else about them is left to chance."""
    address = f"{ordinary['mailNickname']}@{DOMAIN}"
    plain = {"userPrincipalName": address, "mail": address, "userType": "Member"}
    return {**ordinary, **plain, "employeeType": "Employee", "accountEnabled": True, **oddity}


def _ordinary(number: int, random: Random) -> dict[str, Any]:
    given = random.choice(names.GIVEN)
    family = random.choice(names.FAMILY_START) + random.choice(names.FAMILY_END)
    nick = f"u{number:06d}"
    guest = random.random() < 0.06
    home = PARTNER_DOMAIN if guest else DOMAIN
    return {
        "id": new_id(random),
        "displayName": f"{given} {family}",
        "givenName": given,
        "surname": family,
        "userPrincipalName": f"{nick}_{home}#EXT#@{DOMAIN}" if guest else f"{nick}@{DOMAIN}",
        "mail": _mail(nick, home, random),
        "mailNickname": nick,
        "companyName": None if guest else random.choice(names.COMPANIES),
        "employeeId": None if guest else f"E{number:06d}",
        "employeeType": "Contractor" if guest else "Employee",
        "userType": "Guest" if guest else "Member",
        **_workplace(random),
    }


def _workplace(random: Random) -> dict[str, Any]:
    office, city, country, code, language = random.choice(names.OFFICES)
    return {
        "jobTitle": random.choice(names.JOBS),
        "department": random.choice(names.DEPARTMENTS),
        "officeLocation": office,
        "accountEnabled": random.random() > 0.05,
        "usageLocation": code,
        "businessPhones": _NO_PHONES,
        "city": city,
        "country": country,
        "preferredLanguage": language,
        "createdDateTime": new_time(random),
    }


def _mail(nick: str, home: str, random: Random) -> str | None:
    chance = random.random()
    if chance < 0.04:
        return None
    return f"{nick}.alias@{home}" if chance < 0.07 else f"{nick}@{home}"
