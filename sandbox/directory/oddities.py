"""The people every importer trips over: markup in names, no mail, no manager, one name twice.

Each is a change to an ordinary person; a value of None is one that was never set.
"""

from typing import Any

from sandbox.directory.cast import DOMAIN, PARTNER_DOMAIN

TWINS_NAME = "Lena Lindenbach"
CYCLE_NAMES = ("Ring Eins", "Ring Zwei")

ODDITIES: tuple[dict[str, Any], ...] = (
    {"displayName": "<b>Bold</b> Bilke <script>alert(1)</script>", "givenName": "<b>Bold</b>"},
    {"displayName": 'Quote "Q" Back\\slash d\'Arc', "surname": "d'Arc"},
    {"displayName": "يوسف الأخضر", "givenName": "يوسف", "surname": "الأخضر"},
    {"displayName": "林 梅雨", "givenName": "梅雨", "surname": "林"},
    {"displayName": "Party 🎉 Öztürk\u200d🦊", "givenName": "Party 🎉"},
    {"displayName": "=SUM(A1:A9)+cmd", "jobTitle": '@formula, "tester"\nsecond line'},
    {"displayName": "Rechts \u202eskniL", "department": " leading and trailing "},
    {"displayName": TWINS_NAME, "givenName": "Lena", "surname": "Lindenbach"},
    {"displayName": TWINS_NAME, "givenName": "Lena", "surname": "Lindenbach"},
    {"displayName": "Nomail Nebelrand", "mail": None},
    {"displayName": "Lower Case Mail", "mail": f"LOWER.Case@{DOMAIN.upper()}"},
    {"displayName": "Other Mail Moorsee", "mail": f"first.last@{PARTNER_DOMAIN}"},
    {"displayName": "Disabled Distelholt", "accountEnabled": False},
    {
        "displayName": "Guest Glenmore",
        "userType": "Guest",
        "userPrincipalName": f"guest.glenmore_{PARTNER_DOMAIN}#EXT#@{DOMAIN}",
        "mail": f"guest.glenmore@{PARTNER_DOMAIN}",
        "department": None,
        "employeeId": None,
        "companyName": None,
    },
    {
        "displayName": "Bare Brück",
        "givenName": None,
        "surname": None,
        "mail": None,
        "jobTitle": None,
        "department": None,
        "companyName": None,
        "officeLocation": None,
        "employeeId": None,
        "city": None,
        "country": None,
        "businessPhones": [],
    },
    {"displayName": CYCLE_NAMES[0], "department": "Wind Tunnel", "officeLocation": "Cork"},
    {"displayName": CYCLE_NAMES[1], "department": " WIND tunnel ", "officeLocation": "cork"},
    {"displayName": "L" + "a" * 250 + "ng", "officeLocation": "Floor " + "9" * 300},
)
